import type { KeyRing } from '../crypto/key-ring.ts';
import { Checking, type CheckResult } from './check-result.ts';

const dayMs = 86_400_000;
/** A key in use for longer than this should be rotated: SECURITY.md says why. */
const oldDays = 366;

/** The keys behind pseudonyms: which epoch is in force since when, and when the next one begins. */
export function checkKeys(keyRing: KeyRing, nowMs: number): CheckResult {
  const checking = new Checking('key');
  const inForce = keyRing.list(nowMs).find(({ id }) => id === keyRing.at(nowMs).keyId);
  const from = inForce?.from ?? '';
  const text = `epoch ${inForce?.id} since ${from.slice(0, 10)}, group ${keyRing.clusterGroup}`;
  const nextMs = keyRing.nextChangeMs(nowMs);
  if (Date.parse(from) > nowMs)
    return checking.failed(
      `${text}: it begins in the future`,
      'Compare the clock of this machine with the one that made the key.',
    );
  if (nowMs - Date.parse(from) > oldDays * dayMs && nextMs === undefined)
    return checking.warning(`${text}: more than a year`, 'Rotate it: auditveil keys rotate (docs/keys.md).');
  return checking.ok(nextMs === undefined ? text : `${text}; the next begins ${new Date(nextMs).toISOString().slice(0, 10)}`);
}
