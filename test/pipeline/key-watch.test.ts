import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { changeKeyFile } from '../../src/crypto/change-key-file.ts';
import { rotated } from '../../src/crypto/change-keys.ts';
import { createKeyFile, loadKeyRing } from '../../src/crypto/key-ring-file.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { KeyWatch } from '../../src/pipeline/key-watch.ts';

describe('pipeline/key-watch', () => {
  let folder = '';
  let path = '';
  const used: string[] = [];
  const said: string[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'watch-'));
    path = join(folder, 'keys.json');
    used.length = 0;
    said.length = 0;
    await createKeyFile(path, { created: '2026-01-02T03:04:05Z', clusterGroup: 'prod' });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const watch = async (): Promise<KeyWatch> =>
    new KeyWatch({
      file: { path },
      keyRing: await loadKeyRing(path),
      use: (ring) => used.push(ring.list(Date.now()).at(-1)?.id ?? ''),
      notice: (text) => said.push(text),
    });
  const rotate = () =>
    changeKeyFile(path, {}, (ring) =>
      rotated(ring, { key: systemRandom(32), nowMs: Date.now(), fromMs: Date.now(), overlapMs: 0 }),
    );

  it('takes over a changed file once', async () => {
    const keys = await watch();
    await keys.check();
    await rotate();
    for (let i = 0; i < 3; i++) await keys.check();
    expect([used, said]).to.deep.equal([['k1', 'k2'], []]);
  });

  it('keeps its keys where the file is gone, open to others, or another one, says so once, and takes up a good one again', async () => {
    const keys = await watch();
    await keys.check();
    chmodSync(path, 0o644);
    await rotate().catch(() => undefined);
    rmSync(path);
    await createKeyFile(path, { created: '2026-01-02T03:04:05Z', clusterGroup: 'prod' });
    for (let i = 0; i < 2; i++) await keys.check();
    expect(said).to.have.length(1);
    expect(said[0]).to.match(/holds other keys/);
    rmSync(path);
    for (let i = 0; i < 2; i++) await keys.check();
    expect(said).to.have.length(2);
    expect(used).to.deep.equal(['k1']);
  });
});
