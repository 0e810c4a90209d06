import { limits } from '../../core/limits.ts';
import { checkedPattern, type Pattern } from '../pattern.ts';
import type { PlanNameClass } from '../plan.ts';
import { plainEnd } from './string-end.ts';

const slots = 65_536;
const maxProbes = 24;

interface NameClass {
  readonly in: Pattern;
  readonly out: Pattern | undefined;
}

/**
 * Member names by their bytes: the symbol of the path automaton and the name classes of each. Names seen before cost
 * one probe; the table is bounded and forgets everything but the plan's own names when it is full.
 */
export class KeyTable {
  /** Entry numbers are stable until `beginEvent` forgets; -1 stands for a name that is not remembered. */
  readonly #slots = new Int32Array(slots);
  readonly #starts = new Uint32Array(limits.cacheEntries * 2);
  readonly #lengths = new Uint32Array(limits.cacheEntries * 2);
  /** 1 where a name has no byte that is written as an escape. */
  readonly #plain = new Uint8Array(limits.cacheEntries * 2);
  readonly #hashes = new Int32Array(limits.cacheEntries * 2);
  /** 1 where a pattern may find something in the name itself. */
  readonly searched = new Uint8Array(limits.cacheEntries * 2);
  readonly symbols = new Uint16Array(limits.cacheEntries * 2);
  readonly classes = new Uint32Array(limits.cacheEntries * 2);
  readonly #names = new Uint8Array(limits.cacheEntries * 64);
  readonly #classPatterns: readonly NameClass[];
  readonly #fixed: readonly Uint8Array[];
  readonly seed: number;
  #count = 0;
  #used = 0;
  /** Says whether a pattern may find something in a name. */
  isSearched: (name: Uint8Array, start: number, end: number) => boolean = () => false;

  /** `seed` makes collisions unpredictable. */
  constructor(symbols: readonly string[], classes: readonly PlanNameClass[], seed: number) {
    this.seed = seed | 0;
    this.#classPatterns = classes.map((one) => ({
      in: checkedPattern(one.expression),
      out: one.unless === undefined ? undefined : checkedPattern(one.unless),
    }));
    this.#fixed = symbols.map((name) => Buffer.from(name));
    this.#fill();
  }

  /** Entries there can be. */
  readonly capacity = limits.cacheEntries * 2;

  /** Makes room where the table is half full. @returns true where entries have been forgotten */
  beginEvent(): boolean {
    if (this.#count <= limits.cacheEntries) return false;
    this.#fill();
    return true;
  }

  /** Index of the closing quote where the name of `entry` stands at `start`, else -1. */
  matches(entry: number, bytes: Uint8Array, start: number, limit: number): number {
    const end = start + (this.#lengths[entry] as number);
    return end < limit && bytes[end] === 34 && this.#plain[entry] === 1 && this.#same(entry, bytes, start) ? end : -1;
  }

  /** Hash of a name; the scanner computes the same while it reads one. */
  hash(bytes: Uint8Array, start: number, end: number): number {
    let hash = this.seed;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    return hash;
  }

  /** Entry of the name `bytes[start … end)`, or -1 where it is not remembered: then use `classify`. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    let slot = (hash ^ (hash >>> 15)) & (slots - 1);
    for (let probe = 0; probe < maxProbes; probe++) {
      const entry = (this.#slots[slot] as number) - 1;
      if (entry < 0) return this.#add(bytes, start, end, hash, slot);
      if (this.#hashes[entry] === hash && this.#lengths[entry] === end - start && this.#same(entry, bytes, start)) return entry;
      slot = (slot + 1) & (slots - 1);
    }
    return -1;
  }

  /** Bit n is set where the name belongs to class n. */
  classify(bytes: Uint8Array, start: number, end: number): number {
    if (end - start > limits.nameBytes) return 0;
    const name = bytes.subarray(start, end);
    let bits = 0;
    for (let i = 0, last: Pattern | undefined, isIn = false; i < this.#classPatterns.length; i++) {
      const one = this.#classPatterns[i] as NameClass;
      // Classes that differ in what they leave out follow one another.
      if (one.in !== last) isIn = one.in.test(name);
      last = one.in;
      if (isIn && !one.out?.test(name)) bits |= 1 << i;
    }
    return bits >>> 0;
  }

  /** The same as `classify`, remembered. */
  classesOf(bytes: Uint8Array, start: number, end: number): number {
    const entry = end - start > limits.nameBytes ? -1 : this.find(bytes, start, end, this.hash(bytes, start, end));
    return entry < 0 ? this.classify(bytes, start, end) : (this.classes[entry] as number);
  }

  /** Symbol of a name that is not remembered: the plan's own names always are, so it is any other. */
  static readonly otherSymbol = 0;

  #fill(): void {
    this.#slots.fill(0);
    this.#count = 0;
    this.#used = 0;
    this.#fixed.forEach((name, i) => {
      const entry = this.find(name, 0, name.length, this.hash(name, 0, name.length));
      this.symbols[entry] = i + 1;
    });
  }

  #same(entry: number, bytes: Uint8Array, start: number): boolean {
    const from = this.#starts[entry] as number;
    const length = this.#lengths[entry] as number;
    for (let i = 0; i < length; i++) if (this.#names[from + i] !== bytes[start + i]) return false;
    return true;
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const length = end - start;
    if (length > limits.nameBytes || this.#count >= this.#lengths.length || this.#used + length > this.#names.length) return -1;
    const entry = this.#count++;
    this.#names.set(bytes.subarray(start, end), this.#used);
    this.#starts[entry] = this.#used;
    this.#lengths[entry] = length;
    this.#used += length;
    this.#hashes[entry] = hash;
    this.#plain[entry] = plainEnd(bytes, start, end) === end ? 1 : 0;
    this.symbols[entry] = KeyTable.otherSymbol;
    this.classes[entry] = this.classify(bytes, start, end);
    this.searched[entry] = this.isSearched(bytes, start, end) ? 1 : 0;
    this.#slots[slot] = entry + 1;
    return entry;
  }
}
