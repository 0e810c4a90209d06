import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readEvents } from '../faults/read-log.ts';

/** Events by auditID and stage, and how often each is there. */
export interface EventSet {
  readonly seen: ReadonlyMap<string, number>;
  readonly stubs: number;
}

const keyOf = ({ auditID, stage }: { readonly auditID?: string; readonly stage?: string }): string => `${auditID} ${stage}`;

/** What an agent has in its events log. */
export const eventsOfLog = (directory: string): Promise<EventSet> => readEvents(path.dirname(directory), keyOf);

/** What kube-apiserver itself wrote: its audit log, rotated files too. */
export function eventsOfAuditLog(file: string): ReadonlySet<string> {
  const { dir, name } = path.parse(file);
  const files = readdirSync(dir).filter((one) => one.startsWith(name) && one.endsWith('.log'));
  const lines = files.flatMap((one) => readFileSync(path.join(dir, one), 'utf8').split('\n'));
  return new Set(lines.filter((line) => line !== '').map((line) => keyOf(JSON.parse(line) as { auditID?: string })));
}

/** Waits until the log holds everything of the audit log but so many; gives up when it no longer grows for so long. */
export async function settled(directory: string, auditLog: string, but: number, quietMs = 120_000): Promise<Settled> {
  let set = await eventsOfLog(directory);
  let wanted = eventsOfAuditLog(auditLog);
  for (let quietSinceMs = Date.now(); missingFrom(set, wanted).length > but; wanted = eventsOfAuditLog(auditLog)) {
    if (Date.now() - quietSinceMs > quietMs) break;
    await sleep(1_000);
    const next = await eventsOfLog(directory);
    if (next.seen.size !== set.seen.size) quietSinceMs = Date.now();
    set = next;
  }
  return { set, wanted };
}

export interface Settled {
  readonly set: EventSet;
  /** What it was compared with: kube-apiserver goes on writing. */
  readonly wanted: ReadonlySet<string>;
}

export function missingFrom({ seen }: EventSet, wanted: ReadonlySet<string>): readonly string[] {
  return [...wanted].filter((key) => !seen.has(key));
}
