import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Fault } from '../../src/core/faults.ts';
import { createKeyFile, defaultKeyFile, loadKeyRing, loadOrCreateKeyRing } from '../../src/crypto/key-ring-file.ts';

const now = { created: '2026-01-02T03:04:05Z', clusterGroup: 'default' };

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  try {
    await work;
  } catch (error) {
    return error as Fault;
  }
  throw new Error('no fault');
}

describe('crypto/key-ring-file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keys-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes a key once, for its owner only, and finds it again', async () => {
    const file = join(folder, 'state', 'auditveil', 'keys.json');
    const first = await loadOrCreateKeyRing(file, now);
    const second = await loadOrCreateKeyRing(file, now);
    expect([first.created, second.created]).to.deep.equal([true, false]);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(statSync(join(folder, 'state')).mode & 0o077).to.equal(0);
    expect(second.ring.derive('digest').reveal()).to.deep.equal(first.ring.derive('digest').reveal());
    expect(readdirSync(join(folder, 'state', 'auditveil'))).to.deep.equal(['keys.json']);
  });

  it('agrees on one key when many start at once', async () => {
    const file = join(folder, 'keys.json');
    const all = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateKeyRing(file, now)));
    expect(all.filter((one) => one.created).length).to.equal(1);
    expect(new Set(all.map(({ ring }) => Buffer.from(ring.derive('state').reveal()).toString('hex'))).size).to.equal(1);
    expect(readdirSync(folder)).to.deep.equal(['keys.json']);
  });

  it('never replaces a file that stands there', async () => {
    const file = join(folder, 'keys.json');
    writeFileSync(file, 'mine', { mode: 0o600 });
    expect(await createKeyFile(file, now)).to.equal(false);
    expect(readFileSync(file, 'utf8')).to.equal('mine');
  });

  it('refuses a file that others can read and says what to do', async function () {
    if (process.platform === 'win32') return this.skip();
    const file = join(folder, 'keys.json');
    await createKeyFile(file, now);
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(file, mode);
      const fault = await faultOf(loadKeyRing(file));
      expect(fault.code).to.equal('E_KEY_MODE');
      expect(fault.remedy).to.include('chmod 600');
    }
    chmodSync(file, 0o640);
    expect((await loadKeyRing(file, { groupReadable: true })).keyId).to.equal('k1');
  });

  it('says that a file is missing rather than making one where one is required', async () => {
    const fault = await faultOf(loadKeyRing(join(folder, 'none.json')));
    expect(fault.code).to.equal('E_KEY_MISSING');
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('keeps the key in the state directory of the user', () => {
    expect(defaultKeyFile({ XDG_STATE_HOME: '/state' }, '/home/u')).to.equal('/state/auditveil/keys.json');
    expect(defaultKeyFile({}, '/home/u')).to.equal('/home/u/.local/state/auditveil/keys.json');
    expect(defaultKeyFile({ XDG_STATE_HOME: 'relative' }, '/home/u')).to.equal('/home/u/.local/state/auditveil/keys.json');
  });
});
