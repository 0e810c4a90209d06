export interface DedupeOptions {
  /** Records remembered at most. */
  readonly maxRecords: number;
  /** How long a record is remembered. */
  readonly windowMs: number;
}

/** Entries come and go in pieces of so many (64 KiB): a window that doubles would hold its old and its new memory at once. */
const pieceBits = 12;
const pieceEntries = 1 << pieceBits;
const entryWords = 4;
const initialSlots = 2 * pieceEntries;
/** Entries for so many slots of the index at most, beyond which it doubles. */
const fullest = 5 / 8;
/** Running numbers in the index are modulo this: far more than are ever remembered at once. */
const numbers = 2 ** 31;
/** Entries that came within this time share one time stamp. */
const stampMs = 1000;

/**
 * The digests of recent records, to recognise a repeat. 128-bit digests in order of arrival with an open-addressing index over
 * them: 22 to 29 bytes an entry (49 MB at two million), O(1) a look-up. The digests are keyed, so nobody outside can choose ones
 * that collide.
 */
export class DedupeWindow {
  readonly #options: DedupeOptions;
  /** By the high bits of running numbers, modulo their number, which is a power of two. Four words an entry. */
  #pieces: (Uint32Array | undefined)[] = [undefined];
  /** One that was left behind, for the next entries. */
  #spare: Uint32Array | undefined;
  /** Running number + 1 modulo `numbers`, or 0. */
  #index = new Uint32Array(initialSlots);
  /** Running numbers of the oldest entry and of the next one. */
  #oldest = 0;
  #next = 0;
  /** From which running number on entries have which age. */
  readonly #stamps: { from: number; atMs: number }[] = [];

  constructor(options: DedupeOptions) {
    this.#options = options;
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
      this.#remove(this.#next);
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
    const index = this.#index;
    const mask = index.length - 1;
    let at = homeOf(a, c) & mask;
    for (let known = index[at] as number; known !== 0; known = index[at] as number) {
      const piece = this.#pieceOf(known - 1);
      const word = wordOf(known - 1);
      if (piece[word] === a && piece[word + 1] === b && piece[word + 2] === c && piece[word + 3] === d) return false;
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
    } else if (this.#growIndex(this.size + 1)) at = this.#freeSlot(a, c);
    const number = this.#next % numbers;
    const piece = this.#pieceFor(number);
    const word = wordOf(number);
    piece[word] = a;
    piece[word + 1] = b;
    piece[word + 2] = c;
    piece[word + 3] = d;
    this.#index[at] = number + 1;
    this.#next++;
  }

  /** The piece that holds an entry. */
  #pieceOf(number: number): Uint32Array {
    return this.#pieces[(number >>> pieceBits) & (this.#pieces.length - 1)] as Uint32Array;
  }

  /** The piece for the next entry. */
  #pieceFor(number: number): Uint32Array {
    const first = Math.floor(this.#oldest / pieceEntries);
    if (Math.floor(this.#next / pieceEntries) - first >= this.#pieces.length) this.#growPieces(first);
    const place = (number >>> pieceBits) & (this.#pieces.length - 1);
    const piece = this.#pieces[place] ?? this.#spare ?? new Uint32Array(pieceEntries * entryWords);
    if (piece === this.#spare) this.#spare = undefined;
    this.#pieces[place] = piece;
    return piece;
  }

  /** Twice as many places for pieces; those that are there move to the places they have among them. */
  #growPieces(first: number): void {
    const { length } = this.#pieces;
    const pieces = new Array<Uint32Array | undefined>(length * 2).fill(undefined);
    for (let i = first; i < first + length; i++) pieces[i & (length * 2 - 1)] = this.#pieces[i & (length - 1)];
    this.#pieces = pieces;
  }

  #freeSlot(a: number, c: number): number {
    const mask = this.#index.length - 1;
    let at = homeOf(a, c) & mask;
    while (this.#index[at] !== 0) at = (at + 1) & mask;
    return at;
  }

  #forgetUpTo(number: number): void {
    while (this.#oldest < Math.min(number, this.#next)) {
      this.#remove(this.#oldest);
      this.#oldest++;
      if (this.#oldest % pieceEntries === 0) this.#leave(this.#oldest / pieceEntries - 1);
    }
  }

  /** No entry of a piece is remembered any more. */
  #leave(number: number): void {
    const place = number & (this.#pieces.length - 1);
    this.#spare = this.#pieces[place];
    this.#pieces[place] = undefined;
  }

  #home(number: number): number {
    const piece = this.#pieceOf(number);
    const word = wordOf(number);
    return homeOf(piece[word] as number, piece[word + 2] as number) & (this.#index.length - 1);
  }

  /** Takes an entry out of the index; those behind it in the probe sequence move up (Knuth, TAOCP 6.4, algorithm R). */
  #remove(running: number): void {
    const index = this.#index;
    const mask = index.length - 1;
    const number = running % numbers;
    let hole = this.#home(number);
    while (index[hole] !== number + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; index[at] !== 0; at = (at + 1) & mask) {
      const home = this.#home((index[at] as number) - 1);
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        index[hole] = index[at] as number;
        hole = at;
      }
    }
    index[hole] = 0;
  }

  /** Makes room for this many more entries at once, as far as the window may grow. */
  reserve(records: number): void {
    this.#growIndex(Math.min(this.size + records, this.#options.maxRecords));
  }

  /** @returns whether slots are other ones now */
  #growIndex(entries: number): boolean {
    let slots = this.#index.length;
    while (entries > slots * fullest) slots *= 2;
    if (slots === this.#index.length) return false;
    this.#index = new Uint32Array(slots);
    for (let running = this.#oldest; running < this.#next; running++) {
      const number = running % numbers;
      const piece = this.#pieceOf(number);
      const word = wordOf(number);
      this.#index[this.#freeSlot(piece[word] as number, piece[word + 2] as number)] = number + 1;
    }
    return true;
  }
}

/** Where an entry's words begin in its piece. */
const wordOf = (number: number): number => (number & (pieceEntries - 1)) * entryWords;

const homeOf = (a: number, c: number): number => a ^ (c >>> 7);
