import { limits } from '../core/limits.ts';

/** Entries of one generation. Head fields have few distinct values; a cluster that has more turns generations over. */
const generationEntries = 1024;
const slotMask = generationEntries * 4 - 1;
const firstArenaBytes = 8 * 1024;
/** After a generation in which misses outnumbered hits, this many look-ups are skipped: nothing repeats. */
const pauseLookups = 16 * generationEntries;

/** Raw values and the bitmap each maps to. Open addressing; keys lie back to back in an arena. */
class Generation {
  readonly bits: Uint32Array;
  readonly #words: number;
  readonly #slots = new Int32Array(slotMask + 1);
  readonly #hashes = new Int32Array(generationEntries);
  readonly #starts = new Uint32Array(generationEntries + 1);
  readonly #types = new Uint8Array(generationEntries);
  #arena = new Uint8Array(firstArenaBytes);
  count = 0;

  constructor(words: number) {
    this.#words = words;
    this.bits = new Uint32Array(generationEntries * words);
  }

  clear(): void {
    this.count = 0;
    this.#slots.fill(0);
    this.#arena.fill(0);
  }

  /** Offset into `bits`, or -1. */
  find(hash: number, bytes: Uint8Array, start: number, end: number, type: number): number {
    for (let slot = hash & slotMask; ; slot = (slot + 1) & slotMask) {
      const entry = (this.#slots[slot] as number) - 1;
      if (entry < 0) return -1;
      if (this.#hashes[entry] === hash && this.#types[entry] === type && this.#same(entry, bytes, start, end))
        return entry * this.#words;
    }
  }

  #same(entry: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[entry] as number;
    if ((this.#starts[entry + 1] as number) - from !== end - start) return false;
    const arena = this.#arena;
    for (let i = start, j = from; i < end; i++, j++) if (bytes[i] !== arena[j]) return false;
    return true;
  }

  /** Takes a value that is not there; returns the offset of its bits, which the caller fills. */
  add(hash: number, bytes: Uint8Array, start: number, end: number, type: number): number {
    const entry = this.count++;
    const at = this.#starts[entry] as number;
    if (at + end - start > this.#arena.length) {
      const larger = new Uint8Array(Math.max(this.#arena.length * 2, at + end - start));
      larger.set(this.#arena.subarray(0, at));
      this.#arena = larger;
    }
    for (let i = start, j = at; i < end; i++, j++) this.#arena[j] = bytes[i] as number;
    this.#starts[entry + 1] = at + end - start;
    this.#hashes[entry] = hash;
    this.#types[entry] = type;
    let slot = hash & slotMask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & slotMask;
    this.#slots[slot] = entry + 1;
    return entry * this.#words;
  }
}

/** Seeded multiply-and-shift over words of four bytes; the seed keeps an attacker from choosing collisions. */
export function hashBytes(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let hash = seed ^ (end - start);
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const word =
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Fills `bits[at …]` with the rules a value still allows. */
export type FillBits = (bits: Uint32Array, at: number, bytes: Uint8Array, start: number, end: number, type: number) => void;

/**
 * Remembers for each distinct value of one field which rules it allows. Two generations: when the young one is full,
 * the old one is dropped and they change places; a value found in the old one moves to the young one. Bounded in
 * entries and bytes. Where values do not repeat it pauses, so that all-unique input does not pay for filling.
 */
export class BitmapCache {
  readonly #words: number;
  readonly #seed: number;
  readonly #fill: FillBits;
  #young: Generation;
  #old: Generation;
  #hits = 0;
  #pause = 0;
  /** Where the last successful look-up found its bits. */
  found: Uint32Array;

  constructor(words: number, seed: number, fill: FillBits) {
    this.#words = words;
    this.#seed = seed | 0;
    this.#fill = fill;
    this.#young = new Generation(words);
    this.#old = new Generation(words);
    this.found = this.#young.bits;
  }

  /** Offset into `found`, or -1 where the value is not looked at: then every rule stays possible. */
  lookup(bytes: Uint8Array, start: number, end: number, type: number): number {
    if (end - start > limits.cachedValueBytes) return -1;
    if (this.#pause > 0) {
      this.#pause--;
      return -1;
    }
    const hash = hashBytes(bytes, start, end, this.#seed);
    let at = this.#young.find(hash, bytes, start, end, type);
    if (at >= 0) {
      this.#hits++;
      this.found = this.#young.bits;
      return at;
    }
    const before = this.#old.find(hash, bytes, start, end, type);
    const oldBits = this.#old.bits;
    if (before >= 0) this.#hits++;
    else if (this.#young.count === generationEntries && this.#turn()) return -1;
    if (this.#young.count === generationEntries) this.#turn();
    at = this.#young.add(hash, bytes, start, end, type);
    if (before >= 0) for (let i = 0; i < this.#words; i++) this.#young.bits[at + i] = oldBits[before + i] as number;
    else this.#fill(this.#young.bits, at, bytes, start, end, type);
    this.found = this.#young.bits;
    return at;
  }

  /** Starts a new generation; true when the last one was of no use. */
  #turn(): boolean {
    const useless = this.#hits < generationEntries;
    [this.#young, this.#old] = [this.#old, this.#young];
    this.#young.clear();
    this.#hits = 0;
    if (useless) this.#pause = pauseLookups;
    return useless;
  }
}
