import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { LineBlocks, linesPerBlock } from '../../src/export/line-blocks.ts';
import { leafHash, merkleRoot } from '../../src/proof/merkle.ts';

describe('export/line-blocks', () => {
  const lines = Array.from({ length: 2 * linesPerBlock + 7 }, (_, i) => Buffer.from(`line ${i}\n`));

  it('sums up the file, and each block of lines', () => {
    const blocks = new LineBlocks();
    for (const line of lines) blocks.push(line);
    const sums = blocks.sums();
    const parts = [0, 1, 2].map((i) => leafHash(Buffer.concat(lines.slice(i * linesPerBlock, (i + 1) * linesPerBlock))));
    expect(sums.blocks).to.deep.equal(parts.map((part) => Buffer.from(part).toString('hex')));
    expect(sums.root).to.equal(Buffer.from(merkleRoot(parts)).toString('hex'));
    expect(sums.sha256).to.equal(createHash('sha256').update(Buffer.concat(lines)).digest('hex'));
    expect(sums).to.include({ lines: lines.length, bytes: Buffer.concat(lines).length });
  });

  it('sums up nothing', () => {
    expect(new LineBlocks().sums()).to.deep.include({ lines: 0, bytes: 0, blocks: [] });
  });
});
