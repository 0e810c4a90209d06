/** Entries set until an iterator that stands still is let go, besides as many as the map has. */
const leastSets = 1_000;

/**
 * A map that knows which entry was set longest ago. Setting an entry makes it the newest. Every operation takes constant
 * time on average, however many entries have gone: a map asked for its first entry anew each time walks over all of
 * those that were removed before it.
 */
export class StalestMap<V> {
  readonly #map = new Map<string, V>();
  /**
   * Everything before it is gone: entries that were set again stand at the end. Made when it is needed, and not kept where it stands
   * still: V8 keeps for an iterator all the tables that its map had since it moved last, 80 bytes for each entry that was set.
   */
  #oldest: Iterator<[string, V]> | undefined;
  /** Entries set since it moved. */
  #sets = 0;

  constructor(entries: Iterable<readonly [string, V]> = []) {
    for (const [key, value] of entries) this.#map.set(key, value);
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: string): V | undefined {
    return this.#map.get(key);
  }

  set(key: string, value: V): void {
    this.#map.delete(key);
    this.#map.set(key, value);
    if (this.#oldest && ++this.#sets > this.#map.size + leastSets) this.#oldest = undefined;
  }

  /** As `set`, in a map of at most so many entries. @returns the stalest entry where it had to go for that */
  setWithin(limit: number, key: string, value: V): readonly [key: string, value: V] | undefined {
    this.set(key, value);
    return this.#map.size > limit ? this.takeStalest() : undefined;
  }

  delete(key: string): void {
    this.#map.delete(key);
  }

  /** Removes the stalest entry and returns it. */
  takeStalest(): readonly [key: string, value: V] | undefined {
    this.#sets = 0;
    this.#oldest ??= this.#map.entries();
    let next = this.#oldest.next();
    if (next.done) {
      // An iterator that has come to its end stays there.
      this.#oldest = this.#map.entries();
      next = this.#oldest.next();
    }
    if (next.done) return undefined;
    this.#map.delete(next.value[0]);
    return next.value;
  }

  /** Stalest first. Entries may be removed meanwhile. */
  [Symbol.iterator](): IterableIterator<[string, V]> {
    return this.#map.entries();
  }
}
