import { expect } from 'chai';
import fc from 'fast-check';
import { textOf } from '../../src/core/text-of.ts';

describe('core/text-of', () => {
  it('reads what a Buffer reads, wherever the bytes stand', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(9), (text, offset) => {
        const written = Buffer.from(`\u{feff}${text}`);
        const bytes = new Uint8Array(written.length + offset + 3);
        bytes.set(written, offset);
        expect(textOf(bytes, offset, offset + written.length)).to.equal(`\u{feff}${text}`);
        expect(textOf(bytes.subarray(offset, offset + written.length))).to.equal(`\u{feff}${text}`);
      }),
    );
    expect(textOf(Uint8Array.of(0x61, 0xff, 0x62))).to.equal('a\u{fffd}b');
  });
});
