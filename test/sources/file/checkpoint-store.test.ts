import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CheckpointStore } from '../../../src/sources/file/checkpoint-store.ts';

const identity = { device: 1, inode: 2, fingerprint: 'a' };

describe('sources/file/checkpoint-store', () => {
  let folder = '';
  let file = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'auditveil-checkpoint-'));
    file = join(folder, 'n.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const offsetIn = (path: string): number =>
    (JSON.parse(readFileSync(path, 'utf8')) as { files: { p: { offset: number }[] } }).files.p[0]?.offset ?? -1;

  it('writes once for all that was set before, however much is set while it writes', async () => {
    const store = new CheckpointStore(file);
    store.of('p').advance(identity, 1, 'p');
    store.touch();
    const saved = store.save();
    for (let offset = 2; offset < 100; offset++) {
      store.of('p').advance(identity, offset, 'p');
      store.touch();
      await new Promise(setImmediate);
    }
    await saved;
    expect(offsetIn(file)).to.equal(1);
    await Promise.all([store.save(), store.save()]);
    expect(offsetIn(file)).to.equal(99);
  });

  it('has what was set before the call on disk, also where a write was going on', async () => {
    const store = new CheckpointStore(file);
    for (let offset = 1; offset < 20; offset++) {
      store.of('p').advance(identity, offset, 'p');
      store.touch();
      const saved = store.save();
      if (offset % 3 !== 0) continue;
      await saved;
      expect(offsetIn(file)).to.equal(offset);
    }
  });

  it('writes again what could not be written', async () => {
    const store = new CheckpointStore(file);
    store.of('p').advance(identity, 7, 'p');
    store.touch();
    await mkdir(`${file}.tmp`);
    expect(await store.save().catch(() => 'failed')).to.equal('failed');
    await rmdir(`${file}.tmp`);
    await store.save();
    expect(offsetIn(file)).to.equal(7);
  });
});
