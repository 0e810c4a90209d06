import { expect } from 'chai';
import { deriveTables } from '../../src/compile/derived-tables.ts';
import { aroundPlaces, type PlanTrigger } from '../../src/scan/plan.ts';

const classOf = (text: string): Uint8Array => {
  const members = new Uint8Array(256);
  for (const byte of Buffer.from(text)) members[byte] = 1;
  return members;
};
const once = (number: number) => ({ class: number, min: 1, max: 1 });
const pairOf = (text: string): number => text.charCodeAt(0) * 256 + text.charCodeAt(1);

/** `xk[ey]` found by `k[ey]`; `ke` at any place; `z` alone. */
const classes = [classOf('x'), classOf('k'), classOf('ey'), classOf('e'), classOf('z')];
const triggers: readonly PlanTrigger[] = [
  { patterns: [0], steps: [once(0), once(1), once(2)], anchor: 1, next: 2, atStart: false },
  { patterns: [1], steps: [once(1), once(3)], anchor: 0, next: 3, atStart: false },
  { patterns: [2], steps: [once(4)], anchor: 0, next: undefined, atStart: false },
];

describe('compile/derived-tables', () => {
  const { index, symbolClasses } = deriveTables({
    triggers,
    classes,
    symbols: ['password', 'passwordFile', 'phone', 'kind'],
    nameClasses: [
      { expression: '(?i)pass', unless: '(?i)file', rule: undefined, scalars: false },
      { expression: '^ph', unless: undefined, rule: undefined, scalars: false },
    ],
  });
  const bucketOf = (pair: string): readonly number[] => index.buckets[index.pairs[pairOf(pair)] as number] ?? [];
  /** The bytes that may stand at a place beside a pair for the n-th trigger of its bucket. */
  const beside = (pair: string, place: number, trigger: number): string => {
    const bucket = index.pairs[pairOf(pair)] as number;
    const row = index.rowsOf[bucket * aroundPlaces.length + (aroundPlaces as readonly number[]).indexOf(place)] as number;
    const bits = index.rows.subarray(row * 256, row * 256 + 256);
    return [...bits].flatMap((is, byte) => ((is >> trigger) & 1 ? [String.fromCharCode(byte)] : [])).join('');
  };

  it("names the classes of each of the plan's own names", () => {
    expect([...symbolClasses]).to.deep.equal([1, 0, 2, 0]);
  });

  it('names them of the thirty-one classes of the largest plan, each with an expression and an exception of its own', () => {
    const nameClasses = Array.from({ length: 31 }, (_, i) => {
      return { expression: `^x${i}[yz]`, unless: `^x${i}z`, rule: undefined, scalars: false };
    });
    const largest = deriveTables({ triggers, classes, symbols: ['x0y', 'x0z', 'x15y', 'x30y', 'x30z'], nameClasses });
    expect([...largest.symbolClasses]).to.deep.equal([1, 0, 1 << 15, 1 << 30, 0]);
  });

  it('lists the triggers of each pair, and none for others', () => {
    expect(bucketOf('ke')).to.deep.equal([0, 1]);
    expect(bucketOf('ky')).to.deep.equal([0]);
    expect(bucketOf('ab')).to.deep.equal([]);
    for (let byte = 0; byte < 256; byte++) expect(bucketOf(`${String.fromCharCode(byte)}z`)).to.deep.equal([2]);
  });

  it('says what may stand beside a pair for each of its triggers: everything, where it does not say', () => {
    expect(beside('ke', -1, 0)).to.equal('x');
    expect(beside('ke', -1, 1)).to.have.length(256);
    for (const place of aroundPlaces.slice(1)) expect(beside('ke', place, 0)).to.have.length(256);
  });

  it('says what may follow steps of several bytes, and steps that may be missing', () => {
    const many = { class: 1, min: 2, max: 3 };
    const maybe = { class: 2, min: 0, max: 1 };
    const long = deriveTables({
      triggers: [{ patterns: [0], steps: [once(0), many, maybe, once(4)], anchor: 0, next: 1, atStart: false }],
      ...{ classes, symbols: [], nameClasses: [] },
    }).index;
    const at = (place: number): string => {
      const own = (long.pairs[pairOf('xk')] as number) * aroundPlaces.length + (aroundPlaces as readonly number[]).indexOf(place);
      const row = (long.rowsOf[own] as number) * 256;
      return [...long.rows.subarray(row, row + 256)].flatMap((is, byte) => (is ? [String.fromCharCode(byte)] : [])).join('');
    };
    expect([at(1), at(2)]).to.deep.equal(['k', 'ekyz']);
    // `xkkz` has ended before the third byte after `xk`.
    expect(at(3)).to.have.length(256);
    expect(at(-1)).to.have.length(256);
  });

  it('packs each trigger with its steps', () => {
    const at = index.offsets[index.pairs[pairOf('ky')] as number] as number;
    expect([...index.packed.subarray(at, at + 12)]).to.deep.equal([1, 0, 0, 0, 0, 0, 2, 3, 0, 0, 0, 0]);
    expect([...index.packed.subarray(at + 12, at + 24)]).to.deep.equal([0, 0, 1, 1, 1, 0, 1, 1, 2, 0, 1, 1]);
  });
});
