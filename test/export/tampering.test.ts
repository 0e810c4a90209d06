import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { verifyExport } from '../../src/export/verify-export.ts';
import { verifyProof } from '../../src/export/verify-proof.ts';
import { nodeFileSystem } from '../../src/log/file-system.ts';
import { readCheckpoints } from '../../src/proof/signed-note.ts';
import { verifyLog } from '../../src/proof/verify-log.ts';
import { auditEvent, CliFolder } from '../cli/run-cli.ts';
import { secondVerifier, type VerifyJob } from '../support/second-verifier.ts';
import { exportTamperings, flipBit, type Given, logTamperings, segmentsOf, type Tampering } from '../support/tamperings.ts';

/** A log and an export as an agent and a person made them; everything here is done to copies. */
describe('export/tampering', function () {
  this.timeout(120_000);
  let folder: CliFolder;
  let given: Given;
  before(async () => {
    folder = new CliFolder();
    const config = `version: 1
cluster: { name: prod }
sources: [{ type: file, path: audit.log, follow: false }]
masking: { keyFile: keys.json }
log: { directory: data, segmentBytes: 65536 }
`;
    writeFileSync(folder.file('config.yaml'), config);
    await folder.run(['keys', 'init', '--key', 'keys.json']);
    const events = Array.from({ length: 400 }, (_, i) => `${auditEvent({ auditID: `id-${i}`, userAgent: 'x'.repeat(300) })}\n`);
    for (const count of [200, 400]) {
      writeFileSync(folder.file('audit.log'), events.slice(0, count).join(''));
      const { code, stderr } = await folder.run(['run', '--config', 'config.yaml', '--output', 'none']);
      expect(code, stderr).to.equal(0);
      const exported = await folder.run([
        'export',
        '--data-dir',
        'data',
        '--format',
        'jsonl,csv,parquet',
        '--out',
        `export${count}`,
      ]);
      expect(exported.code, exported.stderr).to.equal(0);
    }
    const { stdout } = await folder.run(['checkpoint', 'data']);
    const keys = [readFileSync(folder.file('data/signing.pub.pem'), 'utf8')];
    given = { keys, checkpoint: stdout };
  });
  after(() => folder.remove());

  const verifyLogAt = async (directory: string, { keys, checkpoint }: Given): Promise<string> => {
    const note = readCheckpoints(checkpoint)?.find(({ origin }) => origin.endsWith('/events'));
    const options = { fs: nodeFileSystem, directory, log: 'events', publicPems: keys };
    const { problems } = await verifyLog({ ...options, ...(note && { checkpoint: note }) });
    return problems[0]?.place ?? 'ok';
  };
  const verifyExportAt = async (directory: string, { keys }: Given): Promise<string> =>
    (await verifyExport(directory, keys)).problems[0]?.place ?? 'ok';

  interface Case {
    readonly what: string;
    readonly place: RegExp;
    readonly first: string;
    readonly job: VerifyJob;
  }

  /** Does each thing to a copy and asks this program. */
  async function tamperedWith(
    origin: string,
    tamperings: readonly Tampering[],
    verify: (directory: string, given: Given) => Promise<string>,
  ): Promise<readonly Case[]> {
    const cases: Case[] = [];
    for (const [index, { what, place, tamper }] of tamperings.entries()) {
      const path = folder.file(`${origin.replace('/', '-')}-${index}`);
      cpSync(folder.file(origin), path, { recursive: true });
      const own = { ...given };
      tamper(path, own, folder.file('export200'));
      cases.push({ what, place, first: await verify(path, own), job: { path, ...own } });
    }
    return cases;
  }

  function compare(cases: readonly Case[]): void {
    const said = secondVerifier(cases.map(({ job }) => job));
    for (const [index, { what, place, first }] of cases.entries()) {
      expect(first, what).to.match(place);
      if (said) expect(said[index], `${what}, second verifier`).to.match(place).and.not.match(/CRASH/);
    }
  }

  it('is not seen where nothing was done', async () => {
    const untouched = [{ what: 'nothing', place: /^ok$/, tamper: () => undefined }];
    compare(await tamperedWith('data/events', untouched, verifyLogAt));
    compare(await tamperedWith('export400', untouched, verifyExportAt));
  });

  it(`of ${logTamperings.length} kinds with a log is named by both verifiers`, async () => {
    compare(await tamperedWith('data/events', logTamperings, verifyLogAt));
  });

  it(`of ${exportTamperings.length} kinds with an export is named by both verifiers`, async () => {
    compare(await tamperedWith('export400', exportTamperings, verifyExportAt));
  });

  it('by one bit, anywhere in a closed segment or an export, is seen by both verifiers', async () => {
    const flips: Case[] = [];
    const exported = readdirSync(folder.file('export400'), { recursive: true, encoding: 'utf8' })
      .map((name) => join('export400', name))
      .filter((name) => statSync(folder.file(name)).isFile() && statSync(folder.file(name)).size > 0);
    const [closed = ''] = segmentsOf(folder.file('data/events')).map((file) => file.slice(folder.path.length + 1));
    const places = fc.record({
      file: fc.constantFrom(closed, ...exported),
      at: fc.double({ min: 0, max: 0.999999, noNaN: true }),
      bit: fc.nat(7),
    });
    for (const [index, { file, at, bit }] of fc.sample(places, 60).entries()) {
      const isExport = file.startsWith('export400');
      const origin = isExport ? 'export400' : 'data/events';
      const path = folder.file(`flip${index}`);
      mkdirSync(path);
      cpSync(folder.file(origin), path, { recursive: true });
      const target = join(path, file.slice(origin.length + 1));
      const byte = Math.floor(at * statSync(target).size);
      flipBit(target, byte, bit);
      const first = await (isExport ? verifyExportAt : verifyLogAt)(path, given);
      flips.push({ what: `bit ${bit} of byte ${byte} of ${file}`, place: /^(?!ok$)/, first, job: { path, ...given } });
    }
    compare(flips);
  });

  it('with a proof is seen by both verifiers, and proofs of what stands there hold', async () => {
    const made = [
      ['prove', 'id-333', '--data-dir', 'data'],
      ['prove', '--export', 'export400', '--line', '250'],
      ['prove', '--from', 'earlier.txt', '--data-dir', 'data'],
    ];
    writeFileSync(folder.file('earlier.txt'), given.checkpoint);
    const jobs: VerifyJob[] = [];
    const first: string[] = [];
    for (const [index, args] of made.entries()) {
      const { stdout, stderr } = await folder.run(args);
      expect(stderr).to.equal('');
      const forged = stdout.replace(/id-333|id-249|auditveil\/prod/, (text) => `${text.slice(0, -1)}x`);
      expect(forged).not.to.equal(stdout);
      const variants = { held: stdout, forged, ...(index === 0 && { part: partOf(stdout) }) };
      for (const [kind, text] of Object.entries(variants)) {
        const path = folder.file(`${kind}${index}.json`);
        writeFileSync(path, text);
        jobs.push({ path, keys: given.keys, isProof: true });
        first.push('fact' in verifyProof(text, given.keys) ? 'ok' : 'wrong');
      }
    }
    expect(first).to.deep.equal(['ok', 'wrong', 'wrong', 'ok', 'wrong', 'ok', 'wrong']);
    const said = secondVerifier(jobs);
    if (said) expect(said.map((text) => (text === 'ok' || /CRASH/.test(text) ? text : 'wrong'))).to.deep.equal(first);
  });
});

/** A proof of what only looks like a record: the end of one. */
function partOf(text: string): string {
  const proof = JSON.parse(text) as { readonly record: string; readonly offset: number };
  return JSON.stringify({ ...proof, record: proof.record.slice(1), offset: proof.offset + 1 });
}
