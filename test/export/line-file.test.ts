import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { LineFile } from '../../src/export/line-file.ts';

describe('export/line-file', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'auditveil-lines-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  it('writes lines and says what it wrote, however many come at once', async () => {
    const file = new LineFile(directory, 'a');
    const line = Buffer.from(`${'x'.repeat(99_999)}\n`);
    for (let i = 0; i < 40; i++) await file.write(line);
    const { file: told, blocks } = await file.close();
    expect(told).to.include({ name: 'a', lines: 40, bytes: 4_000_000 });
    expect(blocks).to.have.length(1);
    expect(readFileSync(join(directory, 'a')).length).to.equal(4_000_000);
  });

  it('fails where the file is there already, and leaves it as it is', async () => {
    writeFileSync(join(directory, 'b'), 'kept');
    const file = new LineFile(directory, 'b');
    await file.write(Buffer.from('x\n')).catch(() => undefined);
    expect(await file.close().catch((error: NodeJS.ErrnoException) => error.code)).to.equal('EEXIST');
    expect(readFileSync(join(directory, 'b'), 'utf8')).to.equal('kept');
  });
});
