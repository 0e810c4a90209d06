import type { Finding, Severity } from '../../core/finding.ts';

/** A finding as one row of a table. */
export interface FindingRow {
  /** Microseconds since the epoch, event time. */
  readonly timeUs: number;
  readonly cluster: string;
  readonly id: string;
  readonly revision: number;
  readonly ruleId: string;
  readonly ruleName: string;
  readonly severity: Severity;
  readonly tags: readonly string[];
  readonly username: string | undefined;
  readonly verb: string | undefined;
  readonly resource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly sourceIps: readonly string[];
  readonly userAgent: string | undefined;
  readonly code: number | undefined;
  readonly auditId: string | undefined;
  /** Matches of the episode, or findings rolled into this one; 1 where it stands for itself. */
  readonly count: number;
}

/** Microseconds of an RFC 3339 time with up to microseconds; 0 of what is none. */
export function microsecondsOf(time: string): number {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) return 0;
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? '';
  return Math.floor(ms) * 1000 + Number(fraction.padEnd(6, '0').slice(3, 6));
}

export function findingRow(finding: Finding): FindingRow {
  const { rule, event, episode, rolledUp } = finding;
  return {
    timeUs: microsecondsOf(finding.time),
    cluster: finding.cluster,
    id: finding.id,
    revision: finding.revision,
    ruleId: rule.id,
    ruleName: rule.name,
    severity: rule.severity,
    tags: rule.tags,
    username: event.user,
    verb: event.verb,
    resource: event.resource,
    namespace: event.namespace,
    name: event.name,
    sourceIps: event.sourceIPs,
    userAgent: event.userAgent,
    code: event.code,
    auditId: event.auditID,
    count: episode?.count ?? rolledUp?.count ?? 1,
  };
}
