import { type Extracts, type FieldSpec, valueTypes } from '../core/extracts.ts';
import { BitmapCache } from './bitmap-cache.ts';
import { type Atom, atomsOf, type Condition, evaluatePartly } from './condition.ts';
import { ByteValue } from './event-value.ts';

/**
 * Fields worth an index: one value per event, and few distinct ones. In this order, cheap and telling first, so that
 * an event no rule wants is given up after two or three look-ups.
 */
const singleFields = [
  ...['verb', 'objectRef.resource', 'objectRef.subresource', 'stage', 'responseStatus.code', 'objectRef.apiGroup'],
  ...[
    'annotations.authorization.k8s.io/decision',
    'objectRef.namespace',
    'level',
    'user.username',
    'objectRef.name',
    'userAgent',
  ],
];
/** Lists of few distinct values. */
const listFields = ['user.groups'];

interface IndexedField {
  readonly field: number;
  readonly cache: BitmapCache;
}

/** For lists: rules possible where no value of the list passes a test of theirs. The cache adds the others. */
interface IndexedList extends IndexedField {
  readonly missed: Uint32Array;
}

const several = -2;
const none = -1;

const readsOnly = (atom: Atom, field: number): boolean => {
  const [source] = atom.sources;
  return !atom.decide && atom.sources.length === 1 && source?.field === field && source.transform === 'none';
};

const passes = (atom: Atom, value: ByteValue): boolean => atom.tests.some((test) => test.test(value));

function clearBit(bits: Uint32Array, at: number, rule: number): void {
  bits[at + (rule >> 5)] = (bits[at + (rule >> 5)] as number) & ~(1 << (rule & 31));
}

/**
 * The index of DESIGN section 2. A rule is struck out where its whole condition is false whatever the fields not yet
 * looked at hold (three-valued logic), so exclusions strike rules out as well as selections do. Three steps: which
 * fields the event has at all, then the value of each head field, then the values of short lists.
 */
export class RuleIndex {
  readonly #conditions: readonly Condition[];
  readonly #words: number;
  readonly #all: Uint32Array;
  readonly #shape: BitmapCache;
  readonly #present: Uint8Array;
  readonly #singles: readonly IndexedField[];
  readonly #lists: readonly IndexedList[];
  readonly #singleOfField: Int32Array;
  readonly #entryOfSingle: Int32Array;
  readonly #union: Uint32Array;

