import { expect } from 'chai';
import fc from 'fast-check';
import { StateKeyWriter } from '../../src/detection/state-keys.ts';

const key = (writer: StateKeyWriter, texts: readonly string[]): string => {
  writer.start();
  for (const text of texts) writer.add(text);
  return Buffer.from(writer.view()).toString('hex');
};

describe('detection/state-keys', () => {
  it('writes the same bytes for two groups exactly when their texts are the same', () => {
    const writer = new StateKeyWriter();
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 3 });
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(key(writer, a) === key(writer, b)).to.equal(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('writes the same for a text as for the bytes of it', () => {
    const writer = new StateKeyWriter();
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 600 }), { maxLength: 6 });
    fc.assert(
      fc.property(texts, fc.nat(9), (some, before) => {
        const expected = key(writer, some);
        writer.start();
        for (const text of some) {
          const bytes = Buffer.concat([Buffer.alloc(before, 'x'), Buffer.from(text), Buffer.from('x')]);
          writer.addUtf8(bytes, before, bytes.length - 1);
        }
        expect(Buffer.from(writer.view()).toString('hex')).to.equal(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('holds texts longer than its first buffer and forgets them when cleared', () => {
    const writer = new StateKeyWriter();
    expect(key(writer, ['é'.repeat(5000)])).to.have.length((4 + 10_000) * 2);
    const view = writer.view();
    writer.clear();
    expect(view.every((byte) => byte === 0)).to.equal(true);
  });
});
