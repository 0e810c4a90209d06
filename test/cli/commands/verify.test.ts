import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { flipBit, segmentsOf } from '../../support/tamperings.ts';
import { auditEvent, CliFolder } from '../run-cli.ts';

/** The other verifier, which shares no code with this program. */
const independent = 'docs/verify/verify.py';
const hasIt = (): boolean => spawnSync('python3', ['--version']).status === 0 && spawnSync('openssl', ['version']).status === 0;

describe('cli/commands/verify', () => {
  let folder: CliFolder;
  let checkpoint: string;
  before(async function () {
    this.timeout(60_000);
    folder = new CliFolder();
    const config = `version: 1
cluster: { name: prod }
sources: [{ type: file, path: audit.log, follow: false }]
masking: { keyFile: keys.json }
log: { directory: data, segmentBytes: 65536 }
`;
    writeFileSync(folder.file('config.yaml'), config);
    await folder.run(['keys', 'init', '--key', 'keys.json']);
    const events = (from: number, to: number): string =>
      Array.from(
        { length: to - from },
        (_, i) => `${auditEvent({ auditID: `id-${from + i}`, userAgent: 'x'.repeat(300) })}\n`,
      ).join('');
    for (const [from, to] of [
      [0, 200],
      [200, 400],
    ] as const) {
      writeFileSync(folder.file('audit.log'), events(0, to));
      const { code, stderr } = await folder.run(['run', '--config', 'config.yaml', '--output', 'none']);
      expect(code, `${from}: ${stderr}`).to.equal(0);
    }
    checkpoint = (await folder.run(['checkpoint', 'data'])).stdout;
    writeFileSync(folder.file('checkpoint.txt'), checkpoint);
  });
  after(() => folder.remove());

  const args = (store: string): string[] => ['verify', store, '--pubkey', 'data/signing.pub.pem', '--against', 'checkpoint.txt'];

  it('says that all is as it was signed, for people and for programs', async () => {
    const { code, stdout } = await folder.run(args('data'));
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^events: as it was signed\n/)
      .and.to.match(/400 records/)
      .and.to.match(/goes on from the checkpoint/);
    const json = await folder.run([...args('data'), '-o', 'json']);
    expect(JSON.parse(json.stdout.split('\n')[0] ?? '')).to.deep.include({
      log: 'events',
      cluster: 'prod',
      problems: [],
      records: 400,
    });
  });

  it('wants the key of the one who signed, and a checkpoint that is one', async () => {
    await folder.run(['keys', 'init', '--key', 'other.json']);
    writeFileSync(folder.file('none.txt'), 'x\n');
    const none = await folder.run(['verify', 'data', '--pubkey', 'data/signing.pub.pem', '--against', 'none.txt']);
    expect([none.code, none.stderr.includes('E_VERIFY_FORMAT')]).to.deep.equal([4, true]);
    expect((await folder.run(['verify', 'data'])).code).to.equal(2);
    expect((await folder.run(['verify', 'elsewhere', '--pubkey', 'data/signing.pub.pem'])).stderr).to.match(/E_LOG_MISSING/);
    expect((await folder.run(['checkpoint', 'data', '--signing-key', 'nowhere.pem'])).stderr).to.match(/E_KEY_SIGNING/);
  });

  it('ends with 4 where something was done, and names the place', async () => {
    const log = folder.file('copy/events');
    cpSync(folder.file('data'), folder.file('copy'), { recursive: true });
    flipBit(segmentsOf(log)[0] ?? '', 5000);
    const { code, stdout } = await folder.run(args('copy'));
    expect(code).to.equal(4);
    expect(stdout).to.match(/✗ segment 1, bytes \d+ to \d+: the bytes are not those that were signed/);
    if (!hasIt()) return;
    const other = [independent, log, '--pubkey', folder.file('data/signing.pub.pem'), '--against', folder.file('checkpoint.txt')];
    const { status, stdout: said } = spawnSync('python3', other, { encoding: 'utf8' });
    expect([status, /segment 1, bytes \d+ to \d+/.test(said)], said).to.deep.equal([4, true]);
  });

  it('misses a whole log that the checkpoint saw', async () => {
    cpSync(folder.file('data'), folder.file('half'), { recursive: true });
    rmSync(folder.file('half/events'), { recursive: true });
    const { code, stdout } = await folder.run(args('half'));
    expect([code, /✗ events: the log is gone: the checkpoint saw \d+ digests/.test(stdout)], stdout).to.deep.equal([4, true]);
    if (!hasIt()) return;
    const key = ['--pubkey', folder.file('data/signing.pub.pem')];
    const other = [independent, folder.file('half'), ...key, '--against', folder.file('checkpoint.txt')];
    const { status, stdout: said } = spawnSync('python3', other, { encoding: 'utf8' });
    expect([status, said.includes('events: the log is gone')], said).to.deep.equal([4, true]);
  });

  it('has the other verifier say where there is nothing to verify, which is no success', function () {
    if (!hasIt()) this.skip();
    const key = folder.file('data/signing.pub.pem');
    for (const [path, pubkey] of [
      [folder.path, key],
      [folder.file('nowhere'), key],
      [folder.file('data'), folder.file('checkpoint.txt')],
    ] as const)
      expect(spawnSync('python3', [independent, path, '--pubkey', pubkey], { encoding: 'utf8' }).status).to.equal(2);
  });

  it('leaves the other verifier content with a log as it was written', function () {
    if (!hasIt()) this.skip();
    const key = folder.file('data/signing.pub.pem');
    for (const place of ['data', 'data/events', 'data/findings']) {
      const run = spawnSync('python3', [independent, folder.file(place), '--pubkey', key], { encoding: 'utf8' });
      expect(run.status, run.stdout + run.stderr).to.equal(0);
    }
  });
});
