import { limits } from '../core/limits.ts';

/** closed: all is well, or failing for a moment. open: nothing is sent. half-open: one attempt finds out whether it may close. */
export type BreakerState = 'closed' | 'half-open' | 'open';

/** A circuit breaker in front of one sink. It only counts: who asks it does the waiting. */
export class Breaker {
  readonly #failuresToOpen: number;
  #failures = 0;
  #state: BreakerState = 'closed';

  constructor(failuresToOpen: number = limits.sinkFailures) {
    this.#failuresToOpen = failuresToOpen;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Attempts in a row that failed. */
  get failures(): number {
    return this.#failures;
  }

  /** The next attempt begins. */
  attempt(): void {
    if (this.#state === 'open') this.#state = 'half-open';
  }

  /** @returns whether it opened just now */
  failed(): boolean {
    this.#failures++;
    const wasClosed = this.#state === 'closed';
    if (!wasClosed || this.#failures >= this.#failuresToOpen) this.#state = 'open';
    return wasClosed && this.#state === 'open';
  }

  /** @returns whether it closed just now */
  passed(): boolean {
    const wasClosed = this.#state === 'closed';
    this.#failures = 0;
    this.#state = 'closed';
    return !wasClosed;
  }
}

/**
 * How long to wait after so many failures in a row, milliseconds: doubling, the longer end only where the breaker is open,
 * with up to half of it taken off at random so that many do not come at once; never less than the other side asked for.
 * @param random 0 ≤ x < 1
 */
export function backoffMs(failures: number, isOpen: boolean, random: number, retryAfterMs = 0): number {
  const longest = isOpen ? limits.sinkProbeLongestMs : limits.sinkRetryLongestMs;
  const waitMs = Math.min(limits.sinkRetryMs * 2 ** Math.max(0, failures - 1), longest);
  return Math.max(waitMs * (1 - random / 2), Math.min(retryAfterMs, limits.sinkRetryAfterMs));
}