  constructor(specs: readonly FieldSpec[], conditions: readonly Condition[], seed: number) {
    this.#conditions = conditions;
    this.#words = Math.ceil(conditions.length / 32);
    this.#all = new Uint32Array(this.#words).fill(0xffffffff);
    if (conditions.length & 31) this.#all[this.#words - 1] = 2 ** (conditions.length & 31) - 1;
    this.#union = new Uint32Array(this.#words);
    this.#present = new Uint8Array(Math.ceil(specs.length / 8));
    this.#shape = new BitmapCache(this.#words, seed, (bits, at, bytes, start) => this.#fillShape(bits, at, bytes, start));
    const numbers = (names: readonly string[]): readonly number[] =>
      names
        .map((name) => specs.findIndex((spec) => spec.name === name))
        .filter((field) => field >= 0 && this.#readers(field).length > 0);
    this.#singles = numbers(singleFields).map((field, i) => this.#single(field, seed + (i + 1) * 0x9e3779b1));
    this.#lists = numbers(listFields).map((field, i) => this.#list(field, seed + (i + 1) * 0x85ebca6b));
    this.#singleOfField = new Int32Array(specs.length).fill(none);
    for (const [i, { field }] of this.#singles.entries()) this.#singleOfField[field] = i;
    this.#entryOfSingle = new Int32Array(this.#singles.length);
  }

  /** Leaves in `alive` the rules that may match; false when there is none. Allocates only for values not seen before. */
  narrow(extracts: Extracts, alive: Uint32Array): boolean {
    if (this.#words === 0) return false;
    for (let word = 0; word < this.#words; word++) alive[word] = this.#all[word] as number;
    this.#readEntries(extracts);
    const at = this.#shape.lookup(this.#present, 0, this.#present.length, 0);
    if (at >= 0 && !this.#and(alive, this.#shape.found, at)) return false;
    const { bytes, starts, ends, types } = extracts;
    for (let i = 0; i < this.#singles.length; i++) {
      const entry = this.#entryOfSingle[i] as number;
      if (entry < 0) continue;
      const { cache } = this.#singles[i] as IndexedField;
      const found = cache.lookup(bytes, starts[entry] as number, ends[entry] as number, types[entry] as number);
      if (found >= 0 && !this.#and(alive, cache.found, found)) return false;
    }
    for (let i = 0; i < this.#lists.length; i++)
      if (!this.#narrowList(this.#lists[i] as IndexedList, extracts, alive)) return false;
    return true;
  }

  #readEntries({ count, fields }: Extracts): void {
    const entries = this.#entryOfSingle;
    const present = this.#present;
    // Loops, not fill: these arrays are a few elements long.
    for (let i = 0; i < entries.length; i++) entries[i] = none;
    for (let i = 0; i < present.length; i++) present[i] = 0;
    for (let i = 0; i < count; i++) {
      const field = fields[i] as number;
      present[field >> 3] = (present[field >> 3] as number) | (1 << (field & 7));
      const single = this.#singleOfField[field] as number;
      if (single >= 0) entries[single] = entries[single] === none ? i : several;
    }
  }

  #and(alive: Uint32Array, bits: Uint32Array, at: number): boolean {
    let left = 0;
    for (let word = 0; word < this.#words; word++) {
      const rest = (alive[word] as number) & (bits[at + word] as number);
      alive[word] = rest;
      left |= rest;
    }
    return left !== 0;
  }

  #narrowList(list: IndexedList, extracts: Extracts, alive: Uint32Array): boolean {
    const { count, fields, bytes, starts, ends, types } = extracts;
    for (let word = 0; word < this.#words; word++) this.#union[word] = list.missed[word] as number;
    for (let i = 0; i < count; i++) {
      if (fields[i] !== list.field || (types[i] as number) >= valueTypes.object) continue;
      const at = list.cache.lookup(bytes, starts[i] as number, ends[i] as number, types[i] as number);
      if (at < 0) return true;
      const { found } = list.cache;
      for (let word = 0; word < this.#words; word++)
        this.#union[word] = (this.#union[word] as number) | (found[at + word] as number);
    }
    return this.#and(alive, this.#union, 0);
  }

  #readers(field: number): readonly number[] {
    return this.#conditions.flatMap((condition, rule) =>
      atomsOf(condition).some((atom) => readsOnly(atom, field)) ? [rule] : [],
    );
  }

  #fillShape(bits: Uint32Array, at: number, present: Uint8Array, start: number): void {
    const has = (field: number): boolean => (((present[start + (field >> 3)] as number) >> (field & 7)) & 1) === 1;
    const holds = (atom: Atom): boolean | undefined => (atom.sources.some(({ field }) => has(field)) ? undefined : false);
    for (let i = 0; i < this.#words; i++) bits[at + i] = 0xffffffff;
    for (const [rule, condition] of this.#conditions.entries())
      if (evaluatePartly(condition, holds) === false) clearBit(bits, at, rule);
  }

  #single(field: number, seed: number): IndexedField {
    const readers = this.#readers(field);
    const value = new ByteValue();
    const holds = (atom: Atom): boolean | undefined => {
      if (!readsOnly(atom, field)) return undefined;
      if (value.type === valueTypes.null) return false;
      if (value.type === valueTypes.array) return undefined;
      return atom.quantifier === 'none' ? !passes(atom, value) : passes(atom, value);
    };
    const cache = new BitmapCache(this.#words, seed, (bits, at, bytes, start, end, type) => {
      for (let i = 0; i < this.#words; i++) bits[at + i] = 0xffffffff;
      value.set(bytes, start, end, type, 'none');
      for (const rule of readers)
        if (evaluatePartly(this.#conditions[rule] as Condition, holds) === false) clearBit(bits, at, rule);
      value.clear();
    });
    return { field, cache };
  }

  /** Rules that also look at the list itself, or at all of its values, are left alone. */
  #list(field: number, seed: number): IndexedList {
    const array = new ByteValue().set(new Uint8Array([0x5b, 0x31, 0x5d]), 0, 3, valueTypes.array, 'none');
    const atomsOn = (rule: number): readonly Atom[] =>
      atomsOf(this.#conditions[rule] as Condition).filter((atom) => readsOnly(atom, field));
    const readers = this.#readers(field).filter((rule) =>
      atomsOn(rule).every((atom) => atom.quantifier === 'any' && !passes(atom, array)),
    );
    const missed = new Uint32Array(this.#words).fill(0xffffffff);
    const miss = (atom: Atom): boolean | undefined => (readsOnly(atom, field) ? false : undefined);
    for (const rule of readers)
      if (evaluatePartly(this.#conditions[rule] as Condition, miss) === false) clearBit(missed, 0, rule);
    const value = new ByteValue();
    const cache = new BitmapCache(this.#words, seed, (bits, at, bytes, start, end, type) => {
      for (let i = 0; i < this.#words; i++) bits[at + i] = 0;
      value.set(bytes, start, end, type, 'none');
      for (const rule of readers) {
        if (atomsOn(rule).some((atom) => passes(atom, value)))
          bits[at + (rule >> 5)] = (bits[at + (rule >> 5)] as number) | (1 << (rule & 31));
      }
      value.clear();
    });
    return { field, cache, missed };
  }
}
