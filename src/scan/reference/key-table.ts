import { limits } from '../../core/limits.ts';
import type { Plan } from '../plan.ts';
import { NameClasses } from './name-classes.ts';
import { plainEnd } from './string-end.ts';

const slots = 65_536;
const maxProbes = 24;
const unasked = 2;
const slotOf = (hash: number): number => (hash ^ (hash >>> 15)) & (slots - 1);

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
  /** 1 where a pattern may find something in the name itself, 2 where nobody has asked yet. */
  readonly #searched = new Uint8Array(limits.cacheEntries * 2);
  readonly symbols = new Uint16Array(limits.cacheEntries * 2);
  readonly classes = new Uint32Array(limits.cacheEntries * 2);
  readonly #names = new Uint8Array(limits.cacheEntries * 64);
  readonly #classes: NameClasses;
  /** The plan's own names. */
  readonly #fixed: readonly { readonly name: Uint8Array; readonly classes: number }[];
  readonly seed: number;
  #count = 0;
  #used = 0;
  /** Says whether a pattern may find something in a name. */
  isSearched: (name: Uint8Array, start: number, end: number) => boolean = () => false;

  /** `seed` makes collisions unpredictable. */
  constructor({ symbols, symbolClasses, nameClasses }: Plan, seed: number) {
    this.seed = seed | 0;
    this.#classes = new NameClasses(nameClasses);
    this.#fixed = symbols.map((name, i) => ({ name: Buffer.from(name), classes: symbolClasses[i] as number }));
    this.#fill();
  }

  /** Entries there can be. */
  readonly capacity = limits.cacheEntries * 2;

  /** Makes room where the table is half full. @returns true where entries have been forgotten */
  beginEvent(): boolean {
    if (this.#count <= limits.cacheEntries) return false;
    this.#forget();
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

  /** Entry of the name `bytes[start … end)`, or -1 where it is not remembered: then use `classify`; `known`: what that says. */
  find(bytes: Uint8Array, start: number, end: number, hash: number, known?: number): number {
    let slot = slotOf(hash);
    for (let probe = 0; probe < maxProbes; probe++) {
      const entry = (this.#slots[slot] as number) - 1;
      if (entry < 0) return this.#add(bytes, start, end, hash, slot, known ?? this.classify(bytes, start, end));
      if (this.#hashes[entry] === hash && this.#lengths[entry] === end - start && this.#same(entry, bytes, start)) return entry;
      slot = (slot + 1) & (slots - 1);
    }
    return -1;
  }

  /** Bit n is set where the name belongs to class n. Texts that only may be names are not remembered: most are met once. */
  classify(bytes: Uint8Array, start: number, end: number): number {
    if (end - start > limits.nameBytes) return 0;
    return this.#classes.of(bytes, start, end);
  }

  /** Symbol of a name that is not remembered: the plan's own names always are, so it is any other. */
  static readonly otherSymbol = 0;

  /** Whether a pattern may find something in the name of an entry. */
  isSearchedEntry(entry: number): boolean {
    const known = this.#searched[entry] as number;
    if (known !== unasked) return known === 1;
    const start = this.#starts[entry] as number;
    const is = this.isSearched(this.#names, start, start + (this.#lengths[entry] as number));
    this.#searched[entry] = is ? 1 : 0;
    return is;
  }

  /** The plan's own names come first, so that they stay where all others are forgotten. */
  #fill(): void {
    this.#fixed.forEach(({ name, classes }, i) => {
      const entry = this.find(name, 0, name.length, this.hash(name, 0, name.length), classes);
      this.symbols[entry] = i + 1;
    });
    this.#fixedCount = this.#count;
    this.#fixedUsed = this.#used;
  }
  #fixedCount = 0;
  #fixedUsed = 0;

  #forget(): void {
    this.#slots.fill(0);
    this.#count = this.#fixedCount;
    this.#used = this.#fixedUsed;
    for (let entry = 0; entry < this.#count; entry++) {
      let slot = slotOf(this.#hashes[entry] as number);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (slots - 1);
      this.#slots[slot] = entry + 1;
    }
  }

  #same(entry: number, bytes: Uint8Array, start: number): boolean {
    const from = this.#starts[entry] as number;
    const length = this.#lengths[entry] as number;
    for (let i = 0; i < length; i++) if (this.#names[from + i] !== bytes[start + i]) return false;
    return true;
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number, classes: number): number {
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
    this.classes[entry] = classes;
    this.#searched[entry] = unasked;
    this.#slots[slot] = entry + 1;
    return entry;
  }
}
