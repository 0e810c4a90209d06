/** Hands values from those who come with them to the one who takes them, in order. */
export class Handover<T> {
  readonly #left: (value: T) => void;
  readonly #waiting: T[] = [];
  #wake: () => void = () => undefined;
  #isOver = false;

  /** @param left told of values that nobody takes any more */
  constructor(left: (value: T) => void) {
    this.#left = left;
  }

  offer(value: T): void {
    if (this.#isOver) {
      this.#left(value);
      return;
    }
    this.#waiting.push(value);
    this.#wake();
  }

  /** Ends when the signal aborts. To be called once. */
  async *taken(signal: AbortSignal): AsyncGenerator<T, void, undefined> {
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    try {
      while (!signal.aborted) {
        const value = this.#waiting.shift();
        if (value !== undefined) yield value;
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
    } finally {
      this.#isOver = true;
      for (const value of this.#waiting.splice(0)) this.#left(value);
    }
  }
}
