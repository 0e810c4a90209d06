import { type Extracts, type FieldSpec, valueTypes } from '../core/extracts.ts';
import type { Atom } from './condition.ts';
import { ListIndex, SingleIndex } from './field-index.ts';
import { KeyedBits } from './keyed-bits.ts';
import type { Program } from './program.ts';
import { ShapeIndex } from './shape-index.ts';

/**
 * Fields worth an index: one value per event. In this order, cheap and telling first, so that an event no rule wants is
 * given up after two or three look-ups. `above`: cases that must be left for the look-up of a value to pay that has
 * not been met often. Where values repeat seldom, finding out what a new one allows costs as much as asking that many cases themselves.
 */
const singleFields: readonly (readonly [name: string, above: number])[] = [
  ['verb', 0],
  ['objectRef.resource', 0],
  ['objectRef.subresource', 0],
  ['stage', 0],
  ['responseStatus.code', 0],
  ['objectRef.apiGroup', 0],
  ['annotations.authorization.k8s.io/decision', 0],
  ['objectRef.namespace', 0],
  ['level', 0],
  ['userAgent', 3],
  ['user.username', 3],
  ['sourceIPs', 3],
  ['objectRef.name', 48],
];
/** Of these, lists that most often have one value. */
const singlesInLists = new Set(['sourceIPs']);
/** Lists of few distinct values, and others whose values are looked up where they are met often. */
const listFields: readonly (readonly [name: string, keyedOnly: boolean])[] = [
  ['user.groups', false],
  ['container.image', true],
  ['container.args', true],
  ['container.env.value', true],
];

/** The same for values of lists. */
const listsAbove = 3;

const several = -2;
const none = -1;

/**
 * The index of DESIGN section 2. A rule is struck out where its whole condition is false whatever the fields not yet
 * looked at hold (three-valued logic), so exclusions strike rules out as well as selections do. Three steps: which
 * fields the event has at all, then the value of each head field, then the values of short lists. What a rule that is left asks
 * of a head field holds, or the rule would be gone: it need not be asked again.
 */
export class RuleIndex {
  readonly #words: number;
  readonly #all: Uint32Array;
  readonly #shape: ShapeIndex;
  /** The shape of the event. */
  readonly #present: Uint8Array;
  readonly #filledBit: Int32Array;
  readonly #singles: readonly SingleIndex[];
  readonly #lists: readonly ListIndex[];
  readonly #singleOfField: Int32Array;
  readonly #entryOfSingle: Int32Array;
  /** By list: its first entry and the one after its last. */
  readonly #listOfField: Int32Array;
  readonly #isInList: Uint8Array;
  readonly #firstOfList: Int32Array;
  readonly #endOfList: Int32Array;
  readonly #union: Uint32Array;
  /** What values that the scanner has a key for allow: of single fields, and of lists. */
  readonly #ofSingles: KeyedBits;
  readonly #ofLists: KeyedBits;
  /** By atom: the bits of the single fields that answer it. */
  readonly #answeredBy: Uint32Array;
  /** The single fields that were looked at. */
  #looked = 0;

