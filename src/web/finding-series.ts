import type { TimeRange } from '../core/event-store.ts';
import { type Severity, severities } from '../core/finding.ts';
import type { FindingSeries } from './api.ts';
import { type FindingFilter, findingOf } from './finding-row.ts';
import type { FindingsView } from './findings-view.ts';

/** Rules whose findings say that something is missing. */
const gapRules: ReadonlySet<string> = new Set(['auditveil.log-gap', 'auditveil.source-silent', 'auditveil.log-loss']);
/** Gaps that are named. */
const gapsAtMost = 200;

/** Findings over time by severity, and where something is known to be missing. */
export async function findingSeries(
  view: FindingsView,
  filter: FindingFilter & TimeRange,
  stepMs: number,
): Promise<FindingSeries> {
  const { sinceMs, untilMs } = filter;
  const first = Math.floor(sinceMs / stepMs) * stepMs;
  const steps = Math.max(1, Math.ceil((untilMs - first) / stepMs));
  const counts = severities.map(() => Array.from({ length: steps }, () => 0));
  const gaps: FindingSeries['gaps'][number][] = [];
  await view.each(filter, (row) => {
    const list = counts[row.rule.severity];
    const step = Math.floor((row.timeMs - first) / stepMs);
    if (list?.[step] !== undefined) list[step]++;
    if (gapRules.has(row.rule.id) && gaps.length < gapsAtMost) {
      const { evidence } = findingOf(row);
      const source = evidence['gap.source'] ?? evidence['source.name'] ?? evidence['log.name'] ?? [];
      const note = source.length > 0 ? `${row.rule.name} (${source.join(', ')})` : row.rule.name;
      gaps.push({ sinceMs: row.timeMs, untilMs: row.timeMs + stepMs, note });
    }
  });
  return {
    stepMs,
    times: Array.from({ length: steps }, (_, i) => first + i * stepMs),
    bySeverity: Object.fromEntries(severities.map((severity, i) => [severity, counts[i] ?? []])) as Record<Severity, number[]>,
    gaps,
  };
}
