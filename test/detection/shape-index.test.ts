import { expect } from 'chai';
import type { Atom } from '../../src/detection/condition.ts';
import { equals, notEmpty, present } from '../../src/detection/predicates.ts';
import { ShapeIndex, shapeAnswers } from '../../src/detection/shape-index.ts';

const { open, no, yes } = shapeAnswers;
const atom = (fields: readonly number[], tests: Atom['tests'], more: Partial<Atom> = {}): Atom => ({
  type: 'atom',
  name: 'f',
  sources: fields.map((field) => ({ field, transform: 'none' as const })),
  tests,
  quantifier: 'any',
  ...more,
});

const atoms = [
  atom([0], [present]),
  atom([1], [notEmpty]),
  atom([1], [equals('a', false)]),
  atom([1], [notEmpty], { quantifier: 'none' }),
  atom([0, 1], [present]),
  atom([2], [present], { decide: () => false }),
];
const index = new ShapeIndex({ fields: 3, atoms, programs: [0, ~1, { all: true, items: [2, ~0] }], words: 1, seed: 5 });

/** The shape of an event that has these fields, and those with a text in them. */
function shape(fields: readonly number[], filled: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(index.bytes);
  for (const bit of [...fields, ...filled.map((field) => index.filledBit[field] as number)])
    bytes[bit >> 3] = (bytes[bit >> 3] as number) | (1 << (bit & 7));
  return bytes;
}

const left = (of: Uint8Array): number => index.cache.found[index.cache.lookup(of, 0, of.length, 0)] as number;

describe('detection/shape-index', () => {
  it('says no of what reads a field that is not there', () => {
    expect(atoms.map((_, i) => index.answer(i, shape([], [])))).to.deep.equal([no, no, no, no, open, no]);
  });

  it('says yes of nothing but the presence of a text', () => {
    const both = shape([0, 1, 2], [0, 1]);
    expect(atoms.map((_, i) => index.answer(i, both))).to.deep.equal([yes, yes, open, open, open, open]);
    expect(atoms.map((_, i) => index.answer(i, shape([0, 1], [])))).to.deep.equal([open, open, open, open, open, no]);
  });

  it('has second bits for no other fields, and for these beside the bits of all', () => {
    expect([...index.filledBit]).to.deep.equal([3, 4, -1]);
  });

  it('strikes out what needs a field that is missing, and what must not have one that is there', () => {
    expect(left(shape([], [])) & 7).to.equal(0b010);
    expect(left(shape([0, 1], [0, 1])) & 7).to.equal(0b001);
    expect(left(shape([0, 1], [])) & 7).to.equal(0b111);
  });
});
