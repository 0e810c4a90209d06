import { expect } from 'chai';
import { valueTypes } from '../../src/core/extracts.ts';
import { extractsOf } from '../../src/detection/extracts-of.ts';

const values = (event: unknown, path: readonly string[]): readonly (readonly [string, number])[] => {
  const found = extractsOf(event, [{ name: 'x', paths: [path] }]);
  const text = (i: number): string => Buffer.from(found.bytes.subarray(found.starts[i], found.ends[i])).toString();
  return Array.from({ length: found.count }, (_, i) => [text(i), found.types[i] ?? -1] as const);
};

describe('detection/extracts-of', () => {
  it('walks through arrays and gives one entry per value, the array itself first', () => {
    expect(values({ a: [{ b: 'x' }, { b: ['y', 2] }] }, ['a', 'b'])).to.deep.equal([
      ['x', valueTypes.string],
      ['["y",2]', valueTypes.array],
      ['y', valueTypes.string],
      ['2', valueTypes.number],
    ]);
  });

  it('takes any key for a star, and marks strings that hold an escape', () => {
    expect(values({ a: { k: 'one\n', l: null, m: true } }, ['a', '*'])).to.deep.equal([
      ['one\\n', valueTypes.escaped],
      ['null', valueTypes.null],
      ['true', valueTypes.true],
    ]);
  });
});
