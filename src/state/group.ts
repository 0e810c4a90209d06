import { type Hit, insertHit, renamed } from './hits.ts';
import { Window, type WindowRule } from './window.ts';

/** A run of qualifying windows of one group. It only ever grows. */
export interface Run {
  firstUs: number;
  lastUs: number;
  /** Largest number any of its windows reached. */
  peak: number;
  /** Hits that are no longer kept but counted. */
  dropped: number;
  /** Order of appearance, so that when two runs become one the older keeps its name. */
  readonly order: number;
}

/** What a new hit did to its group. */
export interface GroupChange {
  readonly kind: 'new' | 'duplicate' | 'late';
  /** Runs that became part of another one: [from, into]. */
  readonly merged: readonly (readonly [Run, Run])[];
  /** Windows that qualify with the new hit: where each ends, and its run. */
  readonly qualified: readonly (readonly [endUs: number, run: Run])[];
}

const unchanged = (kind: GroupChange['kind']): GroupChange => ({ kind, merged: [], qualified: [] });

/** Plain data of a group. */
export interface GroupSnapshot {
  readonly hits: readonly (readonly [number, string, string | number | null])[];
  readonly floorUs: number;
}

/** First index whose hit is not before `timeUs`. */
function firstFrom(hits: readonly Hit[], timeUs: number): number {
  let low = 0;
  let high = hits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((hits[middle] as Hit).timeUs < timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The hits of one group and the runs they make. A run is a maximal chain of qualifying windows in which no two
 * neighbours lie more than a window apart: a definition that needs only the set of hits, so the order of arrival
 * does not matter. Hits are added one at a time and only windows that hold the new hit are looked at again.
 */
export class Group {
  readonly #rule: WindowRule;
  readonly #maxHits: number;
  #hits: Hit[] = [];
  runs: Run[] = [];
  /** Hits before this time are gone; what arrives for them is late. */
  #floorUs = Number.NEGATIVE_INFINITY;
  /** Window that ends with the last hit, while hits arrive in order. */
  #tail: Window | undefined;
  #orders = 0;
  /** Hits dropped because of the bound. */
  overflow = 0;
  #merged: (readonly [Run, Run])[] = [];
  #qualified: (readonly [number, Run])[] = [];

  constructor(rule: WindowRule, maxHits: number, snapshot?: GroupSnapshot, runs: readonly Run[] = []) {
    this.#rule = rule;
    this.#maxHits = maxHits;
    if (!snapshot) return;
    this.#hits = snapshot.hits.map(([timeUs, digest, value]) => ({ timeUs, digest, value: value ?? undefined }));
    this.#floorUs = snapshot.floorUs;
    this.runs = [...runs];
    this.#orders = Math.max(0, ...runs.map((run) => run.order + 1));
  }

  get size(): number {
    return this.#hits.length;
  }

  snapshot(): GroupSnapshot {
    return {
      hits: this.#hits.map((hit) => [hit.timeUs, hit.digest, hit.value ?? null]),
      floorUs: Number.isFinite(this.#floorUs) ? this.#floorUs : -Number.MAX_VALUE,
    };
  }

  /** @param expectedUs what came before this time is late: it is counted only where its hits are still kept */
  add(hit: Hit, expectedUs = Number.NEGATIVE_INFINITY): GroupChange {
    if (hit.timeUs < this.#floorUs)
      return unchanged(hit.timeUs >= expectedUs && this.#countForgotten(hit.timeUs) ? 'new' : 'late');
    const index = insertHit(this.#hits, hit);
    if (index < 0) return unchanged('duplicate');
    this.#merged = [];
    this.#qualified = [];
    if (index === this.#hits.length - 1) this.#append(index);
    else this.#insert(index, hit.timeUs);
    if (this.#hits.length > this.#maxHits) this.#overflow();
    return { kind: 'new', merged: this.#merged, qualified: this.#qualified };
  }

  /**
   * Where the bound made this group forget hits, one that is on time all the same counts for the run it lies in. Its repeats are
   * not known here: whoever calls leaves them out for longer than events may be late.
   */
  #countForgotten(timeUs: number): boolean {
    const run = this.runs.find(({ firstUs, lastUs }) => firstUs <= timeUs && timeUs <= lastUs);
    if (run) run.dropped++;
    return run !== undefined;
  }

  /** Has hits of one id bear another. Runs stay: what held when it held stays. @returns how many became the same as others */
  rename(from: string, into: string): number {
    const own = this.#hits.filter(({ digest }) => digest === from);
    if (own.length === 0) return 0;
    const { length } = this.#hits;
    this.#hits = this.#hits.filter(({ digest }) => digest !== from);
    for (const hit of own) insertHit(this.#hits, renamed(hit, from, into));
    this.#tail = undefined;
    return length - this.#hits.length;
  }

  /** Number of hits in a run. */
  countOf(run: Run): number {
    let end = firstFrom(this.#hits, run.lastUs);
    while (end < this.#hits.length && (this.#hits[end] as Hit).timeUs === run.lastUs) end++;
    return run.dropped + end - firstFrom(this.#hits, run.firstUs);
  }

  /** Forgets hits before `timeUs`. Runs that ended before it are closed and returned. */
  prune(timeUs: number): readonly Run[] {
    const closed = this.runs.filter((run) => run.lastUs < timeUs);
    const gone = firstFrom(this.#hits, timeUs);
    if (gone > 0) this.#drop(gone);
    this.#floorUs = Math.max(this.#floorUs, timeUs);
    if (closed.length > 0) this.runs = this.runs.filter((run) => run.lastUs >= timeUs);
    return closed;
  }

  #append(index: number): void {
    if (!this.#tail) this.#recompute((this.#hits[index] as Hit).timeUs);
    else if (this.#tail.add(index)) this.#cover(this.#tail, index);
  }

  #insert(index: number, timeUs: number): void {
    if (this.#tail && !this.#tail.insert(index, this.#hits.length - 1)) this.#tail = undefined;
    const run = this.#around(timeUs);
    if (!run) this.#recompute(timeUs);
    else if (this.#rule.feeds) this.#qualify(index, run);
  }

  /** Which windows within a run begin to qualify with a hit: those that had one event too few, and its own. */
  #qualify(index: number, run: Run): void {
    const { windowUs, atLeast } = this.#rule;
    const { timeUs } = this.#hits[index] as Hit;
    for (let end = index; end < Math.min(this.#hits.length, index + atLeast); end++) {
      const endUs = (this.#hits[end] as Hit).timeUs;
      if (endUs > timeUs + windowUs) return;
      if (end + 1 - firstFrom(this.#hits, endUs - windowUs) >= atLeast) this.#qualified.push([endUs, run]);
    }
  }

  /**
   * The run in which every window lies that can hold a hit of this time, so that nothing but its count changes. In a
   * flood this is the usual case, and looking at thousands of windows again for each hit would be the flood's aim.
   */
  #around(timeUs: number): Run | undefined {
    const { exactPeak, feeds, type } = this.#rule;
    if (exactPeak || (feeds && type !== 'event_count')) return undefined;
    const run = this.runs.find(({ firstUs, lastUs }) => firstUs <= timeUs && timeUs <= lastUs);
    if (!run) return undefined;
    const before = this.#hits[firstFrom(this.#hits, timeUs - this.#rule.windowUs)];
    const after = this.#hits[firstFrom(this.#hits, timeUs + this.#rule.windowUs + 1) - 1];
    return before && before.timeUs >= run.firstUs && after && after.timeUs <= run.lastUs ? run : undefined;
  }

  /** Looks again at every window that may hold a hit of this time. */
  #recompute(timeUs: number): void {
    const start = firstFrom(this.#hits, timeUs - this.#rule.windowUs);
    const window = new Window(this.#rule, this.#hits, start);
    let index = start;
    for (; index < this.#hits.length && (this.#hits[index] as Hit).timeUs <= timeUs + this.#rule.windowUs; index++) {
      const qualifies = window.add(index);
      if (qualifies && (this.#hits[index] as Hit).timeUs >= timeUs) this.#cover(window, index);
    }
    if (index === this.#hits.length) this.#tail = window;
  }

  /** Adds the interval of a qualifying window to the runs. */
  #cover(window: Window, index: number): void {
    const firstUs = (this.#hits[window.from] as Hit).timeUs;
    const lastUs = (this.#hits[index] as Hit).timeUs;
    const gap = this.#rule.windowUs;
    const near = this.runs.filter((run) => firstUs - run.lastUs <= gap && run.firstUs - lastUs <= gap);
    const kept = near.reduce<Run | undefined>((oldest, run) => (oldest && oldest.order < run.order ? oldest : run), undefined);
    if (!kept) {
      const run: Run = { firstUs, lastUs, peak: window.size, dropped: 0, order: this.#orders++ };
      this.runs.push(run);
      this.#qualified.push([lastUs, run]);
      return;
    }
    this.#qualified.push([lastUs, kept]);
    const others = near.filter((run) => run !== kept);
    kept.firstUs = Math.min(kept.firstUs, firstUs, ...others.map((run) => run.firstUs));
    kept.lastUs = Math.max(kept.lastUs, lastUs, ...others.map((run) => run.lastUs));
    kept.peak = Math.max(kept.peak, window.size, ...others.map((run) => run.peak));
    for (const run of others) kept.dropped += run.dropped;
    if (others.length > 0) this.runs = this.runs.filter((run) => !others.includes(run));
    for (const run of others) this.#merged.push([run, kept]);
  }

  #overflow(): void {
    const gone = Math.max(1, this.#maxHits >> 3);
    this.#floorUs = Math.max(this.#floorUs, (this.#hits[gone] as Hit).timeUs);
    this.overflow += gone;
    this.#drop(gone);
  }

  #drop(gone: number): void {
    for (const run of this.runs) {
      for (let i = 0; i < gone; i++) {
        const { timeUs } = this.#hits[i] as Hit;
        if (timeUs >= run.firstUs && timeUs <= run.lastUs) run.dropped++;
      }
    }
    this.#hits.splice(0, gone);
    this.#tail = undefined;
  }
}
