import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
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

  it('writes over nothing', async () => {
    await write('twice');
    expect(await write('twice').catch((cause: unknown) => cause)).to.include({ code: 'E_EXPORT_OUT' });
  });
});
