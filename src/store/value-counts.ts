/**
 * Counts by text in bounded memory: past the bound the rarer half is forgotten, so what is common stays right.
 * Source: the idea of lossy counting (Manku and Motwani 2002), without its guarantee of error.
 */
export class ValueCounts<Count> {
  readonly #counts = new Map<string, Count>();
  readonly #bound: number;
  readonly #make: () => Count;
  readonly #sizeOf: (count: Count) => number;

  constructor(bound: number, make: () => Count, sizeOf: (count: Count) => number) {
    this.#bound = bound;
    this.#make = make;
    this.#sizeOf = sizeOf;
  }

  of(value: string): Count {
    const known = this.#counts.get(value);
    if (known !== undefined) return known;
    if (this.#counts.size >= this.#bound) this.#forget();
    const made = this.#make();
    this.#counts.set(value, made);
    return made;
  }

  /** The largest first; by text where they are equal. */
  largest(limit: number): readonly (readonly [value: string, count: Count])[] {
    return [...this.#counts].sort(([a, x], [b, y]) => this.#sizeOf(y) - this.#sizeOf(x) || (a < b ? -1 : 1)).slice(0, limit);
  }

  #forget(): void {
    for (const [value] of this.largest(this.#bound).slice(this.#bound >> 1)) this.#counts.delete(value);
  }
}
