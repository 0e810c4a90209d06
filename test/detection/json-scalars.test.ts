import { expect } from 'chai';
import fc from 'fast-check';
import { unescapeJson } from '../../src/detection/event-value.ts';
import { someScalar } from '../../src/detection/json-scalars.ts';

function scalarsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const found: string[] = [];
  someScalar(bytes, 0, bytes.length, (_type, start, end) => {
    found.push(unescapeJson(bytes.toString('utf8', start, end)));
    return false;
  });
  return found;
}

function expected(value: unknown): readonly string[] {
  if (value === null) return [];
  return typeof value === 'object' ? Object.values(value).flatMap(expected) : [String(value)];
}

describe('detection/json-scalars', () => {
  it('gives every text, number and truth value of any document in order, and no names', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), fc.constantFrom(undefined, 1), (text, indent) => {
        const value: unknown = JSON.parse(text);
        const written = JSON.stringify(value, null, indent);
        const numbers = (list: readonly string[]): readonly string[] =>
          list.map((one) => (/^-?\d/.test(one) ? String(Number(one)) : one));
        expect(numbers(scalarsOf(written))).to.deep.equal(numbers(expected(value)));
      }),
    );
  });

  it('tells names from values where blanks stand before the colon', () => {
    expect(scalarsOf('{ "a" \n: "b" , "c":[ -1.5e3 , true,false , null ,"\\"" ] }')).to.deep.equal([
      'b',
      '-1.5e3',
      'true',
      'false',
      '"',
    ]);
  });

  it('ends when it is told to', () => {
    let count = 0;
    const bytes = Buffer.from('["a","b","c"]');
    expect(someScalar(bytes, 0, bytes.length, () => ++count === 2)).to.equal(true);
    expect(count).to.equal(2);
  });
});
