import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parquetReadObjects } from 'hyparquet';
import { verifyExport } from '../../src/export/verify-export.ts';
import { type ExportOptions, writeExport } from '../../src/export/write-export.ts';
import { openLog } from '../../src/log/open-log.ts';
import { makeClock, makeTile } from '../support/log-fixture.ts';
import { newSigningKey } from '../support/sealed-log.ts';

const startMs = 1_700_000_000_000;

describe('export/write-export', () => {
  const key = newSigningKey();
  let directory: string;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'auditveil-export-'));
    for (const name of ['events', 'findings'] as const) {
      const log = await openLog({ directory: join(directory, name), name, clock: makeClock(), reserveBytes: 0, tickMs: 0 });
      if (name === 'events')
        for (let id = 0; id < 20; id++)
          await log.append(makeTile([{ id, receivedAtMs: startMs + id * 1000, masks: [[0, 1, 2]] }]));
      await log.close();
    }
  });
  after(() => rmSync(directory, { recursive: true }));

  const write = (out: string, options: Partial<ExportOptions> = {}) =>
    writeExport({
      ...{ dataDirectory: directory, out: join(directory, out), by: 'tester', key, nowMs: startMs },
      ...{ tool: { name: 'auditveil', version: '0' }, signal: new AbortController().signal, progress: () => undefined },
      ...options,
    });

  it('takes what was received from the first moment up to, not with, the last', async () => {
    const { counts, firstReceived, lastReceived } = await write('some', { sinceMs: startMs + 5000, untilMs: startMs + 8000 });
    expect(counts).to.deep.include({ eventsExported: 3, recordsRead: 3, valuesMasked: { email: 6 } });
    expect([firstReceived, lastReceived]).to.deep.equal([5, 7].map((s) => new Date(startMs + s * 1000).toISOString()));
    expect(readFileSync(join(directory, 'some/events.jsonl'), 'utf8').split('\n')[0]).to.include('"id":5');
    expect((await verifyExport(join(directory, 'some'), [key.publicPem])).problems).to.deep.equal([]);
  });

  it('leaves a folder without a manifest where it was stopped', async () => {
    const stopped = new AbortController();
    stopped.abort();
    const error = await write('stopped', { signal: stopped.signal }).catch((cause: unknown) => cause);
    expect(error).to.include({ code: 'E_EXPORT_STOPPED' });
    const [problem] = (await verifyExport(join(directory, 'stopped'), [key.publicPem])).problems;
    expect(problem).to.deep.equal({ place: 'manifest.json', what: 'it is missing' });
  });

  it('writes tables as Parquet, with all rows and the events as they stand in the log', async () => {
    const { files, days } = await write('parquet', { formats: ['parquet', 'ocsf'] });
    expect(files.map(({ name }) => name)).to.include.members([
      'events.parquet',
      'findings.parquet',
      'findings.ocsf.jsonl',
      'columns.json',
    ]);
    expect(files.map(({ name }) => name)).not.to.include('events.jsonl');
    const file = readFileSync(join(directory, 'parquet/events.parquet'));
    const rows = await parquetReadObjects({
      file: file.buffer.slice(file.byteOffset, file.byteOffset + file.length),
      compressors: { GZIP: (input) => new Uint8Array(gunzipSync(input)) },
    });
    expect(rows).to.have.length(20);
    expect(rows[7]?.['body']).to.include('"id":7');
    expect(files.find(({ name }) => name === 'events.parquet')).to.include({ rows: 20, blockBytes: 65_536 });
    expect(days).to.deep.equal([{ day: '2023-11-14', events: 20, stubs: 0, findings: {}, reviews: 0, rules: 3 }]);
    expect((await verifyExport(join(directory, 'parquet'), [key.publicPem])).problems).to.deep.equal([]);
  });

  it('writes over nothing', async () => {
    await write('twice');
    expect(await write('twice').catch((cause: unknown) => cause)).to.include({ code: 'E_EXPORT_OUT' });
  });
});
