/** More edits than this are not kept for the next event. */
const keptEdits = 16_384;

/** Replacements in one document, in the order they were found; `settle` makes them a sorted list without overlaps. */
export class Edits {
  count = 0;
  starts: number[] = [];
  ends: number[] = [];
  rules: number[] = [];
  texts: Uint8Array[] = [];
  /** 3 and 2: a whole value by its place or its name; 1: text found by a pattern; 0: what a nested document became. */
  ranks: number[] = [];

  clear(): void {
    this.count = 0;
  }

  /** `rule` is -1 where the replacement was counted elsewhere. */
  add(start: number, end: number, text: Uint8Array, rule: number, rank: number): void {
    const i = this.count++;
    this.starts[i] = start;
    this.ends[i] = end;
    this.texts[i] = text;
    this.rules[i] = rule;
    this.ranks[i] = rank;
  }

  /** Lets go of what an event with very many edits left behind. */
  trim(): void {
    if (this.starts.length > keptEdits) Object.assign(this, new Edits());
  }

  /**
   * Sorts and resolves overlaps: a whole value wins over what is inside it; among the others the union is masked, so
   * that no part of either is left. O(n log n), O(n) where the edits are already in order.
   */
  settle(): void {
    if (this.count < 2) return;
    const order = this.#order();
    const settled = new Edits();
    for (const i of order) settled.#merge(this, i);
    Object.assign(this, settled);
  }

  #order(): number[] {
    const order = Array.from({ length: this.count }, (_, i) => i);
    const { starts, ranks, ends } = this;
    const compare = (a: number, b: number): number =>
      (starts[a] as number) - (starts[b] as number) ||
      (ranks[b] as number) - (ranks[a] as number) ||
      (ends[b] as number) - (ends[a] as number);
    return order.sort(compare);
  }

  #merge(from: Edits, i: number): void {
    const [start, end, rank] = [from.starts[i] as number, from.ends[i] as number, from.ranks[i] as number];
    const last = this.count - 1;
    if (last < 0 || start >= (this.ends[last] as number)) {
      this.add(start, end, from.texts[i] as Uint8Array, from.rules[i] as number, rank);
      return;
    }
    const lastRank = this.ranks[last] as number;
    if (rank > lastRank) {
      this.texts[last] = from.texts[i] as Uint8Array;
      this.rules[last] = from.rules[i] as number;
      this.ranks[last] = rank;
    }
    this.ends[last] = Math.max(end, this.ends[last] as number);
  }
}
