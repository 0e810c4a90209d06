import type { Clock } from '../core/clock.ts';
import { type GapTotals, gapTotals } from './completeness.ts';
import type { FindingsView } from './findings-view.ts';

const everyMs = 10_000;

/** What is known to be missing by source, for the status of every second: counted anew every ten seconds while somebody asks. */
export class GapCounts {
  readonly #view: FindingsView;
  readonly #clock: Clock;
  #atMs = Number.NEGATIVE_INFINITY;
  #totals: ReadonlyMap<string, GapTotals> = new Map();

  constructor(view: FindingsView, clock: Clock) {
    this.#view = view;
    this.#clock = clock;
  }

  /** As of ten seconds ago at most, once it has been asked for. */
  get totals(): ReadonlyMap<string, GapTotals> {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#atMs >= everyMs) {
      this.#atMs = nowMs;
      void gapTotals(this.#view).then((totals) => {
        this.#totals = totals;
      });
    }
    return this.#totals;
  }
}
