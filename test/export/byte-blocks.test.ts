import { expect } from 'chai';
import fc from 'fast-check';
import { ByteBlocks, bytesPerBlock } from '../../src/export/byte-blocks.ts';
import { leafHash, merkleRoot } from '../../src/proof/merkle.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('export/byte-blocks', () => {
  it('sums up the same file the same, however it comes', () => {
    const whole = Buffer.alloc(bytesPerBlock * 2 + 77, 'auditveil');
    const leaves = [0, 1, 2].map((i) => leafHash(whole.subarray(i * bytesPerBlock, (i + 1) * bytesPerBlock)));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 6 }), (sizes) => {
        const blocks = new ByteBlocks();
        for (let at = 0, i = 0; at < whole.length; i++) {
          const size = sizes[i % sizes.length] ?? 1000;
          blocks.push(whole.subarray(at, at + size));
          at += size;
        }
        const sums = blocks.sums();
        expect(sums).to.deep.include({ bytes: whole.length, blocks: leaves.map(hex), root: hex(merkleRoot(leaves)) });
      }),
      { numRuns: 10 },
    );
  });

  it('sums up nothing, and whole blocks', () => {
    expect(new ByteBlocks().sums()).to.deep.include({ bytes: 0, blocks: [] });
    const blocks = new ByteBlocks();
    blocks.push(new Uint8Array(bytesPerBlock));
    expect(blocks.sums().blocks).to.have.length(1);
  });
});
