import type { Finding } from '../core/finding.ts';
import { LazyList } from '../core/lazy-list.ts';
import { limits } from '../core/limits.ts';
import { StalestMap } from '../core/stalest-map.ts';
import type { CorrelationInput, LoadedCorrelation } from '../detection/rule-set.ts';
import { AgingFilter, type AgingFilterSnapshot } from './aging-filter.ts';
import type { CorrelationState, CorrelatorOptions, Counters, Fire, Match } from './correlation-state.ts';
import { EpisodeBook, type EpisodeBookSnapshot } from './episode-book.ts';

/** Plain data of one correlation. */
export interface FirstSeenSnapshot {
  /** When the first event ever came: learning counts from there; null before it. */
  readonly beganUs: number | null;
  /** Key and the time it was last seen, stalest first. */
  readonly values: Iterable<readonly [string, number]>;
  readonly filter: AgingFilterSnapshot | null;
  readonly episodes: EpisodeBookSnapshot;
}

/** New values of one group within this time are one finding: somebody who tries many is reported once, with the number. */
const rollUs = 60 * 60 * 1e6;

/**
 * Fires for a value that a group has not had for a time span. Exact for as many values as `limits.firstSeenValues`; the
 * stalest then move to a filter that errs towards "known". Event time only: an event of long ago teaches and never fires
 * where the value has been seen since.
 */
export class FirstSeenState<R extends CorrelationInput> implements CorrelationState<R> {
  readonly #loaded: LoadedCorrelation;
  readonly #options: CorrelatorOptions<R>;
  readonly #counters: Counters;
  readonly #maxValues: number;
  readonly #values: StalestMap<number>;
  readonly #book: EpisodeBook;
  #filter: AgingFilter | undefined;
  #beganUs: number;
  #latestUs = Number.NEGATIVE_INFINITY;

  constructor(loaded: LoadedCorrelation, options: CorrelatorOptions<R>, counters: Counters, snapshot?: FirstSeenSnapshot) {
    this.#loaded = loaded;
    this.#options = options;
    this.#counters = counters;
    this.#maxValues = options.maxGroups ?? limits.firstSeenValues;
    this.#values = new StalestMap(snapshot?.values ?? []);
    this.#book = new EpisodeBook(loaded, rollUs, options.maxGroups ?? limits.correlationGroups, snapshot?.episodes);
    this.#filter = snapshot?.filter ? this.#newFilter(snapshot.filter) : undefined;
    this.#beganUs = snapshot?.beganUs ?? Number.POSITIVE_INFINITY;
  }

  get groupCount(): number {
    return this.#values.size;
  }

  #newFilter(snapshot?: AgingFilterSnapshot): AgingFilter {
    return new AgingFilter(this.#maxValues * filterShare, this.#loaded.rule.windowUs, snapshot);
  }

  push(match: Match<R>, out: Finding[]): readonly Fire[] {
    const { timeUs, group, value } = match;
    this.#beganUs = Math.min(this.#beganUs, timeUs);
    this.#latestUs = Math.max(this.#latestUs, timeUs);
    const key = typeof value === 'string' ? group.slice(0, 16) + value.slice(0, 16) : group;
    const isKnown = this.#isKnown(key, timeUs);
    this.#remember(key, timeUs);
    if (isKnown || timeUs - this.#beganUs < this.#loaded.rule.learnUs) return [];
    const id = this.#options.identify(`first ${this.#loaded.rule.info.id} ${key} ${match.digest}`);
    const view = this.#options.view(match.record, this.#loaded);
    return [{ timeUs, id: this.#book.add({ group, timeUs, id, view }, out) }];
  }

  #isKnown(key: string, timeUs: number): boolean {
    const seenUs = this.#values.get(key);
    if (seenUs !== undefined) return timeUs - seenUs <= this.#loaded.rule.windowUs;
    if (!this.#filter?.has(key, timeUs)) return false;
    this.#counters.estimated++;
    return true;
  }

  #remember(key: string, timeUs: number): void {
    const seenUs = Math.max(timeUs, this.#values.get(key) ?? timeUs);
    const stalest = this.#values.setWithin(this.#maxValues, key, seenUs);
    if (!stalest) return;
    this.#filter ??= this.#newFilter();
    this.#filter.add(stalest[0], this.#latestUs);
    this.#counters.evictedGroups++;
  }

  advance(watermarkUs: number, out: Finding[]): void {
    this.#book.closeBefore(watermarkUs, out);
    const before = watermarkUs - this.#loaded.rule.windowUs;
    // Stalest first, as far as events came in order; the rest is looked at when it comes to the front.
    for (const [key, seenUs] of this.#values) {
      if (seenUs >= before) break;
      this.#values.delete(key);
    }
  }

  close(out: Finding[]): void {
    this.#book.closeBefore(Number.POSITIVE_INFINITY, out);
  }

  snapshot(): FirstSeenSnapshot {
    return {
      beganUs: Number.isFinite(this.#beganUs) ? this.#beganUs : null,
      values: new LazyList(() => this.#values[Symbol.iterator]()),
      filter: this.#filter?.snapshot() ?? null,
      episodes: this.#book.snapshot(),
    };
  }
}

/** A generation of the filter holds this many times the values that are kept exactly. */
const filterShare = 4;
