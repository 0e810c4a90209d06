import type { Finding } from '../core/finding.ts';
import { builtinRules } from '../findings/builtin.ts';
import type { LogEntry } from '../log/record-encoder.ts';
import { type OwnFindingPlace, ownFinding } from './say-findings.ts';

/** Pseudonyms that a finding names at most. */
const namedAtMost = 32;

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? 'unknown' : JSON.stringify(value);

/** A finding for each note that says that originals were unmasked: it is what somebody else must see. */
export function unmaskFindings(entries: readonly LogEntry[], place: OwnFindingPlace): readonly Finding[] {
  return entries.flatMap((entry) => {
    if (entry.type !== 'note' || entry.value['note'] !== 'unmasked') return [];
    const { at, by, reason, request, approver, pseudonyms } = entry.value;
    const named = Array.isArray(pseudonyms) ? pseudonyms.map(textOf) : [];
    const evidence = {
      'unmask.by': [textOf(by)],
      'unmask.approvedBy': [textOf(approver)],
      'unmask.reason': [textOf(reason)],
      'unmask.pseudonyms': named.slice(0, namedAtMost),
      'unmask.values': [String(named.length)],
    };
    return [ownFinding(builtinRules.unmask, `unmask ${textOf(request)} ${textOf(at)}`, evidence, place)];
  });
}
