import type { Finding, Origin } from '../core/finding.ts';
import type { CorrelationInput, CorrelationLink, LoadedCorrelation, RuleSet } from '../detection/rule-set.ts';
import { type AbsenceSnapshot, AbsenceState } from './absence-state.ts';
import type { CorrelationState, CorrelatorOptions, Counters, Fire, Match } from './correlation-state.ts';
import { type FirstSeenSnapshot, FirstSeenState } from './first-seen-state.ts';
import { type OriginSnapshot, OriginState } from './origin-state.ts';
import { RuleState, type RuleStateSnapshot } from './rule-state.ts';

/** Plain data. `correlations` has one entry per correlation. */
export interface CorrelatorSnapshot {
  readonly version: 2;
  /** null before the first event. */
  readonly watermarkUs: number | null;
  readonly correlations: readonly { readonly id: string; readonly type: string; readonly state: unknown }[];
}

export interface CorrelatorStats extends Readonly<Counters> {
  readonly groups: number;
}

/** Turns matches into episodes. Event time only; the caller moves time with `advance`. */
export interface Correlator<R extends CorrelationInput> {
  push(record: R): readonly Finding[];
  /** Nothing older than `watermarkUs` is expected any more: closes what ended long enough before. */
  advance(watermarkUs: number): readonly Finding[];
  /** Final revisions of everything that changed since it was last reported. */
  close(): readonly Finding[];
  /** Who is behind the event of a record: whoever changed what a controller made its object from. Before or after `push`. */
  originOf(record: R): Origin | undefined;
  snapshot(): CorrelatorSnapshot;
  stats(): CorrelatorStats;
}

/** A key a record carries, by the name of the state it is for. */
interface NamedKey {
  readonly group: string;
  readonly value: string | number | undefined;
}

interface Entry<R extends CorrelationInput> {
  readonly loaded: LoadedCorrelation;
  readonly state: CorrelationState<R>;
}

class EventTimeCorrelator<R extends CorrelationInput> implements Correlator<R> {
  readonly #entries: readonly Entry<R>[];
  readonly #byName: ReadonlyMap<string, Entry<R>>;
  readonly #stateNames: readonly string[];
  readonly #hasLinks: boolean;
  readonly #counters: Counters = { entries: 0, evictedGroups: 0, droppedEntries: 0, duplicates: 0, late: 0, estimated: 0 };
  #watermarkUs = Number.NEGATIVE_INFINITY;

  constructor(set: CorrelationSet, options: CorrelatorOptions<R>, snapshot: CorrelatorSnapshot | undefined) {
    const saved = new Map((snapshot?.correlations ?? []).map(({ id, type, state }) => [`${type} ${id}`, state]));
    this.#entries = set.correlations.map((loaded) => {
      const { type, info } = loaded.rule;
      return { loaded, state: createState(loaded, options, this.#counters, saved.get(`${type} ${info.id}`)) };
    });
    this.#byName = new Map(this.#entries.map((entry) => [entry.loaded.rule.info.id, entry]));
    this.#stateNames = set.stateNames;
    this.#hasLinks = set.correlations.some(({ links }) => links.length > 0);
    this.#watermarkUs = snapshot?.watermarkUs ?? Number.NEGATIVE_INFINITY;
  }

  push(record: R): readonly Finding[] {
    const out: Finding[] = [];
    const keys = this.#hasLinks ? new Map<string, NamedKey>() : undefined;
    const names = record.plan?.correlations ?? this.#stateNames;
    for (const { correlation, group, value } of keys ? record.stateKeys : [])
      keys?.set(names[correlation] ?? '', { group, value });
    for (const { correlation, group, value } of record.stateKeys) {
      const entry = this.#byName.get(names[correlation] ?? '');
      if (entry) this.#count(entry, { group, timeUs: record.eventTimeUs, digest: record.digest, value, record }, keys, out);
    }
    return out;
  }

  #count(entry: Entry<R>, match: Match<R>, keys: ReadonlyMap<string, NamedKey> | undefined, out: Finding[]): void {
    const { loaded, state } = entry;
    const isCounted = loaded.isChained && loaded.rule.type === 'event_count';
    const fires = state.push(isCounted ? { ...match, value: match.digest } : match, loaded.silent ? [] : out);
    for (const link of loaded.links)
      for (const fire of fires)
        if (fire.replaces === undefined) this.#pass(link, fire, match.record, keys, out);
        else this.#entries[link.outer]?.state.rename?.(fire.replaces, fire.id);
  }

  /** An episode counts for the correlation built on it, at the moment it fired and for the group its event belongs to there. */
  #pass(link: CorrelationLink, fire: Fire, record: R, keys: ReadonlyMap<string, NamedKey> | undefined, out: Finding[]): void {
    const outer = this.#entries[link.outer];
    const key = keys?.get(link.name);
    if (!outer || !key) return;
    const { group, value } = key;
    this.#count(outer, { group, timeUs: fire.timeUs, digest: fire.id, value, record }, keys, out);
  }

  advance(watermarkUs: number): readonly Finding[] {
    const out: Finding[] = [];
    if (watermarkUs <= this.#watermarkUs) return out;
    this.#watermarkUs = watermarkUs;
    for (const { loaded, state } of this.#entries) state.advance(watermarkUs, loaded.silent ? [] : out);
    return out;
  }

  close(): readonly Finding[] {
    const out: Finding[] = [];
    for (const { loaded, state } of this.#entries) state.close(loaded.silent ? [] : out);
    return out;
  }

  originOf(record: R): Origin | undefined {
    const names = record.plan?.correlations ?? this.#stateNames;
    for (const { correlation, value } of record.stateKeys) {
      const origin = this.#byName.get(names[correlation] ?? '')?.state.originOf?.({ value, timeUs: record.eventTimeUs });
      if (origin) return origin;
    }
    return undefined;
  }

  snapshot(): CorrelatorSnapshot {
    const watermarkUs = Number.isFinite(this.#watermarkUs) ? this.#watermarkUs : null;
    const correlations = this.#entries.map(({ loaded, state }) => {
      const { info, type } = loaded.rule;
      return { id: info.id, type, state: state.snapshot() };
    });
    return { version: 2, watermarkUs, correlations };
  }

  stats(): CorrelatorStats {
    return { groups: this.#entries.reduce((sum, { state }) => sum + state.groupCount, 0), ...this.#counters };
  }
}

function createState<R extends CorrelationInput>(
  loaded: LoadedCorrelation,
  options: CorrelatorOptions<R>,
  counters: Counters,
  saved: unknown,
): CorrelationState<R> {
  switch (loaded.rule.type) {
    case 'x-first-seen':
      return new FirstSeenState(loaded, options, counters, saved as FirstSeenSnapshot | undefined);
    case 'x-absence':
      return new AbsenceState(loaded, options, counters, saved as AbsenceSnapshot | undefined);
    case 'x-origin':
      return new OriginState(loaded, options, counters, saved as OriginSnapshot | undefined);
    default:
      return new RuleState(loaded, options, counters, saved as RuleStateSnapshot | undefined);
  }
}

/** What a correlator needs of a rule set. */
export type CorrelationSet = Pick<RuleSet, 'correlations' | 'stateNames'>;

/** Builds a correlator for the correlations of a rule set; with a snapshot it continues where that one stopped. */
export function createCorrelator<R extends CorrelationInput>(
  set: CorrelationSet,
  options: CorrelatorOptions<R>,
  snapshot?: CorrelatorSnapshot,
): Correlator<R> {
  return new EventTimeCorrelator(set, options, snapshot);
}
