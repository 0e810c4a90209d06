/**
 * Work that may finish in any order and is used in the order it was given. At most `limit` pieces are open: giving another
 * waits for the oldest.
 */
export class InOrder<T> {
  readonly #limit: number;
  readonly #use: (result: T) => Promise<void>;
  readonly #open: Promise<void>[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(limit: number, use: (result: T) => Promise<void>) {
    this.#limit = limit;
    this.#use = use;
  }

  /** @throws what work or use threw before */
  async add(work: T | Promise<T>): Promise<void> {
    const result = Promise.resolve(work);
    const done = this.#last.then(async () => this.#use(await result));
    // Thrown to whoever adds next, or ends.
    result.catch(() => undefined);
    done.catch(() => undefined);
    this.#last = done;
    this.#open.push(done);
    if (this.#open.length >= this.#limit) await this.#open.shift();
  }

  /** Resolves once everything was used. @throws what work or use threw */
  end(): Promise<void> {
    return this.#last;
  }
}
