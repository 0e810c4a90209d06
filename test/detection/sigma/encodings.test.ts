import { expect } from 'chai';
import fc from 'fast-check';
import { base64Of, base64Offsets, bytesAsText, encodeText } from '../../../src/detection/sigma/encodings.ts';

describe('detection/sigma/encodings', () => {
  it('finds a text in the base64 of anything that holds it, through one of the three offsets', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 3, maxLength: 20 }),
        fc.string({ maxLength: 10 }),
        fc.string({ maxLength: 10 }),
        (text, before, after) => {
          const whole = Buffer.from(before + text + after, 'utf8').toString('base64');
          const offsets = base64Offsets(encodeText(text, undefined));
          expect(offsets.some((part) => whole.includes(part))).to.equal(true);
        },
      ),
    );
  });

  it('encodes in the wide forms', () => {
    expect(Buffer.from(encodeText('ab', 'utf16le')).toString('hex')).to.equal('61006200');
    expect(Buffer.from(encodeText('ab', 'utf16be')).toString('hex')).to.equal('00610062');
    expect(Buffer.from(encodeText('ab', 'utf16')).toString('hex')).to.equal('fffe61006200');
    expect(base64Of(encodeText('foo', undefined))).to.equal('Zm9v');
  });

  it('shows bytes as a text that was read one character a byte', () => {
    expect(bytesAsText(encodeText('ab', 'utf16'))).to.equal('\u00ff\u00fea\0b\0');
  });
});
