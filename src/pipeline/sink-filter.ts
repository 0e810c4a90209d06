import { graver, type Severity } from '../core/finding.ts';
import { findingIn } from '../core/finding-in.ts';
import { type MaskedRecord, recordTypes } from '../core/record.ts';
import { builtinRules } from '../findings/builtin.ts';

export interface SinkFilter {
  readonly content: 'events' | 'findings';
  /** Findings below it are left out; of events it says nothing. */
  readonly minSeverity: Severity;
  /** Whether it gets checkpoints of the logs, whatever their severity; absent: it does not. */
  readonly checkpoints?: boolean;
}

/** Whether a sink is given this record. Notes of our own and dictionaries are for the log only. */
export function concerns({ content, minSeverity, checkpoints = false }: SinkFilter, record: MaskedRecord): boolean {
  if (content === 'events') return record.type === recordTypes.event;
  if (record.type !== recordTypes.finding) return false;
  const { rule } = findingIn(record);
  return rule.id === builtinRules.checkpoint.id ? checkpoints : graver(rule.severity, minSeverity) <= 0;
}
