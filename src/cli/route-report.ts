import type { Finding } from '../core/finding.ts';
import type { RouteDecision, RouteStep } from '../routing/route-tree.ts';
import { printable } from './printable.ts';
import { table } from './table.ts';

/** Which routes were looked at for one finding, and where it goes. */
export function routeText(finding: Finding, decision: RouteDecision, columns: number): string {
  const { rule, event, cluster } = finding;
  const about = [rule.severity, cluster, event.namespace].filter(Boolean).map((word) => printable(word ?? ''));
  const rows = decision.steps.map((step) => [`${'  '.repeat(step.depth)}${placeOf(step)}`, step.name ?? '', outcomeOf(step)]);
  const lines = [
    `${printable(rule.name)} (${about.join(', ')})`,
    '',
    table([['ROUTE', 'NAME', 'OUTCOME'], ...rows], columns),
    '',
    `Goes to: ${decision.sinks.join(', ') || 'no sink; it stays in the log'}`,
  ];
  if (decision.muted.length > 0) lines.push(`Muted:   ${decision.muted.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

const placeOf = ({ place }: RouteStep): string => place || 'default';

function outcomeOf({ failed, sinks, muted }: RouteStep): string {
  if (failed !== undefined) return `no: ${failed}`;
  if (sinks === undefined) return 'yes: a route inside decides';
  const where = sinks.join(', ') || 'nowhere';
  return muted === undefined ? `yes: ${where}` : `yes: ${where}, muted by ${muted.join(', ')}`;
}

/** How many findings went where. */
export class RouteCount {
  readonly #routes = new Map<string, { readonly name: string; readonly sinks: string; count: number }>();
  readonly #sinks = new Map<string, { sent: number; muted: number }>();
  #findings = 0;

  /** @param sinks every sink of findings, so that one that gets nothing is seen */
  constructor(sinks: readonly string[]) {
    for (const sink of sinks) this.#sinks.set(sink, { sent: 0, muted: 0 });
  }

  add({ steps, sinks, muted }: RouteDecision): void {
    this.#findings++;
    for (const step of steps) {
      if (step.sinks === undefined) continue;
      const place = placeOf(step);
      const seen = this.#routes.get(place) ?? { name: step.name ?? '', sinks: step.sinks.join(', '), count: 0 };
      seen.count++;
      this.#routes.set(place, seen);
    }
    for (const sink of sinks) this.#of(sink).sent++;
    for (const sink of muted) this.#of(sink).muted++;
  }

  #of(sink: string): { sent: number; muted: number } {
    const known = this.#sinks.get(sink) ?? { sent: 0, muted: 0 };
    this.#sinks.set(sink, known);
    return known;
  }

  text(columns: number): string {
    const routes = [...this.#routes].map(([place, { name, sinks, count }]) => [place, name, sinks || 'nowhere', String(count)]);
    const sinks = [...this.#sinks].map(([sink, { sent, muted }]) => [sink, String(sent), String(muted)]);
    const parts = [
      `${this.#findings} findings`,
      table([['ROUTE', 'NAME', 'SINKS', 'FINDINGS'], ...routes], columns),
      table([['SINK', 'GETS', 'MUTED'], ...sinks], columns),
    ];
    return `${parts.join('\n\n')}\n`;
  }
}
