import { expect } from 'chai';
import fc from 'fast-check';
import { TextDocument } from '../../../src/scan/reference/text-document.ts';

/** Escapes of every kind, as several writers spell them, between plain characters. */
const piece = fc.oneof(
  fc.constantFrom(
    '\\n',
    '\\"',
    '\\\\',
    '\\/',
    '\\t',
    '\\u003c',
    '\\u003C',
    '\\u003e',
    '\\u0026',
    '\\u2028',
    '\\u2029',
    '\\ud83d\\ude00',
  ),
  fc.nat(0xd7ff).map((code) => `\\u${code.toString(16).padStart(4, '0')}`),
  fc.nat(0xff).map((code) => `\\u${code.toString(16).padStart(4, '0').toUpperCase()}`),
  fc.constantFrom('a', 'bc', '0', 'é', '€', ' '),
);

describe('scan/reference/text-document', () => {
  it('takes escapes out as JSON.parse does, and knows where each character stood', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const bytes = Buffer.from(`"${pieces.join('')}"`);
        const [parent, text] = [new TextDocument(), new TextDocument()];
        parent.reset(undefined, 'root', bytes, 0, bytes.length);
        text.decode(parent, 'json', 1, bytes.length - 1);
        expect(Buffer.from(text.bytes.subarray(0, text.end)).toString()).to.equal(JSON.parse(bytes.toString()));
        let [at, place] = [0, 1];
        for (const one of pieces) {
          expect(text.toParent(at)).to.equal(place);
          at += Buffer.byteLength(JSON.parse(`"${one}"`) as string);
          place += Buffer.byteLength(one);
        }
        expect(text.toParent(at)).to.equal(place);
      }),
    );
  });
});
