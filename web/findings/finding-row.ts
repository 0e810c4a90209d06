import { doneTo, type Severity } from '../../src/core/finding.ts';
import type { ReviewState } from '../../src/core/review.ts';
import type { FindingItem } from '../../src/web/api.ts';

/** What the list keeps of a finding: a hundred thousand of them must fit. */
export interface FindingRow {
  readonly id: string;
  readonly severity: Severity;
  readonly rule: string;
  readonly ruleName: string;
  readonly timeMs: number;
  readonly user: string;
  readonly what: string;
  readonly namespace: string;
  readonly from: string;
  readonly code: number | undefined;
  /** How often it happened, where it did more than once. */
  readonly count: number;
  readonly state: ReviewState;
  readonly isSilenced: boolean;
}

export function rowOf({ finding, state, silence }: FindingItem): FindingRow {
  const { rule, event, episode, rolledUp } = finding;
  return {
    id: finding.id,
    severity: rule.severity,
    rule: rule.id,
    ruleName: rule.name,
    timeMs: Date.parse(finding.time),
    user: event.user ?? '',
    what: finding.output?.text ?? event.intent ?? doneTo(event),
    namespace: event.namespace ?? '',
    from: event.sourceIPs.at(-1) ?? '',
    code: event.code,
    count: episode?.count ?? rolledUp?.count ?? 1,
    state,
    isSilenced: silence !== undefined,
  };
}
