import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Secret } from '../../../src/core/secret.ts';
import { sha256Hex } from '../../../src/crypto/sha256.ts';
import { CheckpointStore } from '../../../src/sources/file/checkpoint-store.ts';
import { FingerprintKey } from '../../../src/sources/file/fingerprint-key.ts';

const identity = { device: 1, inode: 2, fingerprint: 'a' };
const key = new FingerprintKey(new Secret(new Uint8Array(32)));

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
    const store = new CheckpointStore(file, key);
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
    const store = new CheckpointStore(file, key);
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
    const store = new CheckpointStore(file, key);
    store.of('p').advance(identity, 7, 'p');
    store.touch();
    await mkdir(`${file}.tmp`);
    expect(await store.save().catch(() => 'failed')).to.equal('failed');
    await rmdir(`${file}.tmp`);
    await store.save();
    expect(offsetIn(file)).to.equal(7);
  });

  const plainHash = sha256Hex('{"auditID":"1"}');
  const stored = { file: { device: 1, inode: 2, fingerprint: plainHash }, offset: 16, path: 'p', end: { taken: 16, bytes: 16 } };

  it('takes over a ledger that held hashes without a key, and leaves none on disk', async () => {
    writeFileSync(file, JSON.stringify({ version: 2, files: { p: [stored] } }));
    const store = new CheckpointStore(file, key);
    await store.load();
    expect([store.damaged, store.otherKey]).to.deep.equal([false, false]);
    const fingerprint = key.of(Buffer.from('{"auditID":"1"}'));
    expect(store.of('p').entries).to.deep.equal([{ ...stored, file: { ...stored.file, fingerprint } }]);
    await store.save();
    const text = readFileSync(file, 'utf8');
    expect(text.includes(plainHash)).to.equal(false);
    const again = new CheckpointStore(file, key);
    await again.load();
    expect(again.of('p').entries).to.deep.equal(store.of('p').entries);
  });

  it('knows files by their inode alone where the key is another one, until they are seen again', async () => {
    const store = new CheckpointStore(file, key);
    store.of('p').advance(identity, 5, 'p');
    store.touch();
    await store.save();
    const other = new FingerprintKey(new Secret(new Uint8Array(32).fill(1)));
    const next = new CheckpointStore(file, other);
    await next.load();
    expect([next.damaged, next.otherKey]).to.deep.equal([false, true]);
    const seen = { file: { ...identity, fingerprint: 'b' }, bytes: 9 };
    expect(next.of('p').from(seen)).to.equal(5);
    next.of('p').recognise(seen);
    expect(next.of('p').from({ ...seen, file: { ...seen.file, fingerprint: 'c' } })).to.equal(undefined);
    await next.save();
    const last = new CheckpointStore(file, other);
    await last.load();
    expect([last.otherKey, last.of('p').entries[0]?.file.fingerprint]).to.deep.equal([false, 'b']);
  });

  it('is only looked at without a key', async () => {
    writeFileSync(file, JSON.stringify({ version: 2, files: { p: [stored] } }));
    const store = new CheckpointStore(file);
    await store.load();
    store.touch();
    await store.save();
    expect(readFileSync(file, 'utf8')).to.include(plainHash);
    expect(store.of('p').entries).to.deep.equal([stored]);
  });

  it('takes the ledger of a later version for damaged, so that events come again', async () => {
    writeFileSync(file, JSON.stringify({ version: 4, files: { p: [stored] } }));
    const store = new CheckpointStore(file, key);
    await store.load();
    expect([store.damaged, store.knows('p')]).to.deep.equal([true, false]);
  });
});
