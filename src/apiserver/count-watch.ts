/** One look at two counters that only grow. */
export interface CountLook {
  readonly atMs: number;
  /** Events that apiservers have counted since they started. */
  readonly counted: number;
  /** Events of theirs that are in the log. Read before `counted` was: so what is on its way only ever adds to the difference. */
  readonly stored: number;
  /** Changes when one of them started anew: its counter did so too. */
  readonly starts: string;
}

export interface CountVerdict {
  readonly sinceMs: number;
  readonly counted: number;
  readonly stored: number;
  readonly missing: number;
  readonly isSettled: boolean;
}

/** Looks that a verdict needs. Of so many, one falls just behind a batch, when next to nothing is on its way. */
export const looksAtLeast = 30;
/**
 * A difference is a loss beyond this share of what it moves by as batches come and go: that all of thirty looks miss the lower third of
 * a batch has a probability of 5e-6.
 */
const noiseShare = 1 / 3;

/**
 * Tells a loss from what is on its way, without the clocks of both. The difference of the counters is what is on its way and what is
 * missing; the first comes and goes with each batch, the second stays. So the least difference of the last looks, over the least there
 * ever was, is what is missing.
 */
export class CountWatch {
  #base: CountLook | undefined;
  #last: CountLook | undefined;
  #sinceMs = 0;
  /** Of stretches that ended as an apiserver started anew. */
  #before = { counted: 0, stored: 0, missing: 0 };
  #least = 0;
  #differences: number[] = [];

  add(look: CountLook): void {
    const { counted, starts } = this.#last ?? look;
    if (look.counted < counted || look.starts !== starts) this.#beginAnew();
    if (!this.#base) {
      this.#base = look;
      if (this.#last === undefined) this.#sinceMs = look.atMs;
      this.#least = 0;
    }
    this.#last = look;
    const difference = look.counted - this.#base.counted - (look.stored - this.#base.stored);
    this.#least = Math.min(this.#least, difference);
    this.#differences = [...this.#differences, difference].slice(-looksAtLeast);
  }

  /** Undefined before the second look. */
  verdict(): CountVerdict | undefined {
    const [base, last] = [this.#base, this.#last];
    if (!base || !last || last.atMs === this.#sinceMs) return undefined;
    return {
      sinceMs: this.#sinceMs,
      counted: this.#before.counted + last.counted - base.counted,
      stored: this.#before.stored + last.stored - base.stored,
      missing: this.#before.missing + this.#missing(),
      isSettled: this.#differences.length === looksAtLeast,
    };
  }

  #missing(): number {
    if (this.#differences.length < looksAtLeast) return 0;
    const [low, high] = [Math.min(...this.#differences), Math.max(...this.#differences)];
    const excess = low - this.#least;
    return excess > (high - low) * noiseShare ? excess : 0;
  }

  #beginAnew(): void {
    const verdict = this.verdict();
    if (verdict) this.#before = verdict;
    this.#base = undefined;
    this.#differences = [];
  }
}
