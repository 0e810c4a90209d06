import type { Severity } from '../core/finding.ts';
import type { Day } from './manifest.ts';

interface Sums {
  events: number;
  stubs: number;
  reviews: number;
  readonly findings: Map<Severity, number>;
  readonly rules: Set<string>;
}

const dayMs = 86_400_000;

/** Adds up each day (UTC) of an export: a day without events or findings is seen as such. */
export class DayTally {
  readonly #days = new Map<number, Sums>();
  /** Plans count once a day: all events of a day have a few. */
  readonly #plans = new Map<number, Set<unknown>>();

  #of(receivedAtUs: number): Sums {
    const day = Math.floor(receivedAtUs / 1000 / dayMs);
    const known = this.#days.get(day);
    if (known) return known;
    const made: Sums = { events: 0, stubs: 0, reviews: 0, findings: new Map(), rules: new Set() };
    this.#days.set(day, made);
    return made;
  }

  event(receivedAtUs: number, isStub: boolean, plan: { readonly rules: readonly string[] } | undefined): void {
    const sums = this.#of(receivedAtUs);
    sums.events++;
    if (isStub) sums.stubs++;
    if (plan === undefined) return;
    const day = Math.floor(receivedAtUs / 1000 / dayMs);
    const plans = this.#plans.get(day) ?? new Set();
    this.#plans.set(day, plans);
    if (plans.has(plan)) return;
    plans.add(plan);
    for (const rule of plan.rules) sums.rules.add(rule);
  }

  finding(receivedAtUs: number, severity: Severity): void {
    const { findings } = this.#of(receivedAtUs);
    findings.set(severity, (findings.get(severity) ?? 0) + 1);
  }

  review(receivedAtUs: number): void {
    this.#of(receivedAtUs).reviews++;
  }

  get days(): readonly Day[] {
    return [...this.#days]
      .sort(([a], [b]) => a - b)
      .map(([day, { events, stubs, reviews, findings, rules }]) => ({
        day: new Date(day * dayMs).toISOString().slice(0, 10),
        ...{ events, stubs, findings: Object.fromEntries(findings), reviews, rules: rules.size },
      }));
  }
}