  /** `programs` are over `atoms`; their numbers are the bits of the bitmaps. */
  constructor(specs: readonly FieldSpec[], atoms: readonly Atom[], programs: readonly Program[], seed: number) {
    this.#words = Math.ceil(programs.length / 32);
    this.#all = new Uint32Array(this.#words).fill(0xffffffff);
    if (programs.length & 31) this.#all[this.#words - 1] = 2 ** (programs.length & 31) - 1;
    this.#union = new Uint32Array(this.#words);
    this.#ofSingles = new KeyedBits(this.#words);
    this.#ofLists = new KeyedBits(this.#words);
    const questions = { atoms, programs, words: this.#words };
    this.#shape = new ShapeIndex({ ...questions, fields: specs.length, seed });
    this.#present = new Uint8Array(this.#shape.bytes);
    this.#filledBit = this.#shape.filledBit;
    const numberOf = (name: string): number => specs.findIndex((spec) => spec.name === name);
    this.#singles = singleFields
      .map(([name, above]) => ({ field: numberOf(name), above, inList: singlesInLists.has(name) }))
      .filter(({ field }) => field >= 0)
      .map((one, i) => new SingleIndex({ ...questions, ...one, seed: seed + (i + 1) * 0x9e3779b1 }))
      .filter((index) => index.isUseful);
    this.#lists = listFields
      .map(([name, keyedOnly]) => ({ field: numberOf(name), keyedOnly }))
      .filter(({ field }) => field >= 0)
      .map((one, i) => new ListIndex({ ...questions, ...one, seed: seed + (i + 1) * 0x85ebca6b }))
      .filter((index) => index.isUseful);
    this.#answeredBy = Uint32Array.from(atoms, (atom) =>
      this.#singles.reduce((bits, { isKnown }, i) => (isKnown(atom) ? bits | (1 << i) : bits), 0),
    );
    this.#singleOfField = new Int32Array(specs.length).fill(none);
    for (const [i, { field }] of this.#singles.entries()) this.#singleOfField[field] = i;
    this.#entryOfSingle = new Int32Array(this.#singles.length);
    this.#isInList = Uint8Array.from(this.#singles, ({ inList }) => Number(inList));
    this.#listOfField = new Int32Array(specs.length).fill(none);
    for (const [i, { field }] of this.#lists.entries()) this.#listOfField[field] = i;
    this.#firstOfList = new Int32Array(this.#lists.length);
    this.#endOfList = new Int32Array(this.#lists.length);
  }

  /** Leaves in `alive` the rules that may match; false when there is none. Allocates only for values not seen before. */
  narrow(extracts: Extracts, alive: Uint32Array): boolean {
    if (this.#words === 0) return false;
    this.#readEntries(extracts);
    this.#looked = 0;
    const { cache } = this.#shape;
    const at = cache.lookup(this.#present, 0, this.#present.length, 0);
    const possible = at < 0 ? this.#all : cache.found;
    for (let word = 0, from = Math.max(at, 0); word < this.#words; word++)
      alive[word] = (possible[from + word] as number) & (this.#all[word] as number);
    this.#ofSingles.begin(extracts.keySpace);
    for (let i = 0; i < this.#singles.length; i++) if (!this.#narrowSingle(i, extracts, alive)) return false;
    this.#ofLists.begin(extracts.keySpace);
    for (let i = 0; i < this.#lists.length; i++)
      if (this.#isRead(i, alive) && !this.#narrowList(i, extracts, alive)) return false;
    return true;
  }

  /** Whether a rule that is left would be gone were the atom, one of those that all must hold, not as the rule wants it. */
  isSettled(atom: number): boolean {
    return ((this.#answeredBy[atom] as number) & this.#looked) !== 0;
  }

  /** What the shape of the event says of an atom: one of `shapeAnswers`. */
  answer(atom: number): number {
    return this.#shape.answer(atom, this.#present);
  }

  #narrowSingle(i: number, { bytes, starts, ends, types, keys }: Extracts, alive: Uint32Array): boolean {
    const entry = this.#entryOfSingle[i] as number;
    if (entry < 0) return true;
    const type = types[entry] as number;
    if (type >= valueTypes.object) return true;
    const [start, end] = [starts[entry] as number, ends[entry] as number];
    const { cache, above, codes } = this.#singles[i] as SingleIndex;
    const isNumber = type === valueTypes.number;
    const key = isNumber ? codeOf(bytes, start, end) : (keys?.[entry] ?? -1);
    const keyed = isNumber ? codes : this.#ofSingles;
    const known = keyed.find(key);
    if (known >= 0) {
      this.#looked |= 1 << i;
      return this.#and(alive, keyed.bits, known);
    }
    const isOften = above === 0 || keyed.isOften(key);
    if (!isOften && this.#countIsAtMost(alive, above)) return true;
    const found = cache.lookup(bytes, start, end, type);
    if (found < 0) return true;
    this.#looked |= 1 << i;
    if (key >= 0 && isOften) keyed.learn(key, cache.found, found);
    return this.#and(alive, cache.found, found);
  }

  #readEntries({ count, fields, types, starts, ends: lasts }: Extracts): void {
    const [entries, present, ends, firsts] = [this.#entryOfSingle, this.#present, this.#endOfList, this.#firstOfList];
    const [singles, lists, inLists, filledBit] = [this.#singleOfField, this.#listOfField, this.#isInList, this.#filledBit];
    // Loops, not fill: these arrays are a few elements long.
    for (let i = 0; i < entries.length; i++) entries[i] = none;
    for (let i = 0; i < ends.length; i++) ends[i] = 0;
    for (let i = 0; i < present.length; i++) present[i] = 0;
    for (let i = 0; i < count; i++) {
      const field = fields[i] as number;
      // Others are those of the record's head.
      if (field >= singles.length) continue;
      present[field >> 3] = (present[field >> 3] as number) | (1 << (field & 7));
      const bit = filledBit[field] as number;
      if (bit >= 0 && (types[i] as number) < valueTypes.null && (lasts[i] as number) > (starts[i] as number))
        present[bit >> 3] = (present[bit >> 3] as number) | (1 << (bit & 7));
      const single = singles[field] as number;
      if (single >= 0) {
        if (types[i] === valueTypes.array && inLists[single] === 1) continue;
        entries[single] = entries[single] === none ? i : several;
        continue;
      }
      const list = lists[field] as number;
      if (list < 0) continue;
      if (ends[list] === 0) firsts[list] = i;
      ends[list] = i + 1;
    }
  }

  #countIsAtMost(alive: Uint32Array, most: number): boolean {
    let count = 0;
    for (let word = 0; word < this.#words; word++)
      for (let bits = alive[word] as number; bits !== 0; bits &= bits - 1) if (++count > most) return false;
    return true;
  }

  #and(alive: Uint32Array, bits: Uint32Array, at: number): boolean {
    let left = 0;
    for (let word = 0; word < alive.length; word++) {
      const rest = (alive[word] as number) & (bits[at + word] as number);
      alive[word] = rest;
      left |= rest;
    }
    return left !== 0;
  }

  /** Whether a rule that is left may be struck out by a list. */
  #isRead(list: number, alive: Uint32Array): boolean {
    const { readers } = this.#lists[list] as ListIndex;
    for (let word = 0; word < alive.length; word++) if (((alive[word] as number) & (readers[word] as number)) !== 0) return true;
    return false;
  }

  #narrowList(number: number, extracts: Extracts, alive: Uint32Array): boolean {
    const { fields, types } = extracts;
    const end = this.#endOfList[number] as number;
    // Which fields there are has been looked at before.
    if (end === 0) return true;
    const list = this.#lists[number] as ListIndex;
    const union = this.#union;
    for (let word = 0; word < this.#words; word++) union[word] = list.missed[word] as number;
    for (let i = this.#firstOfList[number] as number; i < end; i++) {
      if (fields[i] !== list.field || (types[i] as number) >= valueTypes.object) continue;
      const at = this.#lookUp(list, extracts, i, alive);
      if (at < 0) return true;
      const bits = this.#found;
      for (let word = 0; word < this.#words; word++) union[word] = (union[word] as number) | (bits[at + word] as number);
    }
    return this.#and(alive, union, 0);
  }

  /** Where the bitmap of a list's value begins in `#found`; -1 where it is not looked up. */
  #lookUp({ cache, keyedOnly }: ListIndex, extracts: Extracts, i: number, alive: Uint32Array): number {
    const { bytes, starts, ends, types, keys } = extracts;
    const key = keys?.[i] ?? -1;
    const known = this.#ofLists.find(key);
    this.#found = this.#ofLists.bits;
    if (known >= 0) return known;
    const isOften = this.#ofLists.isOften(key);
    if (!isOften && (keyedOnly || this.#countIsAtMost(alive, listsAbove))) return -1;
    const at = cache.lookup(bytes, starts[i] as number, ends[i] as number, types[i] as number);
    this.#found = cache.found;
    if (at >= 0 && isOften) this.#ofLists.learn(key, cache.found, at);
    return at;
  }
  #found: Uint32Array = new Uint32Array(0);
}

/** A number of three digits, or -1. */
function codeOf(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 3) return -1;
  const hundreds = (bytes[start] as number) - 48;
  const tens = (bytes[start + 1] as number) - 48;
  const ones = (bytes[start + 2] as number) - 48;
  const isCode = hundreds >= 0 && hundreds < 10 && tens >= 0 && tens < 10 && ones >= 0 && ones < 10;
  return isCode ? hundreds * 100 + tens * 10 + ones : -1;
}
