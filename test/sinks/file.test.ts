import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RecordBatch } from '../../src/core/log.ts';
import { type MaskedRecord, recordTypes } from '../../src/core/record.ts';
import { FileSink } from '../../src/sinks/file.ts';
import { maskedRecord } from '../support/masked-record.ts';

const record = (payload: unknown, type: MaskedRecord['type']): MaskedRecord => maskedRecord(payload, { type });
const batch = (...records: readonly MaskedRecord[]): RecordBatch => ({ records, end: { segment: 1, offset: 0 } });
const event = (n: number): MaskedRecord => record({ n }, recordTypes.event);

describe('sinks/file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-sink-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const sink = (options = {}) =>
    new FileSink({
      path: join(folder, 'sub', 'out.jsonl'),
      minSeverity: 'informational',
      maxBytes: 1_000_000,
      keepFiles: 3,
      ...options,
    });
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

  it('leaves out findings below the severity, and dictionaries', async () => {
    const file = sink({ minSeverity: 'high' });
    const finding = (severity: string, n: number) => record({ n, rule: { severity } }, recordTypes.finding);
    const outcomes = await file.write(
      batch(finding('low', 1), finding('high', 2), finding('critical', 3), record({ n: 4 }, recordTypes.dictionary)),
    );
    expect(outcomes).to.have.length(4);
    expect((await lines()).map(({ n }) => n)).to.deep.equal([2, 3]);
    await file.close();
  });

  it('writes findings the way it is told to, and events as they are', async () => {
    const file = sink({ finding: (finding: { readonly n: number }) => JSON.stringify({ n: finding.n * 2 }) });
    await file.write(batch(record({ n: 4, rule: { severity: 'low' } }, recordTypes.finding), event(5)));
    expect((await lines()).map(({ n }) => n)).to.deep.equal([8, 5]);
    await file.close();
  });

  it('rotates at its size and keeps so many files', async () => {
    const file = sink({ maxBytes: 20, keepFiles: 2 });
    for (let n = 10; n < 20; n++) await file.write(batch(event(n), event(n)));
    await file.close();
    expect((await readdir(join(folder, 'sub'))).sort()).to.deep.equal(['out.jsonl', 'out.jsonl.1', 'out.jsonl.2']);
    expect((await lines()).map(({ n }) => n)).to.deep.equal([19, 19]);
    expect((await lines('out.jsonl.2')).map(({ n }) => n)).to.deep.equal([17, 17]);
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
