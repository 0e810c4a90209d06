import type { Outcome } from '../core/delivery.ts';
import { limits } from '../core/limits.ts';

/** Tiles handed over and not settled: enough to scan the next while one is synced, few enough for the memory. */
export const tilesInFlight = 4;
/** Of small tiles so many times as many may be on their way, so that the files of a log that has many share a sync. */
const smallTiles = 64;

interface Entry {
  readonly commit: (() => void) | undefined;
  readonly bytes: number;
  outcome: Outcome | undefined;
}

/**
 * Deliveries that were handed over and not settled yet: bounds how many there are, and commits positions in the order
 * of delivery, only up to the first one that was not delivered. A rejected one counts as done: it is a dead letter.
 * More than `limit` may be on their way where all of them hold no more memory than that many full tiles.
 */
export class InFlight {
  readonly #limit: number;
  readonly #entries: Entry[] = [];
  #unsettled = 0;
  #unsettledBytes = 0;
  #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get count(): number {
    return this.#unsettled;
  }

  /** Resolves when another delivery may be handed over, or the signal aborts. */
  async ready(signal: AbortSignal): Promise<void> {
    while (this.#isFull && !signal.aborted) await this.#change(signal);
  }

  get #isFull(): boolean {
    if (this.#unsettled < this.#limit) return false;
    return this.#unsettledBytes >= this.#limit * limits.tileBytes || this.#unsettled >= this.#limit * smallTiles;
  }

  /** Resolves when everything is settled, or the signal aborts. */
  async idle(signal: AbortSignal): Promise<void> {
    while (this.#unsettled > 0 && !signal.aborted) await this.#change(signal);
  }

  /**
   * Registers a delivery; the function returned settles it. @throws Error where it is settled twice
   * @param bytes memory it holds; by default that of a full tile
   */
  track(commit: (() => void) | undefined, bytes: number = limits.tileBytes): (outcome: Outcome) => void {
    const entry: Entry = { commit, bytes, outcome: undefined };
    this.#entries.push(entry);
    this.#unsettled++;
    this.#unsettledBytes += bytes;
    return (outcome) => {
      if (entry.outcome) throw new Error('a delivery is settled exactly once');
      entry.outcome = outcome;
      this.#unsettled--;
      this.#unsettledBytes -= bytes;
      this.#advance();
      for (const wake of this.#waiting.splice(0)) wake();
    };
  }

  #advance(): void {
    for (;;) {
      const first = this.#entries[0];
      if (!first?.outcome || first.outcome.status === 'errored') return;
      first.commit?.();
      this.#entries.shift();
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.push(done);
      signal.addEventListener('abort', done);
    });
  }
}
