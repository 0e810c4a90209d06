import { expect } from 'chai';
import fc from 'fast-check';
import { endOfString, malformed, notUtf8, plainEnd } from '../../../src/scan/reference/string-end.ts';

describe('scan/reference/string-end', () => {
  it('finds the end of every string that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bytes = Buffer.from(`${JSON.stringify(text)} , "more"`);
        const end = endOfString(bytes, 1, bytes.length);
        expect(JSON.parse(bytes.subarray(0, end + 1).toString())).to.equal(text);
      }),
    );
  });

  for (const [text, why] of [
    ['no end', 'has no end'],
    ['tab\t"', 'holds a control character'],
    ['bad \\x"', 'holds an unknown escape'],
    ['cut \\u12"', 'holds a cut escape'],
    ['end \\', 'ends in an escape'],
  ] as const) {
    it(`refuses a string that ${why}`, () => {
      expect(endOfString(Buffer.from(text), 0, Buffer.byteLength(text))).to.equal(malformed);
    });
  }

  it('tells bytes that are not UTF-8 apart', () => {
    const bytes = Buffer.from([97, 0xc3, 0x28, 34]);
    expect(endOfString(bytes, 0, 4)).to.equal(notUtf8);
    expect(plainEnd(bytes, 0, 4)).to.equal(notUtf8);
  });

  it('stops the plain part at a quote, an escape, a control character or the limit', () => {
    for (const [text, end] of [
      ['abc"', 3],
      ['a\\n', 1],
      ['é\t', 2],
      ['abc', 3],
    ] as const) {
      expect(plainEnd(Buffer.from(text), 0, Buffer.byteLength(text))).to.equal(end);
    }
  });
});
