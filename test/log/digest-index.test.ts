import { expect } from 'chai';
import fc from 'fast-check';
import { decodeDigestIndex, encodeDigestIndex } from '../../src/log/digest-index.ts';

const segment = { number: 7, createdAtMs: 1_700_000_000_000, bytes: 4096 };
const lists = fc
  .tuple(fc.uint8Array({ maxLength: 40 }), fc.array(fc.record({ from: fc.nat(100), atMs: fc.nat() }), { maxLength: 4 }))
  .map(([seeds, stamps]) => ({ stamps, digests: Uint8Array.from([...seeds].flatMap((seed) => Array<number>(16).fill(seed))) }));

describe('log/digest-index', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(lists, (list) => {
        const read = decodeDigestIndex(encodeDigestIndex(segment, list), segment);
        expect(read?.stamps).to.deep.equal(list.stamps);
        expect(Uint8Array.from(read?.digests ?? [])).to.deep.equal(list.digests);
      }),
    );
  });

  it('is not taken for that of another segment, or of one that has another length', () => {
    const bytes = encodeDigestIndex(segment, { stamps: [], digests: new Uint8Array(16) });
    for (const other of [{ number: 8 }, { createdAtMs: 1 }, { bytes: 4095 }])
      expect(decodeDigestIndex(bytes, { ...segment, ...other })).to.equal(undefined);
  });

  it('is not taken where bits are flipped or its end is missing', () => {
    fc.assert(
      fc.property(lists, fc.nat(), fc.nat(7), fc.boolean(), (list, where, bit, cut) => {
        const bytes = Uint8Array.from(encodeDigestIndex(segment, list));
        const at = where % bytes.length;
        // Two bytes of the head mean nothing.
        if (at === 10 || at === 11) return;
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        expect(decodeDigestIndex(cut ? bytes.subarray(0, at) : bytes, segment)).to.equal(undefined);
      }),
    );
  });
});
