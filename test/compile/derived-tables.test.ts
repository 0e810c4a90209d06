import { expect } from 'chai';
import { deriveTables } from '../../src/compile/derived-tables.ts';
import type { PlanTrigger } from '../../src/scan/plan.ts';

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
  const around = (pair: string, side: 0 | 1): string => {
    const from = (index.pairs[pairOf(pair)] as number) * 512 + side * 256;
    return [...index.around.subarray(from, from + 256)].flatMap((is, byte) => (is ? [String.fromCharCode(byte)] : [])).join('');
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

  it('says what may stand beside a pair: everything, where one of its triggers does not say', () => {
    expect(around('ky', 0)).to.equal('x');
    expect(around('ke', 0)).to.have.length(256);
    expect(around('ky', 1)).to.have.length(256);
  });

  it('packs each trigger with its steps', () => {
    const at = index.offsets[index.pairs[pairOf('ky')] as number] as number;
    expect([...index.packed.subarray(at, at + 8)]).to.deep.equal([1, 0, 0, 0, 0, 0, 2, 3]);
    expect([...index.packed.subarray(at + 8, at + 20)]).to.deep.equal([0, 0, 1, 1, 1, 0, 1, 1, 2, 0, 1, 1]);
  });
});
