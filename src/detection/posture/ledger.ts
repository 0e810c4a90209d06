import { StalestMap } from '../../core/stalest-map.ts';

/** What is remembered by key, up to a number of keys; beyond it the one set longest ago is given up and counted. */
export class Ledger<V> {
  readonly #entries = new StalestMap<V>();
  readonly #limit: number;
  #givenUp = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#entries.size;
  }

  get givenUp(): number {
    return this.#givenUp;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: V): void {
    if (this.#entries.setWithin(this.#limit, key, value)) this.#givenUp++;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Removes every entry whose key starts so. Walks over all of them: only for what is rare. */
  deleteAll(prefix: string): void {
    for (const [key] of this.#entries) if (key.startsWith(prefix)) this.#entries.delete(key);
  }

  /** Stalest first. */
  [Symbol.iterator](): IterableIterator<[string, V]> {
    return this.#entries[Symbol.iterator]();
  }
}
