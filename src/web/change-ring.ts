import type { LogPosition } from '../core/log.ts';
import type { Silence } from '../core/review.ts';
import { comparePositions } from '../log/segment-list.ts';

/** Something in the findings log changed what is shown. */
export interface Change {
  /** Counts up from 1. */
  readonly number: number;
  /** End of the batch it came in. */
  readonly end: LogPosition;
  /** Id of a finding that is new, revised or reviewed. */
  readonly finding?: string;
  readonly silence?: Silence;
}

/**
 * The last changes, for those who were away. A client's place is a number here, so that nothing is kept for a slow one; and a
 * position of the log for one that comes again, perhaps to another process.
 */
export class ChangeRing {
  readonly #ring: Change[] = [];
  readonly #most: number;
  #last = 0;
  #listeners = new Set<() => void>();
  /** Where the log was read up to. */
  end: LogPosition | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** Number of the last change. */
  get last(): number {
    return this.#last;
  }

  add(change: Omit<Change, 'number'>): number {
    this.#last++;
    this.#ring[this.#last % this.#most] = { ...change, number: this.#last };
    return this.#last;
  }

  /** Undefined where it is there no more, or not yet. */
  get(number: number): Change | undefined {
    const change = this.#ring[number % this.#most];
    return change?.number === number ? change : undefined;
  }

  /** Number of the change up to which a client has everything that came before `position`; undefined where that is unknown. */
  numberAt(position: LogPosition): number | undefined {
    let [low, high] = [Math.max(0, this.#last - this.#most), this.#last];
    if (low > 0 && comparePositions((this.get(low + 1) as Change).end, position) > 0) return undefined;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (comparePositions((this.get(middle) as Change).end, position) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Tells all who wait. */
  wake(): void {
    const listeners = this.#listeners;
    this.#listeners = new Set();
    for (const listener of listeners) listener();
  }

  /** Resolves once there may be more, or when `signal` aborts. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#listeners.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      if (signal.aborted) resolve();
      else {
        this.#listeners.add(done);
        signal.addEventListener('abort', done, { once: true });
      }
    });
  }
}
