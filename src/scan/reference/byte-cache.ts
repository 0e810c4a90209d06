/** Slots for each entry: few enough collisions. */
const slotsPerEntry = 2;
const slotWords = 4;
/** Values met once are known by 8 bits of their hash in a table of this many. */
const metOnce = 65_536;
/** Slots looked at for one value; where all are taken the value is not remembered. */
const mostProbes = 16;

/**
 * Remembers results by the bytes of a value and a number that goes with them. Two generations of `capacity` entries and `room`
 * bytes: when the young one is full it becomes the old one, so input of ever new values costs memory for two generations and
 * no more. The hash is seeded, and probing is bounded: values made to collide are merely not remembered.
 */
export class ByteCache<T> {
  readonly #seed: number;
  readonly #met = new Uint8Array(metOnce);
  #young: Generation<T>;
  #old: Generation<T>;

  /** `seed` makes collisions unpredictable; `room`: bytes of values kept in one generation */
  constructor(capacity: number, room: number, seed: number) {
    this.#seed = seed | 0;
    this.#young = new Generation(capacity, room);
    this.#old = new Generation(capacity, room);
  }

  /** What `get` and `set` take for the same bytes and tag. */
  hash(bytes: Uint8Array, start: number, end: number, tag: number): number {
    let hash = this.#seed ^ Math.imul(tag, 0x9e3779b1) ^ (end - start);
    let at = start;
    for (; at + 4 <= end; at += 4) {
      const [low, high] = [wordOf(bytes[at], bytes[at + 1]), wordOf(bytes[at + 2], bytes[at + 3])];
      hash = Math.imul(hash ^ (low | (high << 16)), 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  }

  /** Says whether a value is worth remembering: it has been met before. Most are never met again, and would push out those that are. */
  isMetAgain(hash: number): boolean {
    const at = hash & (metOnce - 1);
    const mark = (hash >>> 24) | 1;
    if (this.#met[at] === mark) return true;
    this.#met[at] = mark;
    return false;
  }

  get(hash: number, bytes: Uint8Array, start: number, end: number, tag: number): T | undefined {
    const young = this.#young.get(hash, bytes, start, end, tag);
    if (young !== undefined) return young;
    const old = this.#old.get(hash, bytes, start, end, tag);
    if (old !== undefined) this.set(hash, bytes, start, end, tag, old);
    return old;
  }

  set(hash: number, bytes: Uint8Array, start: number, end: number, tag: number, value: T): void {
    if (!this.#young.hasRoom(end - start)) {
      const cleared = this.#old;
      this.#old = this.#young;
      this.#young = cleared;
      cleared.clear();
    }
    this.#young.set(hash, bytes, start, end, tag, value);
  }
}

const wordOf = (low: number | undefined, high: number | undefined): number => (low as number) | ((high as number) << 8);

class Generation<T> {
  /** Four words a slot: hash, tag, where the bytes are kept, their number + 1 (0: the slot is free). One line of the processor's cache. */
  readonly #slots: Int32Array;
  readonly #values: (T | undefined)[];
  readonly #mask: number;
  readonly #capacity: number;
  readonly #room: number;
  /** Grows up to `room`. */
  #bytes = new Uint8Array(4096);
  #used = 0;
  #count = 0;

  constructor(capacity: number, room: number) {
    const slots = 2 ** Math.ceil(Math.log2(capacity * slotsPerEntry));
    this.#capacity = capacity;
    this.#room = room;
    this.#mask = slots - 1;
    this.#slots = new Int32Array(slots * slotWords);
    this.#values = new Array<T | undefined>(slots).fill(undefined);
  }

  hasRoom(bytes: number): boolean {
    return this.#count < this.#capacity && this.#used + bytes <= this.#room;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#values.fill(undefined);
    this.#used = 0;
    this.#count = 0;
  }

  get(hash: number, bytes: Uint8Array, start: number, end: number, tag: number): T | undefined {
    const slots = this.#slots;
    const wanted = end - start + 1;
    for (let slot = hash & this.#mask, probe = 0; probe < mostProbes; slot = (slot + 1) & this.#mask, probe++) {
      const at = slot * slotWords;
      const length = slots[at + 3] as number;
      if (length === 0) return undefined;
      if (slots[at] !== hash || slots[at + 1] !== tag || length !== wanted) continue;
      if (this.#isKept(slots[at + 2] as number, bytes, start, end)) return this.#values[slot];
    }
    return undefined;
  }

  #isKept(place: number, bytes: Uint8Array, start: number, end: number): boolean {
    const kept = this.#bytes;
    for (let at = start, from = place; at < end; at++, from++) if (bytes[at] !== kept[from]) return false;
    return true;
  }

  set(hash: number, bytes: Uint8Array, start: number, end: number, tag: number, value: T): void {
    const slots = this.#slots;
    for (let slot = hash & this.#mask, probe = 0; probe < mostProbes; slot = (slot + 1) & this.#mask, probe++) {
      const at = slot * slotWords;
      if (slots[at + 3] !== 0) continue;
      slots[at] = hash;
      slots[at + 1] = tag;
      slots[at + 2] = this.#used;
      slots[at + 3] = end - start + 1;
      this.#values[slot] = value;
      this.#count++;
      this.#keep(bytes, start, end);
      return;
    }
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.#used + end - start;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(this.#room, Math.max(needed, this.#bytes.length * 2)));
      larger.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = larger;
    }
    const kept = this.#bytes;
    for (let at = start, to = this.#used; at < end; at++, to++) kept[to] = bytes[at] as number;
    this.#used = needed;
  }
}
