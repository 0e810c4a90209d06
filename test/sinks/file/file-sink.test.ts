import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { type FileSinkConfig, fileSink } from '../../../src/config/sinks/file.ts';
import type { RecordBatch } from '../../../src/core/log.ts';
import { type MaskedRecord, recordTypes } from '../../../src/core/record.ts';
import { FileSink } from '../../../src/sinks/file/file-sink.ts';
import { rotatedSiblings } from '../../../src/sources/file/find-files.ts';
import { maskedRecord } from '../../support/masked-record.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { contractFinding } from '../contract-records.ts';
import { sinkContract } from '../sink-contract.ts';

const record = (payload: unknown, type: MaskedRecord['type']): MaskedRecord => maskedRecord(payload, { type });
const batch = (...records: readonly MaskedRecord[]): RecordBatch => ({ records, end: { segment: 1, offset: 0 } });
const event = (n: number): MaskedRecord => record({ n }, recordTypes.event);

describe('sinks/file/file-sink', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-sink-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const sink = (options: Partial<FileSinkConfig> = {}) =>
    new FileSink(
      fileSink.options.parse({
        type: 'file',
        path: join(folder, 'sub', 'out.jsonl'),
        maxBytes: 1_000_000,
        keepFiles: 3,
        ...options,
      }),
      testSinkContext(),
    );
  const lines = async (name = 'out.jsonl') =>
    (await readFile(join(folder, 'sub', name), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { n: number });

  it('appends one line a record, for this user only, and goes on in the same file', async () => {
    for (const n of [1, 2]) {
      const file = sink();
      await file.open();
      expect(await file.write(batch(event(n), event(n + 10)))).to.deep.equal([{ status: 'delivered' }, { status: 'delivered' }]);
      await file.close();
    }
    expect((await lines()).map(({ n }) => n)).to.deep.equal([1, 11, 2, 12]);
    expect((await stat(join(folder, 'sub', 'out.jsonl'))).mode & 0o777).to.equal(0o600);
  });

  it('writes findings in the format it is told to, and events as they are', async () => {
    const file = sink({ format: 'falco' });
    await file.open();
    await file.write(batch(record(contractFinding(4), recordTypes.finding), event(5)));
    const [falco, plain] = await lines();
    expect(falco).to.include({ source: 'k8s_audit', priority: 'Error' });
    expect(plain).to.deep.equal({ n: 5 });
    await file.close();
  });

  it('rotates at its size and keeps so many files', async () => {
    const file = sink({ maxBytes: 4096, keepFiles: 2 });
    const large = (n: number) => record({ n, text: 'x'.repeat(1_900) }, recordTypes.event);
    for (let n = 10; n < 20; n++) await file.write(batch(large(n), large(n)));
    await file.close();
    expect((await readdir(join(folder, 'sub'))).sort()).to.deep.equal(['out.jsonl', 'out.jsonl.1', 'out.jsonl.2']);
    expect((await lines()).map(({ n }) => n)).to.deep.equal([19, 19]);
    expect((await lines('out.jsonl.2')).map(({ n }) => n)).to.deep.equal([17, 17]);
  });

  it('compresses what it rotates, so that our own readers take it as it is', async () => {
    const file = sink({ maxBytes: 4096, keepFiles: 3, compress: true });
    const large = (n: number) => record({ n, text: 'x'.repeat(2_500) }, recordTypes.event);
    for (let n = 10; n < 14; n++) await file.write(batch(large(n)));
    await file.close();
    expect((await readdir(join(folder, 'sub'))).sort()).to.deep.equal([
      ...['out.jsonl', 'out.jsonl.1.gz', 'out.jsonl.2.gz', 'out.jsonl.3.gz'],
    ]);
    const packed = gunzipSync(await readFile(join(folder, 'sub', 'out.jsonl.2.gz')));
    expect(JSON.parse(packed.toString())).to.include({ n: 11 });
    expect((await rotatedSiblings(join(folder, 'sub', 'out.jsonl'))).map(({ path }) => basename(path))).to.deep.equal([
      ...['out.jsonl.3.gz', 'out.jsonl.2.gz', 'out.jsonl.1.gz'],
    ]);
  });

  it('rotates by age too, and begins a new file where somebody moved it away', async () => {
    let nowMs = Date.now();
    const options = fileSink.options.parse({ type: 'file', path: join(folder, 'sub', 'out.jsonl'), maxAgeMs: 60_000 });
    const file = new FileSink(options, testSinkContext([], { clock: { nowMs: () => nowMs } }));
    await file.write(batch(event(1)));
    nowMs += 59_000;
    await file.write(batch(event(2)));
    nowMs += 2_000;
    await file.write(batch(event(3)));
    expect((await lines('out.jsonl.1')).map(({ n }) => n)).to.deep.equal([1, 2]);
    await rename(join(folder, 'sub', 'out.jsonl'), join(folder, 'sub', 'moved'));
    await file.write(batch(event(4)));
    expect((await lines()).map(({ n }) => n)).to.deep.equal([4]);
    await file.close();
  });

  it('takes away a line that a crash cut off, and ends one that is not its own', async () => {
    const path = join(folder, 'sub', 'out.jsonl');
    await mkdir(join(folder, 'sub'));
    const torn = `{"n":2,"text":"${'x'.repeat(100_000)}`;
    for (const [before, after] of [
      [`{"n":1}\n${torn}`, '{"n":1}\n{"n":9}\n'],
      [torn, '{"n":9}\n'],
      ['{"n":1}\nnotes', '{"n":1}\nnotes\n{"n":9}\n'],
    ]) {
      await writeFile(path, before ?? '');
      const file = sink();
      await file.open();
      await file.write(batch(event(9)));
      await file.close();
      expect(await readFile(path, 'utf8')).to.equal(after);
    }
  });

  it('says that a failed write may work later', async () => {
    const file = sink({ path: join(folder, 'sub') });
    const other = sink();
    await other.open();
    await other.close();
    const [outcome] = await file.write(batch(event(1)));
    expect(outcome?.status).to.equal('errored');
    expect(outcome?.status === 'errored' && outcome.fault.retryable).to.equal(true);
  });
});

for (const content of ['events', 'findings'] as const)
  sinkContract(
    'sinks/file/file-sink',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'auditveil-sink-'));
      const path = join(folder, 'out.jsonl');
      const aside = join(folder, 'aside.jsonl');
      return {
        make: (notices) => new FileSink(fileSink.options.parse({ type: 'file', path, content }), testSinkContext(notices)),
        received: async () => {
          const texts = await Promise.all([aside, path].map((file) => readFile(file, 'utf8').catch(() => '')));
          return texts.join('').split('\n');
        },
        forget: async () => {
          await truncate(path, 0);
        },
        // A folder stands where the file belongs.
        fail: async () => {
          await rename(path, aside).catch(() => undefined);
          await mkdir(path);
        },
        recover: () => rmdir(path),
        close: () => rm(folder, { recursive: true }),
      };
    },
    { content, awayEndsStart: true },
  );
