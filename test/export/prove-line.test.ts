import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { LineBlocks } from '../../src/export/line-blocks.ts';
import { lineWith, proveLine } from '../../src/export/prove-line.ts';
import { leafHash, rootOfPath } from '../../src/proof/merkle.ts';
import { fromHex, toHex } from '../../src/proof/proof-document.ts';

describe('export/prove-line', () => {
  let folder: string;
  const sums = new LineBlocks();
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'auditveil-line-'));
    mkdirSync(join(folder, 'proof'));
    const lines = Array.from({ length: 250 }, (_, i) => `{"id":"${i}","text":"\u00e4\u2028 ${'x'.repeat(i)}"}\n`);
    for (const line of lines) sums.push(Buffer.from(line));
    writeFileSync(join(folder, 'events.jsonl'), lines.join(''));
    writeFileSync(
      join(folder, 'proof/events.jsonl.blocks'),
      sums
        .sums()
        .blocks.map((block) => `${block}\n`)
        .join(''),
    );
    for (const name of ['manifest.json', 'manifest.sig']) writeFileSync(join(folder, name), name);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('leads from the hundred lines around a line to the root of the file', async () => {
    const { root } = sums.sums();
    for (const line of [1, 100, 101, 250]) {
      const proof = await proveLine(folder, 'events.jsonl', line);
      const index = Math.floor((line - 1) / 100);
      expect(toHex(rootOfPath(leafHash(Buffer.from(proof.block)), index, 3, fromHex(proof.path)) ?? new Uint8Array())).to.equal(
        root,
      );
      expect(proof.block.split('\n')[(line - 1) % 100]).to.include(`"id":"${line - 1}"`);
    }
  });

  it('finds a line by a text, and says where there is none', async () => {
    expect(await lineWith(join(folder, 'events.jsonl'), '"id":"177"')).to.equal(178);
    expect(await lineWith(join(folder, 'events.jsonl'), 'nowhere')).to.equal(undefined);
    for (const line of [251, 300, 301])
      expect(await proveLine(folder, 'events.jsonl', line).catch((error: unknown) => error)).to.include({ code: 'E_PROVE_LINE' });
    expect(await proveLine(folder, 'none.jsonl', 1).catch((error: unknown) => error)).to.include({ code: 'E_FILE_READ' });
  });
});
