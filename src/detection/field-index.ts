import { valueTypes } from '../core/extracts.ts';
import { BitmapCache } from './bitmap-cache.ts';
import type { Atom } from './condition.ts';
import { ByteValue } from './event-value.ts';
import { KeyedBits } from './keyed-bits.ts';
import { atomNumbers, falseWhen, type Program, runs } from './program.ts';

/** Cases that are false for certain under the same circumstances. */
interface StruckCases {
  readonly when: Program;
  /** Words of the bitmap and the bits in them. */
  readonly words: readonly number[];
  readonly masks: readonly number[];
}

/** What is asked of one field, by all cases of all rules. */
export interface FieldQuestions {
  readonly field: number;
  readonly atoms: readonly Atom[];
  readonly programs: readonly Program[];
  /** Words of a bitmap with one bit a case. */
  readonly words: number;
  readonly seed: number;
}

const passes = (atom: Atom, value: ByteValue): boolean => atom.tests.some((test) => test.test(value));

/** Whether an atom asks only this field, as it stands in the event. */
export function asksOnly(atom: Atom, field: number): boolean {
  const [source] = atom.sources;
  return !atom.decide && atom.sources.length === 1 && source?.field === field && source.transform === 'none';
}

/** Groups cases by what makes them false, so that a question many rules ask is asked once. */
function struckCases(programs: readonly Program[], isKnown: (atom: number) => boolean): readonly StruckCases[] {
  const groups = new Map<string, { readonly when: Program; readonly cases: number[] }>();
  for (const [number, program] of programs.entries()) {
    const when = falseWhen(program, isKnown);
    if (typeof when !== 'number' && when.items.length === 0 && !when.all) continue;
    const key = JSON.stringify(when);
    const group = groups.get(key) ?? { when, cases: [] };
    group.cases.push(number);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ when, cases }) => {
    const masks = new Map<number, number>();
    for (const number of cases) masks.set(number >> 5, (masks.get(number >> 5) ?? 0) | (1 << (number & 31)));
    return { when, words: [...masks.keys()], masks: [...masks.values()] };
  });
}

function strike({ words, masks }: StruckCases, bits: Uint32Array, at: number): void {
  for (let i = 0; i < words.length; i++) {
    const word = at + (words[i] as number);
    bits[word] = (bits[word] as number) & ~(masks[i] as number);
  }
}

/** Answers of atoms about the current value, each found out once. */
class Answers {
  readonly #known: Uint8Array;
  readonly #ask: (atom: number) => boolean;

  constructor(atoms: number, ask: (atom: number) => boolean) {
    this.#known = new Uint8Array(atoms);
    this.#ask = ask;
  }

  begin(): void {
    this.#known.fill(0);
  }

  readonly holds = (atom: number): boolean => {
    if (this.#known[atom] === 0) this.#known[atom] = this.#ask(atom) ? 2 : 1;
    return this.#known[atom] === 2;
  };
}

/** A list that is not empty. */
const list = new ByteValue().set(new Uint8Array([0x5b, 0x31, 0x5d]), 0, 3, valueTypes.array, 'none');

interface SingleField {
  readonly above: number;
  readonly inList: boolean;
}

/** Which cases the value of a field that has one value an event still allows. */
export class SingleIndex {
  readonly field: number;
  /** Cases that must be left for a look-up to pay. */
  readonly above: number;
  readonly cache: BitmapCache;
  readonly isUseful: boolean;
  /** The value may be the only one of a list. */
  readonly inList: boolean;
  /** Atoms that the value answers. */
  readonly isKnown: (atom: Atom) => boolean;
  /** Of numbers of three digits, which have no key of the scanner's: status codes. */
  readonly codes: KeyedBits;

  constructor({ field, above, inList, atoms, programs, words, seed }: FieldQuestions & SingleField) {
    this.field = field;
    this.above = above;
    this.inList = inList;
    this.codes = new KeyedBits(words);
    // What the list itself answers is not known from the value in it.
    this.isKnown = (atom) => asksOnly(atom, field) && !(inList && atom.quantifier === 'any' && passes(atom, list));
    const groups = struckCases(programs, (atom) => this.isKnown(atoms[atom] as Atom));
    this.isUseful = groups.length > 0;
    const value = new ByteValue();
    const answers = new Answers(atoms.length, (number) => {
      const atom = atoms[number] as Atom;
      if (value.type === valueTypes.null) return false;
      return atom.quantifier === 'none' ? !passes(atom, value) : passes(atom, value);
    });
    this.cache = new BitmapCache(words, seed, (bits, at, bytes, start, end, type) => {
      for (let i = 0; i < words; i++) bits[at + i] = 0xffffffff;
      value.set(bytes, start, end, type, 'none');
      answers.begin();
      for (const group of groups) if (runs(group.when, answers.holds)) strike(group, bits, at);
      value.clear();
    });
  }
}

/**
 * The same for a list of few distinct values: `missed` has the cases possible where no value passes, the cache adds those
 * of a value that does. Cases that also look at the list itself, or at all of its values, are left alone.
 */
export class ListIndex {
  readonly field: number;
  readonly cache: BitmapCache;
  readonly missed: Uint32Array;
  readonly isUseful: boolean;
  /** Values that have not been met often are not looked up. */
  readonly keyedOnly: boolean;
  /** The cases that it may strike out. */
  readonly readers: Uint32Array;

  constructor({ field, keyedOnly, atoms, programs, words, seed }: FieldQuestions & { readonly keyedOnly: boolean }) {
    this.field = field;
    this.keyedOnly = keyedOnly;
    const asked = programs.map((program) => atomNumbers(program).filter((atom) => asksOnly(atoms[atom] as Atom, field)));
    const simple = (number: number): boolean => {
      const atom = atoms[number] as Atom;
      return atom.quantifier === 'any' && !passes(atom, list);
    };
    const readers = asked.flatMap((some, number) => (some.length > 0 && some.every(simple) ? [number] : []));
    this.isUseful = readers.length > 0;
    this.readers = new Uint32Array(words);
    for (const number of readers) this.readers[number >> 5] = (this.readers[number >> 5] as number) | (1 << (number & 31));
    this.missed = new Uint32Array(words).fill(0xffffffff);
    const misses = struckCases(
      programs.map((program, number) => (readers.includes(number) ? program : { all: true, items: [] })),
      (atom) => asksOnly(atoms[atom] as Atom, field),
    );
    for (const group of misses) if (runs(group.when, () => false)) strike(group, this.missed, 0);
    const value = new ByteValue();
    const answers = new Answers(atoms.length, (number) => passes(atoms[number] as Atom, value));
    this.cache = new BitmapCache(words, seed, (bits, at, bytes, start, end, type) => {
      for (let i = 0; i < words; i++) bits[at + i] = 0;
      value.set(bytes, start, end, type, 'none');
      answers.begin();
      for (const number of readers)
        if (asked[number]?.some(answers.holds))
          bits[at + (number >> 5)] = (bits[at + (number >> 5)] as number) | (1 << (number & 31));
      value.clear();
    });
  }
}
