import type { Finding, Origin } from '../core/finding.ts';
import { formatTime } from '../core/format-time.ts';
import { LazyList } from '../core/lazy-list.ts';
import { limits } from '../core/limits.ts';
import { StalestMap } from '../core/stalest-map.ts';
import type { CorrelationInput, LoadedCorrelation } from '../detection/rule-set.ts';
import {
  type CorrelationState,
  type CorrelatorOptions,
  type Counters,
  episodeFinding,
  type Fire,
  type Match,
} from './correlation-state.ts';

/** What is remembered of an object. */
interface Known {
  /** Its owner, as a group of this correlation. */
  readonly owner: string | undefined;
  /** Who last changed it, and when; microseconds. */
  readonly origin: Origin | undefined;
  readonly originUs: number;
  readonly seenUs: number;
}

/** Plain data of one correlation: the objects, stalest first. */
export interface OriginSnapshot {
  readonly objects: Iterable<readonly [string, Known]>;
}

/**
 * Remembers who changed an object (events of the first rule) and from which owner a controller made another one (events of the
 * second), so that a finding about a pod can name whoever changed the deployment behind it. Of all who changed something on the way the
 * last one before the event counts. Bounded by `limits.originObjects`; forgotten after the time span.
 */
export class OriginState<R extends CorrelationInput> implements CorrelationState<R> {
  readonly #loaded: LoadedCorrelation;
  readonly #options: CorrelatorOptions<R>;
  readonly #counters: Counters;
  readonly #maxObjects: number;
  readonly #objects: StalestMap<Known>;

  constructor(loaded: LoadedCorrelation, options: CorrelatorOptions<R>, counters: Counters, snapshot?: OriginSnapshot) {
    this.#loaded = loaded;
    this.#options = options;
    this.#counters = counters;
    this.#maxObjects = options.maxGroups ?? limits.originObjects;
    this.#objects = new StalestMap(snapshot?.objects ?? []);
  }

  get groupCount(): number {
    return this.#objects.size;
  }

  /** Silent but in the examples of rules: there each object whose origin is known is a finding. */
  push(match: Match<R>, out: Finding[]): readonly Fire[] {
    const { group, value, timeUs, digest, record } = match;
    const before = this.#objects.get(group);
    const seenUs = Math.max(timeUs, before?.seenUs ?? timeUs);
    if (typeof value === 'string') {
      this.#set(group, { origin: before?.origin, originUs: before?.originUs ?? 0, owner: value, seenUs });
      const origin = this.#loaded.silent ? undefined : this.originOf(match);
      if (origin) {
        const time = formatTime(timeUs);
        const view = { ...this.#options.view(record, this.#loaded), origin };
        out.push(episodeFinding(this.#loaded, view, 1, time, { id: digest, count: 1, first: time, last: time }));
      }
    } else if (!before?.origin || timeUs >= before.originUs) {
      const { event } = this.#options.view(record, this.#loaded);
      this.#set(group, { owner: before?.owner, origin: { ...event, time: formatTime(timeUs) }, originUs: timeUs, seenUs });
    }
    return [];
  }

  originOf({ value, timeUs }: Pick<Match<R>, 'value' | 'timeUs'>): Origin | undefined {
    let latest: Known | undefined;
    let owner = typeof value === 'string' ? value : undefined;
    for (let step = 0; owner !== undefined && step < limits.originSteps; step++) {
      const known = this.#objects.get(owner);
      if (!known) break;
      // Clocks of API servers differ a little.
      const isBefore = known.originUs <= timeUs + limits.clockAheadMs * 1000;
      const isRemembered = timeUs - known.originUs <= this.#loaded.rule.windowUs;
      if (known.origin && isBefore && isRemembered && known.originUs > (latest?.originUs ?? Number.NEGATIVE_INFINITY))
        latest = known;
      owner = known.owner;
    }
    return latest?.origin;
  }

  #set(key: string, known: Known): void {
    if (this.#objects.setWithin(this.#maxObjects, key, known)) this.#counters.evictedGroups++;
  }

  advance(watermarkUs: number): void {
    const before = watermarkUs - this.#loaded.rule.windowUs;
    for (const [key, { seenUs }] of this.#objects) {
      if (seenUs >= before) break;
      this.#objects.delete(key);
    }
  }

  close(): void {
    // Nothing is open: it only remembers.
  }

  snapshot(): OriginSnapshot {
    return { objects: new LazyList(() => this.#objects[Symbol.iterator]()) };
  }
}
