import { expect } from 'chai';
import fc from 'fast-check';
import { type CanonicalValue, canonicalJson } from '../../src/crypto/canonical-json.ts';

describe('crypto/canonical-json', () => {
  it('sorts members by UTF-16 code units and leaves nothing between them', () => {
    expect(canonicalJson({ b: [1, 'x', null, true], a: {}, '\u20ac': 1, '\r': 2, c: undefined })).to.equal(
      '{"\\r":2,"a":{},"b":[1,"x",null,true],"\u20ac":1}',
    );
  });

  it('is the same however the members were written, and means the same', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(value)).to.equal(canonicalJson(turned));
        expect(JSON.parse(canonicalJson(value))).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('refuses numbers that languages write differently', () => {
    for (const number of [0.1, Number.NaN, 1e21, Number.POSITIVE_INFINITY])
      expect(() => canonicalJson({ number } as CanonicalValue)).to.throw(RangeError);
  });
});
