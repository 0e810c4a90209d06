import { graver, type Severity } from '../core/finding.ts';
import { findingIn } from '../core/finding-in.ts';
import { type MaskedRecord, recordTypes } from '../core/record.ts';

export interface SinkFilter {
  readonly content: 'events' | 'findings';
  /** Findings below it are left out; of events it says nothing. */
  readonly minSeverity: Severity;
}

/** Whether a sink is given this record. Notes of our own and dictionaries are for the log only. */
export function concerns({ content, minSeverity }: SinkFilter, record: MaskedRecord): boolean {
  if (content === 'events') return record.type === recordTypes.event;
  return record.type === recordTypes.finding && graver(findingIn(record).rule.severity, minSeverity) <= 0;
}
