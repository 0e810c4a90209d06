import { expect } from 'chai';
import fc from 'fast-check';
import { latin1Text, utf8Text } from '../../src/core/byte-text.ts';

describe('core/byte-text', () => {
  it('reads what a Buffer reads, wherever the bytes stand', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(9), (text, offset) => {
        const written = Buffer.from(`\u{feff}${text}`);
        const bytes = new Uint8Array(written.length + offset + 3);
        bytes.set(written, offset);
        expect(utf8Text(bytes, offset, offset + written.length)).to.equal(`\u{feff}${text}`);
        expect(utf8Text(bytes.subarray(offset, offset + written.length))).to.equal(`\u{feff}${text}`);
      }),
    );
    expect(utf8Text(Uint8Array.of(0x61, 0xff, 0x62))).to.equal('a\u{fffd}b');
  });

  it('reads a character a byte', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const text = String.fromCharCode(...bytes);
    expect(latin1Text(bytes)).to.equal(text);
    expect(latin1Text(bytes.subarray(100, 200), 10, 90)).to.equal(text.slice(110, 190));
    expect(latin1Text(bytes, 5, 5)).to.equal('');
  });
});
