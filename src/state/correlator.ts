import type { Finding } from '../core/finding.ts';
import type { CorrelationInput, LoadedCorrelation } from '../detection/rule-set.ts';
import { type CorrelatorOptions, type Counters, RuleState, type RuleStateSnapshot } from './rule-state.ts';

/** Plain data. `correlations` has one entry per correlation that has state. */
export interface CorrelatorSnapshot {
  readonly version: 1;
  /** null before the first event. */
  readonly watermarkUs: number | null;
  readonly correlations: readonly RuleStateSnapshot[];
}

export interface CorrelatorStats {
  readonly groups: number;
  readonly entries: number;
  readonly evictedGroups: number;
  readonly droppedEntries: number;
  readonly duplicates: number;
  /** Matches that came later than the lateness allows and no longer count. */
  readonly late: number;
}

/** Turns matches into episodes. Event time only; the caller moves time with `advance`. */
export interface Correlator<R extends CorrelationInput> {
  push(record: R): readonly Finding[];
  /** Nothing older than `watermarkUs` is expected any more: closes what ended long enough before. */
  advance(watermarkUs: number): readonly Finding[];
  /** Final revisions of everything that changed since it was last reported. */
  close(): readonly Finding[];
  snapshot(): CorrelatorSnapshot;
  stats(): CorrelatorStats;
}

class EventTimeCorrelator<R extends CorrelationInput> implements Correlator<R> {
  readonly #rules: readonly RuleState<R>[];
  readonly #byId: ReadonlyMap<string, RuleState<R>>;
  readonly #counters: Counters = { evictedGroups: 0, droppedEntries: 0, duplicates: 0, late: 0 };
  #watermarkUs = Number.NEGATIVE_INFINITY;

  constructor(
    correlations: readonly LoadedCorrelation[],
    options: CorrelatorOptions<R>,
    snapshot: CorrelatorSnapshot | undefined,
  ) {
    this.#rules = correlations.map((loaded) => new RuleState(loaded, options, this.#counters));
    this.#byId = new Map(this.#rules.map((rule) => [rule.id, rule]));
    if (!snapshot) return;
    this.#watermarkUs = snapshot.watermarkUs ?? Number.NEGATIVE_INFINITY;
    for (const { id, groups } of snapshot.correlations) {
      for (const { key, hits, episodes } of groups) this.#byId.get(id)?.restore(key, hits, episodes);
    }
  }

  push(record: R): readonly Finding[] {
    const out: Finding[] = [];
    for (const key of record.stateKeys) {
      const name = record.plan?.correlations[key.correlation];
      const rule = name === undefined ? this.#rules[key.correlation] : this.#byId.get(name);
      rule?.push(key, record, out);
    }
    return out;
  }

  advance(watermarkUs: number): readonly Finding[] {
    const out: Finding[] = [];
    if (watermarkUs <= this.#watermarkUs) return out;
    this.#watermarkUs = watermarkUs;
    for (const rule of this.#rules) rule.advance(watermarkUs, out);
    return out;
  }

  close(): readonly Finding[] {
    const out: Finding[] = [];
    for (const rule of this.#rules) rule.close(out);
    return out;
  }

  snapshot(): CorrelatorSnapshot {
    const watermarkUs = Number.isFinite(this.#watermarkUs) ? this.#watermarkUs : null;
    return { version: 1, watermarkUs, correlations: this.#rules.map((rule) => rule.snapshot()) };
  }

  stats(): CorrelatorStats {
    const groups = this.#rules.flatMap((rule) => [...rule.groups.values()]);
    return { groups: groups.length, entries: groups.reduce((sum, { group }) => sum + group.size, 0), ...this.#counters };
  }
}

/** Builds a correlator for the correlations of a rule set; with a snapshot it continues where that one stopped. */
export function createCorrelator<R extends CorrelationInput>(
  correlations: readonly LoadedCorrelation[],
  options: CorrelatorOptions<R>,
  snapshot?: CorrelatorSnapshot,
): Correlator<R> {
  return new EventTimeCorrelator(correlations, options, snapshot);
}
