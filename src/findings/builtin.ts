import type { RuleInfo, Severity } from '../core/finding.ts';
import { type MaskedRecord, recordFlags } from '../core/record.ts';

function builtin(id: string, name: string, severity: Severity, tags: readonly string[]): RuleInfo {
  return { id: `auditveil.${id}`, name, severity, author: 'Auditveil', licence: 'Apache-2.0', tags, covers: [] };
}

const stub = 'Event could not be masked and was replaced by a stub';

/** Findings about what inspection saw, not about what a rule asks. The ids are stable. */
export const builtinRules = {
  stub: builtin('stub', stub, 'medium', ['attack.defense-evasion']),
  /** The same rule: what changes the cluster must not hide behind an event nobody can read. */
  stubWrites: builtin('stub', stub, 'high', ['attack.defense-evasion']),
  duplicateKeys: builtin('duplicate-keys', 'Event with the same key twice in one object', 'medium', ['attack.defense-evasion']),
  forgedMask: builtin('forged-mask', 'Raw event contains text that looks like a mask', 'medium', ['attack.defense-evasion']),
  truncated: {
    ...builtin('truncated', 'Event bodies were removed by the apiserver', 'low', ['attack.defense-evasion']),
    covers: ['N17'],
  },
  /** Told by what remembers IDs, not by a record's flags. */
  auditIdReused: builtin('audit-id-reused', 'Audit ID of another event', 'low', ['attack.defense-evasion']),
  /** About an input, not about an event. */
  logGap: builtin('log-gap', 'Part of an audit log was not read and cannot be any more', 'high', ['attack.defense-evasion']),
  /** Told by what applies exceptions, not by a record's flags. */
  expiredException: builtin('exception-expired', 'Exception of a rule has expired and no longer applies', 'low', []),
  /** About this program, not about an event. */
  logLoss: builtin('log-loss', 'Part of the log is missing or unreadable', 'high', ['attack.defense-evasion']),
  /** How far the logs have come, signed: for sinks that keep it where the agent cannot write. */
  checkpoint: builtin('checkpoint', 'Checkpoint of the logs', 'informational', []),
  unmask: builtin('unmask', 'Originals of pseudonyms were looked at', 'high', []),
  logChanged: builtin('log-changed', 'A log is not as it was signed', 'critical', ['attack.defense-evasion']),
  signingKeyReplaced: builtin('signing-key-replaced', 'Digests are signed by a key that nobody introduced', 'high', [
    'attack.defense-evasion',
  ]),
  readerBehind: builtin('reader-behind', 'Records were deleted before a sink had them', 'medium', []),
  sinkRejected: builtin('sink-rejected', 'A sink rejected records; they are kept as dead letters', 'medium', []),
  deadLettersDeleted: builtin(
    'dead-letters-deleted',
    'Dead letters were deleted to make room before they were sent again',
    'medium',
    [],
  ),
  sourceSilent: builtin('source-silent', 'Nothing came from a source for unusually long', 'medium', ['attack.defense-evasion']),
  certificateEnding: builtin('certificate-ending', 'A certificate ends within a month', 'medium', []),
  /** The same rule: in a week nothing will come any more. */
  certificateEndingSoon: builtin('certificate-ending', 'A certificate ends within a week, or has ended', 'high', []),
  transportRefused: builtin('transport-refused', 'A message on the transport topic was made by no agent of ours', 'high', [
    'attack.defense-evasion',
  ]),
  transportUnfinished: builtin('transport-unfinished', 'A large record on the transport topic was never whole', 'medium', []),
  maskingLeak: builtin('masking-leak', 'The self-test found its own secrets unmasked; nothing is forwarded', 'critical', []),
} as const;

/** Flags that make a finding by themselves. */
export const noteworthyFlags = recordFlags.stub | recordFlags.duplicateKeys | recordFlags.forgedMask | recordFlags.truncated;

/** Built-in rules that a record's flags fulfil. */
export function builtinMatches(record: MaskedRecord): readonly RuleInfo[] {
  const { flags } = record;
  const matches: RuleInfo[] = [];
  if (flags & recordFlags.stub) matches.push(flags & recordFlags.writes ? builtinRules.stubWrites : builtinRules.stub);
  if (flags & recordFlags.duplicateKeys) matches.push(builtinRules.duplicateKeys);
  if (flags & recordFlags.forgedMask) matches.push(builtinRules.forgedMask);
  if (flags & recordFlags.truncated) matches.push(builtinRules.truncated);
  return matches;
}
