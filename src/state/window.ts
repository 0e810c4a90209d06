import type { Bound, CorrelationType } from '../detection/rule.ts';
import type { Hit } from './hits.ts';
import { createMetric, meets, type WindowMetric } from './window-metric.ts';

/** What makes a window qualify. */
export interface WindowRule {
  readonly type: Exclude<CorrelationType, 'x-first-seen' | 'x-absence' | 'x-origin'>;
  readonly windowUs: number;
  /** Events, distinct values, or distinct rules a window needs. */
  readonly atLeast: number;
  /** Asked of the number of every window besides. */
  readonly bounds: readonly Bound[];
  readonly percentile: number | undefined;
  /** Rules of a sequence. */
  readonly steps: number;
  /** Whether the largest number of a run must be exact: only upper bounds ask for it. */
  readonly exactPeak: boolean;
  /** Whether other rules count where its windows end: then a late hit is asked for every window that qualifies with it. */
  readonly feeds: boolean;
}

/** Types whose windows qualify by a count of at least so many. */
const counted: readonly CorrelationType[] = ['event_count', 'value_count', 'temporal'];

/**
 * Slides over sorted hits. After `add(i)` the window is every hit no more than `windowUs` before hit `i`; `size` is
 * its number (events, distinct values or rules, a sum …) and `from` its first hit. Each hit enters and leaves once.
 */
export class Window {
  readonly #rule: WindowRule;
  readonly #hits: readonly Hit[];
  readonly #metric: WindowMetric;
  readonly #isCount: boolean;
  /** Per step of a sequence: index of the first hit of the latest chain that got this far. */
  readonly #chains: (number | undefined)[] = [];
  from = 0;
  size = 0;

  constructor(rule: WindowRule, hits: readonly Hit[], from: number) {
    this.#rule = rule;
    this.#hits = hits;
    this.#metric = createMetric(rule);
    this.#isCount = counted.includes(rule.type);
    this.from = from;
  }

  /** Whether the window that ends with this hit qualifies. Hits are added in order. */
  add(index: number): boolean {
    const hit = this.#hits[index] as Hit;
    if (this.#rule.type === 'temporal_ordered') return this.#step(index, hit);
    const oldest = hit.timeUs - this.#rule.windowUs;
    while ((this.#hits[this.from] as Hit).timeUs < oldest) this.#metric.leave(this.#hits[this.from++] as Hit);
    this.#metric.enter(hit);
    this.size = this.#metric.value(hit);
    if (this.#isCount) return this.size >= this.#rule.atLeast;
    for (const bound of this.#rule.bounds) if (!meets(this.size, bound)) return false;
    return true;
  }

  /**
   * A hit was put at `index`, before the last one; `last` is where that one stands now. Brings the window up to date;
   * false where it cannot be (sequences).
   */
  insert(index: number, last: number): boolean {
    if (this.#rule.type === 'temporal_ordered') return false;
    const hit = this.#hits[index] as Hit;
    if (hit.timeUs < (this.#hits[last] as Hit).timeUs - this.#rule.windowUs) this.from++;
    else this.#metric.enter(hit);
    this.size = this.#metric.value(this.#hits[last] as Hit);
    return true;
  }

  #step(index: number, hit: Hit): boolean {
    const step = Number(hit.value);
    const start = step === 0 ? index : this.#chains[step - 1];
    if (start === undefined) return false;
    const before = this.#chains[step];
    if (before === undefined || start > before) this.#chains[step] = start;
    if (step !== this.#rule.steps - 1) return false;
    const first = this.#chains[step] as number;
    const oldest = hit.timeUs - this.#rule.windowUs;
    if ((this.#hits[first] as Hit).timeUs < oldest) return false;
    // The latest start decides whether it qualifies; the earliest one, with which it does too, is where it begins in any order of arrival.
    while ((this.#hits[this.from] as Hit).timeUs < oldest || Number(this.#hits[this.from]?.value) !== 0) this.from++;
    this.size = this.#rule.steps;
    return true;
  }
}
