import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { EventStore } from '../../src/core/event-store.ts';
import { openLog } from '../../src/log/open-log.ts';
import { DuckStore } from '../../src/store/duck-store.ts';
import { HeadFiles } from '../../src/store/head-files.ts';
import { loadDuckDb, openDuckDb } from '../../src/store/open-duckdb.ts';
import { ScanStore } from '../../src/store/scan-store.ts';
import { ScratchFolder } from '../../src/store/scratch-folder.ts';
import { describeEventStore } from '../contract/event-store-contract.ts';
import { hourMs, startMs, storedEvents, writeStoredEvents } from '../contract/stored-events.ts';
import { makeClock, makeTile } from '../support/log-fixture.ts';

const never = new AbortController().signal;
const all = { range: { sinceMs: 0, untilMs: startMs + 1000 * hourMs } };

describe('store/duck-store', () => {
  const scratches: ScratchFolder[] = [];
  const openStore = async (dataDirectory: string): Promise<EventStore> => {
    const duckDb = await loadDuckDb();
    if (!duckDb) throw new Error('DuckDB is not installed');
    const directory = join(dataDirectory, 'events');
    const scratch = new ScratchFolder(dataDirectory);
    scratches.push(scratch);
    const { connect } = await openDuckDb(duckDb, { folders: [directory, scratch.path], spill: join(scratch.path, 'spill') });
    return new DuckStore({ files: new HeadFiles(directory, scratch), connect, scan: new ScanStore(directory) });
  };
  before(async function () {
    // It is an optional dependency: where it is not there, the scanning store is what is used.
    if (!(await loadDuckDb())) this.skip();
  });
  after(() => {
    for (const scratch of scratches) scratch.remove();
  });

  describeEventStore(openStore, { runs: 12 });

  it('makes the sidecars that are missing, and sees what is appended meanwhile, each event once', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'auditveil-duck-'));
    try {
      await writeStoredEvents(directory);
      const store = await openStore(directory);
      const count = async (): Promise<number> => {
        const rows = await store.top({ range: all.range, resource: 'late' }, 'resource', 9, never);
        const everything = await store.series(
          { range: { sinceMs: startMs - 9 * hourMs, untilMs: startMs + 999 * hourMs } },
          hourMs,
          never,
        );
        expect(everything.events.reduce((sum, events) => sum + events, 0)).to.equal(storedEvents.length + (rows[0]?.events ?? 0));
        return rows[0]?.events ?? 0;
      };
      expect(await count()).to.equal(0);
      const names = readdirSync(join(directory, 'events'));
      const isSegment = (name: string): boolean => name.endsWith('.seg');
      expect(names.filter((name) => name.endsWith('.parquet')).length).to.equal(names.filter(isSegment).length - 1);
      const clock = makeClock(startMs + 60 * hourMs);
      const log = await openLog({
        ...{ directory: join(directory, 'events'), name: 'events', clock, segmentBytes: 9_000, reserveBytes: 0, tickMs: 0 },
      });
      for (let n = 1; n <= 60; n++) {
        const event = { verb: 'get', objectRef: { resource: 'late' } };
        await log.append(makeTile([{ id: 10_000 + n, event, receivedAtMs: clock.nowMs() }]));
        if (n % 3 === 0) expect(await count()).to.equal(n);
      }
      await log.close();
      expect(await count()).to.equal(60);
      await store.close();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
