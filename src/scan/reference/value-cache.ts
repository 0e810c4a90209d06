/**
 * Remembers results by value. Two generations of `capacity` entries: when the young one is full it becomes the old
 * one, so input of ever new values costs memory for two generations and no more. V8's string hash is seeded.
 */
export class ValueCache<T> {
  #young = new Map<string, T>();
  #old = new Map<string, T>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string): T | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: T): void {
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
