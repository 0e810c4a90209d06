import { spawn } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { changeKeyFile } from '../../src/crypto/change-key-file.ts';
import { rotated } from '../../src/crypto/change-keys.ts';
import type { KeyRing } from '../../src/crypto/key-ring.ts';
import { createKeyFile, loadKeyRing } from '../../src/crypto/key-ring-file.ts';
import { systemRandom } from '../../src/crypto/random.ts';

const rotate = (ring: KeyRing): KeyRing =>
  rotated(ring, { key: systemRandom(32), nowMs: Date.now(), fromMs: Date.now(), overlapMs: 0 });

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
  return 'none';
}

/** A process that rotates the key file over and over, until it is killed. */
const endlessRotation = `
  const { changeKeyFile } = await import(process.argv[1] + '/change-key-file.js');
  const { rotated } = await import(process.argv[1] + '/change-keys.js');
  const { systemRandom } = await import(process.argv[1] + '/random.js');
  process.stdout.write('ready');
  for (let n = 0; n < 900; n++)
    await changeKeyFile(process.argv[2], {}, (ring) =>
      rotated(ring, { key: systemRandom(32), nowMs: Date.now(), fromMs: Date.now() + 1, overlapMs: 0 }).at(0)).catch(() => undefined);
`;

describe('crypto/change-key-file', () => {
  let folder = '';
  let file = '';
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keys-'));
    file = join(folder, 'keys.json');
    await createKeyFile(file, { created: '2026-01-02T03:04:05Z', clusterGroup: 'prod' });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('replaces the file and leaves nothing beside it', async () => {
    const ring = await changeKeyFile(file, {}, rotate);
    expect(ring.list(Date.now()).map(({ id }) => id)).to.deep.equal(['k1', 'k2']);
    expect((await loadKeyRing(file)).keyId).to.equal('k2');
    expect(readdirSync(folder)).to.deep.equal(['keys.json']);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });

  it('keeps mode and links as they were', async () => {
    chmodSync(file, 0o640);
    symlinkSync(file, join(folder, 'link.json'));
    await changeKeyFile(join(folder, 'link.json'), { groupReadable: true }, rotate);
    expect(readdirSync(folder).sort()).to.deep.equal(['keys.json', 'link.json']);
    expect(statSync(file).mode & 0o777).to.equal(0o640);
    expect((await loadKeyRing(file, { groupReadable: true })).keyId).to.equal('k2');
  });

  it('overwrites the bytes of the old file', async () => {
    const old = readFileSync(file);
    linkSync(file, join(folder, 'old.json'));
    await changeKeyFile(file, {}, rotate);
    const left = readFileSync(join(folder, 'old.json'));
    expect(left.length).to.equal(old.length);
    for (let at = 0; at + 16 <= old.length; at += 16) expect(left.includes(old.subarray(at, at + 16))).to.equal(false);
  });

  it('changes nothing where the change is refused', async () => {
    const before = readFileSync(file, 'utf8');
    const refuse = (): KeyRing => {
      throw new Fault('no', { code: 'E_TEST' });
    };
    expect(await codeOf(changeKeyFile(file, {}, refuse))).to.equal('E_TEST');
    expect(readFileSync(file, 'utf8')).to.equal(before);
    expect(readdirSync(folder)).to.deep.equal(['keys.json']);
  });

  it('lets one change at a time happen, and takes up after one that was interrupted', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => codeOf(changeKeyFile(file, {}, rotate))));
    const done = all.filter((code) => code === 'none').length;
    expect(all.every((code) => code === 'none' || code === 'E_KEY_BUSY')).to.equal(true);
    expect((await loadKeyRing(file)).epochs.length).to.equal(1 + done);
    writeFileSync(`${file}.new`, 'half');
    expect(await codeOf(changeKeyFile(file, {}, rotate))).to.equal('E_KEY_BUSY');
    utimesSync(`${file}.new`, new Date(0), new Date(0));
    expect(await codeOf(changeKeyFile(file, {}, rotate))).to.equal('none');
  });

  it('holds whole keys after a kill at any moment', async function () {
    this.timeout(180_000);
    const crypto = fileURLToPath(new URL('../../src/crypto', import.meta.url));
    let epochs = 1;
    // On a busy machine most are killed before a rotation has come through.
    for (let round = 0; round < 8 || epochs <= 8; round++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', endlessRotation, crypto, file]);
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, 5 + (round % 24) * 7));
      const gone = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await gone;
      const ring = await loadKeyRing(file);
      expect(ring.epochs.length).to.be.at.least(epochs);
      epochs = ring.epochs.length;
      rmSync(`${file}.new`, { force: true });
    }
    expect(epochs, 'rotations that came through').to.be.greaterThan(8);
  });
});
