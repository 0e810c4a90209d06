import { expect } from 'chai';
import fc from 'fast-check';
import { elements, skipSpace, skipValue } from '../../../src/sources/frames/json-walk.ts';

describe('sources/frames/json-walk', () => {
  it('skips exactly one value of any JSON text', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(',', ' ', '}', ']'), (text, after) => {
        const bytes = Buffer.from(`${text}${after}`);
        expect(skipValue(bytes, 0, bytes.length)).to.equal(bytes.length - 1);
      }),
    );
  });

  it('says that a value cut anywhere inside its brackets has no end', () => {
    const bytes = Buffer.from('{"a":["\\"",{"b":"]}"}]}');
    for (let end = 1; end < bytes.length; end++) expect(skipValue(bytes, 0, end), `cut at ${end}`).to.equal(-1);
  });

  it('gives the spans of the elements of an array', () => {
    const text = '[ 1 ,"a,b", {"c":[2]},[] ]';
    const spans = elements(Buffer.from(text), 0, text.length) ?? [];
    const found = [];
    for (let i = 0; i < spans.length; i += 2) found.push(text.slice(spans[i], spans[i + 1]));
    expect(found).to.deep.equal(['1', '"a,b"', '{"c":[2]}', '[]']);
  });

  it('skips the four JSON spaces only', () => {
    expect(skipSpace(Buffer.from(' \t\r\n\f'), 0, 5)).to.equal(4);
  });
});
