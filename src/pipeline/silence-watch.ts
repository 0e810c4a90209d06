/** How many usual pauses in a row are a silence. */
const usualPauses = 4;
/** The longest pause seen is forgotten by half in this time: nights and weekends count, last month does not. */
const halfLifeMs = 3 * 86_400_000;

/** Notices that a source has become silent: longer than the least time, and than several times its longest usual pause. */
export class SilenceWatch {
  readonly #leastMs: number;
  #lastMs: number;
  #total = 0;
  #longestMs = 0;
  #silent = false;

  constructor(leastMs: number, startedMs: number) {
    this.#leastMs = leastMs;
    this.#lastMs = startedMs;
  }

  /** When something came last, or it was started. Milliseconds since the epoch. */
  get lastMs(): number {
    return this.#lastMs;
  }

  /** How long nothing may come. */
  get allowedMs(): number {
    return Math.max(this.#leastMs, usualPauses * this.#longestMs);
  }

  /** @param total events so far. @returns whether a silence has begun or ended with this look */
  look(total: number, nowMs: number): 'begun' | 'ended' | undefined {
    const pauseMs = nowMs - this.#lastMs;
    if (total !== this.#total) {
      this.#longestMs = Math.max(this.#longestMs * 0.5 ** (pauseMs / halfLifeMs), pauseMs);
      [this.#total, this.#lastMs] = [total, nowMs];
      const was = this.#silent;
      this.#silent = false;
      return was ? 'ended' : undefined;
    }
    if (this.#silent || this.#leastMs === 0 || pauseMs <= this.allowedMs) return undefined;
    this.#silent = true;
    return 'begun';
  }
}
