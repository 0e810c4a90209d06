import { expect } from 'chai';
import fc from 'fast-check';
import { valueTypes } from '../../src/core/extracts.ts';
import { ByteValue } from '../../src/detection/event-value.ts';
import {
  compares,
  contains,
  endsWith,
  equals,
  type GlobPart,
  glob,
  notEmpty,
  oneOf,
  present,
  startsWith,
} from '../../src/detection/predicates.ts';

const value = (text: string, type: number = valueTypes.string): ByteValue => {
  const bytes = new TextEncoder().encode(text);
  return new ByteValue().set(bytes, 0, bytes.length, type, 'none');
};

describe('detection/predicates', () => {
  it('compares without case unless told otherwise', () => {
    expect(equals('Delete', false).test(value('dELETE'))).to.equal(true);
    expect(equals('Delete', true).test(value('delete'))).to.equal(false);
    expect(contains('KUBE', false).test(value('my-kube-x'))).to.equal(true);
    expect(startsWith('system:', true).test(value('System:x'))).to.equal(false);
    expect(endsWith('.PEM', false).test(value('a.pem'))).to.equal(true);
    expect(oneOf(['get', 'LIST', 'watch']).test(value('list'))).to.equal(true);
  });

  it('compares numbers, booleans and texts by their text', () => {
    expect(equals('403', false).test(value('403', valueTypes.number))).to.equal(true);
    expect(equals('403', false).test(value('403'))).to.equal(true);
    expect(equals('403', false).test(value('4.03e2', valueTypes.number))).to.equal(true);
    expect(equals('true', false).test(value('true', valueTypes.true))).to.equal(true);
  });

  it('does not read objects and arrays as text', () => {
    expect(contains('a', false).test(value('{"a":1}', valueTypes.object))).to.equal(false);
    expect(present.test(value('[]', valueTypes.array))).to.equal(true);
    expect(present.test(value('null', valueTypes.null))).to.equal(false);
    expect(notEmpty.test(value('[]', valueTypes.array))).to.equal(false);
    expect(notEmpty.test(value('{"a":1}', valueTypes.object))).to.equal(true);
    expect(notEmpty.test(value(''))).to.equal(false);
  });

  it('matches wildcards as a simple expression would', () => {
    const part: fc.Arbitrary<GlobPart> = fc.oneof(fc.constantFrom('a', 'b', 'ab'), fc.constant({ one: true } as const));
    const segments = fc.array(fc.array(part, { maxLength: 3 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(segments, fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 }), (wanted, text) => {
        const source = wanted.map((parts) => parts.map((item) => (typeof item === 'string' ? item : '.')).join('')).join('.*');
        expect(glob(wanted, true).test(value(text)), source).to.equal(new RegExp(`^${source}$`).test(text));
      }),
      { numRuns: 500 },
    );
  });

  it('compares by number only what is a number', () => {
    expect(compares('gte', 400).test(value('403', valueTypes.number))).to.equal(true);
    expect(compares('lt', 400).test(value('200'))).to.equal(true);
    expect(compares('lt', 400).test(value('0x10'))).to.equal(true);
    for (const text of ['', 'abc', ' ', 'Infinity', '12abc']) expect(compares('gte', 0).test(value(text)), text).to.equal(false);
    expect(compares('gte', 0).test(value('{}', valueTypes.object))).to.equal(false);
  });
});
