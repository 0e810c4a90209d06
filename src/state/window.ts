import type { Hit } from './hits.ts';

/** What makes a window qualify. */
export interface WindowRule {
  readonly type: 'event_count' | 'value_count' | 'temporal' | 'temporal_ordered';
  readonly windowUs: number;
  /** Events, distinct values, or distinct rules a window needs. */
  readonly atLeast: number;
  /** Rules of a sequence. */
  readonly steps: number;
  /** Whether the largest number of a run must be exact: only upper bounds ask for it. */
  readonly exactPeak: boolean;
}

/**
 * Slides over sorted hits. After `add(i)` the window is every hit no more than `windowUs` before hit `i`; `size` is
 * its number (events, distinct values or rules) and `from` its first hit. Each hit enters and leaves once.
 */
export class Window {
  readonly #rule: WindowRule;
  readonly #hits: readonly Hit[];
  readonly #counts = new Map<string | number | undefined, number>();
  /** Per step of a sequence: index of the first hit of the latest chain that got this far. */
  readonly #chains: (number | undefined)[] = [];
  from = 0;
  size = 0;

  constructor(rule: WindowRule, hits: readonly Hit[], from: number) {
    this.#rule = rule;
    this.#hits = hits;
    this.from = from;
  }

  /** Whether the window that ends with this hit qualifies. Hits are added in order. */
  add(index: number): boolean {
    const hit = this.#hits[index] as Hit;
    if (this.#rule.type === 'temporal_ordered') return this.#step(index, hit);
    const oldest = hit.timeUs - this.#rule.windowUs;
    while ((this.#hits[this.from] as Hit).timeUs < oldest) this.#leave(this.#hits[this.from++] as Hit);
    this.#enter(hit);
    this.size = this.#rule.type === 'event_count' ? index - this.from + 1 : this.#counts.size;
    return this.size >= this.#rule.atLeast;
  }

  /**
   * A hit was put at `index`, before the last one; `last` is where that one stands now. Brings the window up to date;
   * false where it cannot be (sequences).
   */
  insert(index: number, last: number): boolean {
    if (this.#rule.type === 'temporal_ordered') return false;
    const hit = this.#hits[index] as Hit;
    if (hit.timeUs < (this.#hits[last] as Hit).timeUs - this.#rule.windowUs) this.from++;
    else this.#enter(hit);
    this.size = this.#rule.type === 'event_count' ? last - this.from + 1 : this.#counts.size;
    return true;
  }

  #enter(hit: Hit): void {
    if (this.#rule.type === 'event_count') return;
    this.#counts.set(hit.value, (this.#counts.get(hit.value) ?? 0) + 1);
  }

  #leave(hit: Hit): void {
    if (this.#rule.type === 'event_count') return;
    const left = (this.#counts.get(hit.value) ?? 1) - 1;
    if (left === 0) this.#counts.delete(hit.value);
    else this.#counts.set(hit.value, left);
  }

  #step(index: number, hit: Hit): boolean {
    const step = Number(hit.value);
    const start = step === 0 ? index : this.#chains[step - 1];
    if (start === undefined) return false;
    const before = this.#chains[step];
    if (before === undefined || start > before) this.#chains[step] = start;
    if (step !== this.#rule.steps - 1) return false;
    const first = this.#chains[step] as number;
    if (hit.timeUs - (this.#hits[first] as Hit).timeUs > this.#rule.windowUs) return false;
    this.from = first;
    this.size = this.#rule.steps;
    return true;
  }
}
