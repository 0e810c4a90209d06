export interface DedupeOptions {
  /** Records remembered at most. */
  readonly maxRecords: number;
  /** How long a record is remembered. */
  readonly windowMs: number;
}

/** Entries the window starts with; it doubles as needed, so that a small log pays for little memory. */
const initialRecords = 4096;
/** Entries that came within this time share one time stamp. */
const stampMs = 1000;

/**
 * The digests of recent records, to recognise a repeat. A ring of 128-bit digests in order of arrival with an
 * open-addressing index over it: 24 bytes an entry (48 MB at two million), O(1) a look-up. The digests are keyed, so
 * nobody outside can choose ones that collide.
 */
export class DedupeWindow {
  readonly #options: DedupeOptions;
  #capacity: number;
  /** Four words an entry. */
  #ring: Uint32Array;
  /** Ring slot + 1, or 0. Twice as many slots as entries. */
  #index: Uint32Array;
  /** Running numbers of the oldest entry and of the next one; slot = number modulo capacity. */
  #oldest = 0;
  #next = 0;
  /** From which running number on entries have which age. */
  readonly #stamps: { from: number; atMs: number }[] = [];

  constructor(options: DedupeOptions) {
    this.#options = options;
    this.#capacity = 1;
    while (this.#capacity < Math.min(initialRecords, options.maxRecords)) this.#capacity *= 2;
    this.#ring = new Uint32Array(this.#capacity * 4);
    this.#index = new Uint32Array(this.#capacity * 2);
  }

  get size(): number {
    return this.#next - this.#oldest;
  }

  /** A mark to `rollback` to. */
  mark(): number {
    return this.#next;
  }

  /** Takes back what was added since `mark`: those records did not reach the log. */
  rollback(mark: number): void {
    while (this.#next > Math.max(mark, this.#oldest)) {
      this.#next--;
      this.#remove(this.#next & (this.#capacity - 1));
    }
    while (this.#stamps.length > 0 && (this.#stamps.at(-1)?.from ?? 0) >= this.#next) this.#stamps.pop();
  }

  /**
   * Forgets what is older than the window. Entries added from now on carry this time; a clock that goes back a little
   * does not count.
   */
  advance(nowMs: number): void {
    const horizon = nowMs - this.#options.windowMs;
    for (let first = this.#stamps[0]; first && first.atMs + stampMs <= horizon; first = this.#stamps[0]) {
      this.#stamps.shift();
      this.#forgetUpTo(this.#stamps[0]?.from ?? this.#next);
    }
    const last = this.#stamps.at(-1);
    if (!last || nowMs - last.atMs >= stampMs || last.atMs - nowMs > this.#options.windowMs)
      this.#stamps.push({ from: this.#next, atMs: nowMs });
  }

  /** Adds a digest of four words. False where it was there already. A digest of zeros is nobody's and always new. */
  add(a: number, b: number, c: number, d: number): boolean {
    if ((a | b | c | d) === 0) return true;
    const mask = this.#index.length - 1;
    const ring = this.#ring;
    let at = (a ^ (c >>> 7)) & mask;
    for (let slot = this.#index[at]!; slot !== 0; slot = this.#index[at]!) {
      const word = (slot - 1) * 4;
      if (ring[word] === a && ring[word + 1] === b && ring[word + 2] === c && ring[word + 3] === d) return false;
      at = (at + 1) & mask;
    }
    this.#insert(a, b, c, d, at);
    return true;
  }

  #insert(a: number, b: number, c: number, d: number, free: number): void {
    let at = free;
    if (this.size >= this.#options.maxRecords) {
      this.#forgetUpTo(this.#oldest + 1);
      at = this.#freeSlot(a, c);
    } else if (this.size >= this.#capacity) {
      this.#grow(this.#capacity * 2);
      at = this.#freeSlot(a, c);
    }
    const slot = this.#next & (this.#capacity - 1);
    const word = slot * 4;
    this.#ring[word] = a;
    this.#ring[word + 1] = b;
    this.#ring[word + 2] = c;
    this.#ring[word + 3] = d;
    this.#index[at] = slot + 1;
    this.#next++;
  }

  #freeSlot(a: number, c: number): number {
    const mask = this.#index.length - 1;
    let at = (a ^ (c >>> 7)) & mask;
    while (this.#index[at] !== 0) at = (at + 1) & mask;
    return at;
  }

  #forgetUpTo(number: number): void {
    while (this.#oldest < Math.min(number, this.#next)) {
      this.#remove(this.#oldest & (this.#capacity - 1));
      this.#oldest++;
    }
  }

  #home(slot: number): number {
    return (this.#ring[slot * 4]! ^ (this.#ring[slot * 4 + 2]! >>> 7)) & (this.#index.length - 1);
  }

  /** Takes a ring slot out of the index; entries behind it in the probe sequence move up (Knuth, TAOCP 6.4, algorithm R). */
  #remove(slot: number): void {
    const index = this.#index;
    const mask = index.length - 1;
    let hole = this.#home(slot);
    while (index[hole] !== slot + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; index[at] !== 0; at = (at + 1) & mask) {
      const home = this.#home(index[at]! - 1);
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        index[hole] = index[at]!;
        hole = at;
      }
    }
    index[hole] = 0;
  }

  /** Makes room for this many more entries at once, as far as the window may grow. */
  reserve(records: number): void {
    let capacity = this.#capacity;
    while (capacity < Math.min(this.size + records, this.#options.maxRecords)) capacity *= 2;
    if (capacity > this.#capacity) this.#grow(capacity);
  }

  #grow(capacity: number): void {
    const old = this.#ring;
    const oldMask = this.#capacity - 1;
    this.#capacity = capacity;
    this.#ring = new Uint32Array(capacity * 4);
    this.#index = new Uint32Array(capacity * 2);
    const ring = this.#ring;
    for (let number = this.#oldest; number < this.#next; number++) {
      const from = (number & oldMask) * 4;
      const slot = number & (capacity - 1);
      for (let word = 0; word < 4; word++) ring[slot * 4 + word] = old[from + word]!;
      this.#index[this.#freeSlot(ring[slot * 4]!, ring[slot * 4 + 2]!)] = slot + 1;
    }
  }
}
