/** Lists up to this long are sorted in place: they are nearly in order. */
const insertedEdits = 64;

/** Rank of a value that is dropped: it is gone whatever is in it. */
export const byDrop = 4;

/** More edits than this are not kept for the next event. */
const keptEdits = 16_384;

/** Replacements in one document, in the order they were found; `settle` makes them a sorted list without overlaps. */
export class Edits {
  count = 0;
  starts: number[] = [];
  ends: number[] = [];
  rules: number[] = [];
  texts: Uint8Array[] = [];
  /** 4: a value that is dropped; 3 and 2: a whole value by its place or its name; 1: text found by a pattern, also in inner documents; 0: encoded text that was written again. */
  ranks: number[] = [];

  clear(): void {
    this.count = 0;
    if (this.#released.length > 0) this.#released = [];
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

  /** Takes out the edits from number `first` on. */
  cut(first: number): readonly { start: number; end: number; text: Uint8Array; rule: number }[] {
    const found = [];
    for (let i = first; i < this.count; i++) {
      const [start, end] = [this.starts[i] as number, this.ends[i] as number];
      found.push({ start, end, text: this.texts[i] as Uint8Array, rule: this.rules[i] as number });
    }
    this.count = Math.min(first, this.count);
    return found;
  }

  /** What no edit may touch; ranges are within each other or apart. */
  #released: Released[] = [];
  #releasedInOrder = true;

  /** Nothing within this range is replaced, whatever is added before or after. */
  release(start: number, end: number): void {
    this.#released.push({ start, end });
    this.#releasedInOrder = false;
  }

  isReleased(start: number, end: number): boolean {
    if (this.#released.length === 0) return false;
    if (!this.#releasedInOrder) this.#released = outermost(this.#released);
    this.#releasedInOrder = true;
    let [low, high] = [0, this.#released.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#released[middle] as Released).start <= start) low = middle + 1;
      else high = middle;
    }
    return low > 0 && end <= (this.#released[low - 1] as Released).end;
  }

  /** Lets go of what an event with very many edits left behind. */
  trim(): void {
    if (this.starts.length > keptEdits) Object.assign(this, new Edits());
  }

  /**
   * Sorts and resolves overlaps: a whole value wins over what is inside it; among the others the union is masked, so
   * that no part of either is left. Costs one pass where the edits are in order, as they are but for masks that waited
   * and for what comes out of inner documents.
   */
  settle(): void {
    if (this.#released.length > 0) this.#leaveReleased();
    if (this.#isSettled()) return;
    if (this.count <= insertedEdits) this.#insertionSort();
    else this.#sort();
    const { count } = this;
    this.count = 0;
    for (let i = 0; i < count; i++) this.#merge(i);
  }

  #leaveReleased(): void {
    const { count } = this;
    this.count = 0;
    for (let i = 0; i < count; i++) {
      const [start, end] = [this.starts[i] as number, this.ends[i] as number];
      if (!this.isReleased(start, end))
        this.add(start, end, this.texts[i] as Uint8Array, this.rules[i] as number, this.ranks[i] as number);
    }
  }

  #isSettled(): boolean {
    for (let i = 1; i < this.count; i++) if ((this.starts[i] as number) < (this.ends[i - 1] as number)) return false;
    return true;
  }

  /** By start; the higher rank, then the longer, first. */
  #isBefore(a: number, b: number): boolean {
    const byStart = (this.starts[a] as number) - (this.starts[b] as number);
    if (byStart !== 0) return byStart < 0;
    const byRank = (this.ranks[b] as number) - (this.ranks[a] as number);
    return byRank !== 0 ? byRank < 0 : (this.ends[a] as number) > (this.ends[b] as number);
  }

  #insertionSort(): void {
    for (let i = 1; i < this.count; i++) for (let k = i; k > 0 && this.#isBefore(k, k - 1); k--) this.#swap(k, k - 1);
  }

  #swap(a: number, b: number): void {
    for (const column of [this.starts, this.ends, this.rules, this.ranks]) {
      const held = column[a] as number;
      column[a] = column[b] as number;
      column[b] = held;
    }
    const text = this.texts[a] as Uint8Array;
    this.texts[a] = this.texts[b] as Uint8Array;
    this.texts[b] = text;
  }

  #sort(): void {
    const order = Array.from({ length: this.count }, (_, i) => i).sort((a, b) =>
      this.#isBefore(a, b) ? -1 : this.#isBefore(b, a) ? 1 : a - b,
    );
    const pick = <T>(column: readonly T[]): T[] => order.map((i) => column[i] as T);
    this.starts = pick(this.starts);
    this.ends = pick(this.ends);
    this.rules = pick(this.rules);
    this.texts = pick(this.texts);
    this.ranks = pick(this.ranks);
  }

  /** Appends edit `i`, which is at or after the end of the list, or joins it with the last one that it overlaps. */
  #merge(i: number): void {
    const start = this.starts[i] as number;
    const end = this.ends[i] as number;
    const rank = this.ranks[i] as number;
    const last = this.count - 1;
    if (last < 0 || start >= (this.ends[last] as number)) {
      this.add(start, end, this.texts[i] as Uint8Array, this.rules[i] as number, rank);
      return;
    }
    // What is left of a dropped value, or of a number, must not stand for a text around it that is cut.
    const stands = rank !== byDrop && !isZero(this.texts[i] as Uint8Array);
    if (rank > (this.ranks[last] as number) && stands) {
      this.texts[last] = this.texts[i] as Uint8Array;
      this.rules[last] = this.rules[i] as number;
      this.ranks[last] = rank;
    }
    if (end > (this.ends[last] as number)) this.ends[last] = end;
  }
}

const isZero = (text: Uint8Array): boolean => text.length === 1 && text[0] === 48;

interface Released {
  readonly start: number;
  readonly end: number;
}

/** In order, without those within another. */
function outermost(ranges: readonly Released[]): Released[] {
  const found: Released[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start || b.end - a.end))
    if (range.end > (found.at(-1)?.end ?? -1)) found.push(range);
  return found;
}
