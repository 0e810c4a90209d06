import type { Metrics } from './read-metrics.ts';

/** What a kube-apiserver says of its auditing. Counts are events, or requests for `refused`, since it started. */
export interface AuditCounters {
  /** Absent where the page does not say it. */
  readonly counted: number | undefined;
  /** When it started, milliseconds since the epoch. */
  readonly startedMs: number | undefined;
  /** Events it gave up, by the part of it that failed: only where there were some. */
  readonly lost: ReadonlyMap<string, number>;
  /** Requests it refused because of auditing. */
  readonly refused: number;
}

/** What is wrong where `counted` is absent. */
export const noCounter = {
  message: 'the metrics hold no apiserver_audit_event_total',
  remedy: 'Is it the page of a kube-apiserver with --audit-policy-file?',
};

/** The parts of kube-apiserver that count errors. It may be anybody who answers, who repeats what was sent: other words are not shown. */
const parts: ReadonlySet<string> = new Set(['webhook', 'buffered', 'log', 'log_batch', 'truncate']);
const other = 'other';

export function auditCounters(page: Metrics): AuditCounters {
  const startS = page.sum('process_start_time_seconds');
  const lost = new Map<string, number>();
  for (const [plugin, count] of page.by('apiserver_audit_error_total', 'plugin')) {
    if (count <= 0) continue;
    const part = parts.has(plugin) ? plugin : other;
    lost.set(part, (lost.get(part) ?? 0) + count);
  }
  return {
    ...{ counted: page.sum('apiserver_audit_event_total'), startedMs: startS === undefined ? undefined : startS * 1000 },
    ...{ lost, refused: page.sum('apiserver_audit_requests_rejected_total') ?? 0 },
  };
}

/** What several counted together; undefined where one of them does not say it. */
export function countedTogether(counters: readonly (AuditCounters | undefined)[]): number | undefined {
  let total = 0;
  for (const one of counters) {
    if (one?.counted === undefined) return undefined;
    total += one.counted;
  }
  return total;
}
