import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { auditEvent, CliFolder } from '../run-cli.ts';

/** The other verifier, which shares no code with this program. */
const independent = 'docs/verify/verify.py';
const hasIt = (): boolean => spawnSync('python3', ['--version']).status === 0 && spawnSync('openssl', ['version']).status === 0;

interface Copy {
  readonly folder: string;
  readonly chain: string;
  lines(): string[];
  putLines(lines: readonly string[]): void;
  readonly segments: readonly string[];
}

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

  const flipped = (file: string, at: number): void => {
    const bytes = readFileSync(file);
    bytes[at] = (bytes[at] ?? 0) ^ 4;
    writeFileSync(file, bytes);
  };
  const withoutBytes = (file: string, from: number, to: number): void => {
    const bytes = readFileSync(file);
    writeFileSync(file, Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]));
  };
  const sizeAt = (file: string, at: number): number => readFileSync(file).readUInt32LE(at);

  /** What somebody might do, and the place that both verifiers must name. */
  const tamperings: readonly [what: string, place: RegExp, tamper: (copy: Copy) => void][] = [
    ['a flipped byte in a record', /segment 1, bytes \d+ to \d+/, ({ segments }) => flipped(segments[0] ?? '', 5000)],
    ['a flipped byte in a segment header', /segment 2, bytes 0 to 64/, ({ segments }) => flipped(segments[1] ?? '', 30)],
    ['a cut segment', /segment 1/, ({ segments: [file = ''] }) => withoutBytes(file, readFileSync(file).length - 500, 1e9)],
    ['a dropped record', /segment 1/, ({ segments: [file = ''] }) => withoutBytes(file, 64, 64 + sizeAt(file, 64))],
    [
      'two swapped records',
      /segment 1/,
      ({ segments: [file = ''] }) => {
        const bytes = readFileSync(file);
        const [a, b] = [64 + sizeAt(file, 64), 64 + sizeAt(file, 64) + sizeAt(file, 64 + sizeAt(file, 64))];
        writeFileSync(
          file,
          Buffer.concat([bytes.subarray(0, 64), bytes.subarray(a, b), bytes.subarray(64, a), bytes.subarray(b)]),
        );
      },
    ],
    ['a dropped segment', /segment 2/, ({ segments }) => rmSync(segments[1] ?? '')],
    ['a segment in the place of another', /segment 1/, ({ segments }) => cpSync(segments[1] ?? '', segments[0] ?? '')],
    [
      'a changed digest',
      /digest 1/,
      (c) => c.putLines(c.lines().map((line, i) => (i === 0 ? line.replace('"records":', '"records":1') : line))),
    ],
    ['a dropped digest', /digest 1/, (c) => c.putLines(c.lines().slice(2))],
    [
      'two swapped digests',
      /digest 1/,
      (c) => c.putLines([...c.lines().slice(2, 4), ...c.lines().slice(0, 2), ...c.lines().slice(4)]),
    ],
    ['a forged signature', /digest 2/, (c) => c.putLines(c.lines().map((line, i) => (i === 3 ? (c.lines()[1] ?? '') : line)))],
    [
      'a tail that was rolled back whole',
      /the end of the chain/,
      (c) => {
        c.putLines(c.lines().slice(0, 2));
        for (const file of c.segments.slice(1)) rmSync(file);
      },
    ],
    ['digests that are gone', /the chain/, (c) => rmSync(c.chain)],
  ];

  function copyOf(name: string): Copy {
    const copy = folder.file(name);
    cpSync(folder.file('data'), copy, { recursive: true });
    const chain = join(copy, 'events/proof/digests.jsonl');
    const names = readdirSync(join(copy, 'events')).filter((file) => file.endsWith('.seg'));
    return {
      folder: copy,
      chain,
      segments: names.sort().map((file) => join(copy, 'events', file)),
      lines: () => readFileSync(chain, 'utf8').trimEnd().split('\n'),
      putLines: (lines) => writeFileSync(chain, `${lines.join('\n')}\n`),
    };
  }

  for (const [index, [what, place, tamper]] of tamperings.entries()) {
    it(`names the place of ${what}, and so does the other verifier`, async function () {
      this.timeout(30_000);
      const copy = copyOf(`copy${index}`);
      tamper(copy);
      const { code, stdout } = await folder.run(args(copy.folder));
      expect(code).to.equal(4);
      expect(/✗ ([^:]+):/.exec(stdout)?.[1]).to.match(place);
      if (!hasIt()) {
        if (process.env['CI'] === 'true') throw new Error('python3 or openssl is missing');
        this.skip();
      }
      const key = folder.file('data/signing.pub.pem');
      const other = [independent, join(copy.folder, 'events'), '--pubkey', key, '--against', folder.file('checkpoint.txt')];
      const { status, stdout: said } = spawnSync('python3', other, { encoding: 'utf8' });
      expect(status, said).to.equal(4);
      expect(said).to.match(place);
      rmSync(copy.folder, { recursive: true });
    });
  }

  it('leaves the other verifier content with a log as it was written', function () {
    if (!hasIt()) this.skip();
    const key = folder.file('data/signing.pub.pem');
    for (const log of ['events', 'findings']) {
      const run = spawnSync('python3', [independent, folder.file(`data/${log}`), '--pubkey', key], { encoding: 'utf8' });
      expect(run.status, run.stdout + run.stderr).to.equal(0);
    }
  });
});
