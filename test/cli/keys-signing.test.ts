import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder } from './run-cli.ts';

describe('cli/keys-signing', () => {
  let folder: CliFolder;
  before(async function () {
    this.timeout(60_000);
    folder = new CliFolder();
    const config = `version: 1
cluster: { name: prod }
sources: [{ type: file, path: audit.log, follow: false }]
masking: { keyFile: keys.json }
log: { directory: data }
`;
    writeFileSync(folder.file('config.yaml'), config);
    writeFileSync(folder.file('audit.log'), `${auditEvent()}\n`);
    await folder.run(['keys', 'init', '--key', 'keys.json']);
    const made = await folder.run(['keys', 'signing', 'init', '--config', 'config.yaml']);
    expect(made.stdout).to.match(/key [0-9a-f]{32}/);
    copyFileSync(folder.file('data/signing.pub.pem'), folder.file('first.pem'));
    await run();
  });
  after(() => folder.remove());

  async function run(): Promise<void> {
    const { code, stderr } = await folder.run(['run', '--config', 'config.yaml', '--output', 'none']);
    expect(code, stderr).to.equal(0);
  }

  it('makes no key where there is one', async () => {
    expect((await folder.run(['keys', 'signing', 'init', '--config', 'config.yaml'])).stderr).to.include('E_KEY_EXISTS');
    expect((await folder.run(['keys', 'signing', 'rotate', '--data-dir', 'none'])).stderr).to.include('E_KEY_SIGNING');
  });

  it('rotates; checkpoints, logs and exports are verified from the first key on', async function () {
    this.timeout(60_000);
    const before = readFileSync(folder.file('data/signing.pem'), 'utf8');
    const { code, stderr } = await folder.run(['keys', 'signing', 'rotate', '--config', 'config.yaml']);
    expect(code, stderr).to.equal(0);
    expect(readFileSync(folder.file('data/signing.pem'), 'utf8')).not.to.equal(before);
    for (const name of readdirSync(folder.file('data')).filter((one) => one.includes('signing')))
      expect(readFileSync(folder.file(`data/${name}`), 'utf8'), name).not.to.equal(before);
    expect(readdirSync(folder.file('data/notes')), 'a note of it').to.have.length(1);
    writeFileSync(folder.file('audit.log'), `${auditEvent()}\n${auditEvent()}\n`);
    await run();
    writeFileSync(folder.file('checkpoint.txt'), (await folder.run(['checkpoint', 'data'])).stdout);
    expect((await folder.run(['export', '--data-dir', 'data', '--out', 'export'])).code).to.equal(0);
    for (const [store, ...more] of [['data', '--against', 'checkpoint.txt'], ['export']]) {
      const verified = await folder.run(['verify', store ?? '', '--pubkey', 'first.pem', ...more]);
      expect(verified.code, verified.stdout + verified.stderr).to.equal(0);
    }
    for (const place of ['data/events', 'data/findings', 'export']) {
      const other = ['docs/verify/verify.py', folder.file(place), '--pubkey', folder.file('first.pem')];
      const { status, stdout, error } = spawnSync('python3', other, { encoding: 'utf8' });
      if (error === undefined) expect(status, stdout).to.equal(0);
    }
    const listed = await folder.run(['keys', 'signing', 'list', '--config', 'config.yaml', '--json']);
    const turns = listed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { log: string; introduced: boolean; current: boolean });
    expect(turns.filter(({ log }) => log === 'events').map((turn) => [turn.introduced, turn.current])).to.deep.equal([
      [false, false],
      [true, true],
    ]);
  });

  it('pins a key, refuses another than the one named, and verifies with what is pinned', async () => {
    expect((await folder.run(['verify', 'data'])).stderr).to.include('E_USAGE_KEY');
    const other = await folder.run(['keys', 'signing', 'pin', 'first.pem', '--id', '0'.repeat(32)]);
    expect([other.code, other.stderr.includes('E_VERIFY_KEY')]).to.deep.equal([4, true]);
    expect((await folder.run(['keys', 'signing', 'pin', 'data/signing.pem'])).stderr).to.include('holds a private key');
    expect((await folder.run(['keys', 'signing', 'pin', 'first.pem'])).stdout).to.match(/is trusted now/);
    expect((await folder.run(['keys', 'signing', 'pin', 'first.pem'])).stdout).to.match(/is trusted already/);
    expect((await folder.run(['verify', 'data'])).code).to.equal(0);
  });

  it('makes another key where one was lost, with a finding; both are needed then', async function () {
    this.timeout(60_000);
    copyFileSync(folder.file('data/signing.pub.pem'), folder.file('lost.pem'));
    for (const name of ['signing.pem', 'signing.pub.pem']) rmSync(folder.file(`data/${name}`));
    writeFileSync(folder.file('audit.log'), `${auditEvent()}\n${auditEvent()}\n${auditEvent()}\n`);
    await run();
    expect(existsSync(folder.file('data/signing.pem'))).to.equal(true);
    expect((await folder.run(['verify', 'data', '--pubkey', 'first.pem'])).code).to.equal(4);
    const both = ['--pubkey', 'first.pem', '--pubkey', 'data/signing.pub.pem'];
    expect((await folder.run(['verify', 'data', ...both])).code).to.equal(0);
    const { stdout } = await folder.run(['tail', '--data-dir', 'data', '-o', 'json', '--no-follow']);
    expect(stdout).to.include('auditveil.signing-key-replaced');
  });
});
