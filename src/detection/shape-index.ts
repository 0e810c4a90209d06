import { BitmapCache } from './bitmap-cache.ts';
import type { Atom } from './condition.ts';
import type { FieldQuestions } from './field-index.ts';
import type { Program } from './program.ts';

/** Answers of a shape about an atom. */
export const shapeAnswers = { open: 0, no: 1, yes: 2 } as const;
const unused = -1;

/**
 * Which cases are possible with the fields an event has at all. The shape of an event is a bit for each field that has a value, and
 * another for each that some atom asks for no more than having a text, number or truth value of at least one byte.
 */
export class ShapeIndex {
  readonly cache: BitmapCache;
  /** Bytes of a shape. */
  readonly bytes: number;
  /** By field: its second bit, or -1. */
  readonly filledBit: Int32Array;
  /** By atom that reads one field: the field's bit and, where it is asked for its presence, the second one; else -1. */
  readonly #bitOf: Int32Array;
  readonly #filledBitOf: Int32Array;
  readonly #atoms: readonly Atom[];

  constructor({ fields, atoms, programs, words, seed }: Omit<FieldQuestions, 'field'> & { readonly fields: number }) {
    this.#atoms = atoms;
    const asked = new Set(atoms.filter(asksPresence).map(({ sources }) => sources[0]?.field ?? 0));
    this.filledBit = new Int32Array(fields).fill(unused);
    for (const [i, field] of [...asked].entries()) this.filledBit[field] = fields + i;
    this.bytes = Math.ceil((fields + asked.size) / 8);
    this.#bitOf = Int32Array.from(atoms, ({ sources }) => (sources.length === 1 ? (sources[0]?.field ?? unused) : unused));
    this.#filledBitOf = Int32Array.from(atoms, (atom, i) =>
      asksPresence(atom) ? (this.filledBit[this.#bitOf[i] as number] as number) : unused,
    );
    this.cache = new BitmapCache(words, seed, (bits, at, shape, start, end) => {
      const isFalse = falseIn(this.#answers(shape.subarray(start, end)));
      for (let i = 0; i < words; i++) bits[at + i] = 0xffffffff;
      for (const [number, program] of programs.entries())
        if (isFalse(program)) bits[at + (number >> 5)] = (bits[at + (number >> 5)] as number) & ~(1 << (number & 31));
    });
  }

  /** What a shape says of an atom that reads one field: one of `shapeAnswers`. */
  answer(atom: number, shape: Uint8Array): number {
    const bit = this.#bitOf[atom] as number;
    if (bit < 0) return shapeAnswers.open;
    // Without a value an atom is false, whatever it asks.
    if (!has(shape, bit)) return shapeAnswers.no;
    const filled = this.#filledBitOf[atom] as number;
    return filled >= 0 && has(shape, filled) ? shapeAnswers.yes : shapeAnswers.open;
  }

  #answers(shape: Uint8Array): Uint8Array {
    return Uint8Array.from(this.#atoms, ({ sources }, atom) => {
      if (sources.length === 1) return this.answer(atom, shape);
      return sources.some(({ field }) => has(shape, field)) ? shapeAnswers.open : shapeAnswers.no;
    });
  }
}

function has(shape: Uint8Array, bit: number): boolean {
  return (((shape[bit >> 3] as number) >> (bit & 7)) & 1) === 1;
}

/** Whether a program is false for certain with these answers about its atoms. */
function falseIn(answers: Uint8Array): (program: Program) => boolean {
  const isFalse = (program: Program): boolean => {
    if (typeof program === 'number')
      return program >= 0 ? answers[program] === shapeAnswers.no : answers[~program] === shapeAnswers.yes;
    const { all, items } = program;
    for (let i = 0; i < items.length; i++) if (isFalse(items[i] as Program) === all) return all;
    return !all;
  };
  return isFalse;
}

function asksPresence({ decide, quantifier, sources, tests }: Atom): boolean {
  return (
    !decide &&
    quantifier === 'any' &&
    sources.length === 1 &&
    sources[0]?.transform === 'none' &&
    tests.some(({ isPresence }) => isPresence === true)
  );
}
