import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openLog } from '../../src/log/open-log.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { idOf, makeTile } from '../support/log-fixture.ts';

describe('log/log-reader', () => {
  let parent: string;
  let log: SegmentLog;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'auditveil-reader-'));
    const clock = { nowMs: () => Date.now() };
    log = await openLog({ directory: join(parent, 'events'), name: 'events', clock, reserveBytes: 4096, tickMs: 0 });
  });

  afterEach(async () => {
    await log.close();
    await rm(parent, { recursive: true, force: true });
  });

  it('gathers what several appends write once it was at the end, where it is told to', async () => {
    await log.append(makeTile([{ id: 0 }]));
    const stop = new AbortController();
    const reader = await log.reader('r', { gatherMs: 500 });
    const batches: number[][] = [];
    for await (const batch of reader.read(stop.signal)) {
      batches.push(batch.records.map(idOf));
      if (batches.length === 2) break;
      // Only once it waits.
      setTimeout(() => void Promise.all([1, 2, 3].map((id) => log.append(makeTile([{ id }])))), 50);
    }
    expect(batches).to.deep.equal([[0], [1, 2, 3]]);
  });

  it('ends while it gathers when its signal aborts, and reads the rest when the log closes', async () => {
    const stop = new AbortController();
    const aborted = await log.reader('aborted', { gatherMs: 60_000 });
    const closed = await log.reader('closed', { gatherMs: 60_000 });
    const read = async (reader: typeof aborted): Promise<number> => {
      let count = 0;
      for await (const batch of reader.read(reader === aborted ? stop.signal : new AbortController().signal))
        count += batch.records.length;
      return count;
    };
    const both = [read(aborted), read(closed)];
    await new Promise((resolve) => setTimeout(resolve, 50));
    await log.append(makeTile([{ id: 1 }]));
    stop.abort();
    expect(await both[0]).to.equal(0);
    await log.close();
    expect(await both[1]).to.equal(1);
  });
});
