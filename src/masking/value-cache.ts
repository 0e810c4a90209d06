/**
 * Remembers results by value in bounded memory: two generations, the older dropped as a whole. Every entry in use is
 * moved to the young generation, so all-unique input costs one insertion a value and evicts nothing that repeats.
 */
export class ValueCache<V> {
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  readonly #entries: number;

  /** @param entries per generation */
  constructor(entries: number) {
    this.#entries = entries;
  }

  get(value: string): V | undefined {
    const young = this.#young.get(value);
    if (young !== undefined) return young;
    const old = this.#old.get(value);
    if (old !== undefined) this.set(value, old);
    return old;
  }

  set(value: string, result: V): void {
    if (this.#young.size >= this.#entries) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(value, result);
  }
}
