import { expect } from 'chai';
import type { LogPosition } from '../../src/core/log.ts';
import { nodeFileSystem } from '../../src/log/file-system.ts';
import type { LossReport } from '../../src/log/loss-report.ts';
import { openLog } from '../../src/log/open-log.ts';
import { openLogReader } from '../../src/log/open-log-reader.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { makeClock, makeTile, readAll } from '../support/log-fixture.ts';

describe('log/open-log-reader', () => {
  const openOn = (fs: FaultFs) =>
    openLog({ directory: 'd', name: 'events', clock: makeClock(), fs, segmentBytes: 1000, reserveBytes: 0, tickMs: 0 });

  it('names a directory that is not there', async () => {
    const error: unknown = await openLogReader({ directory: 'no-such-directory', fs: nodeFileSystem }).catch(
      (cause: unknown) => cause,
    );
    expect(error).to.include({ code: 'E_LOG_MISSING' });
  });

  it('starts at a given position or where a reader of the writer has committed', async () => {
    const fs = new FaultFs();
    const log = await openOn(fs);
    const { end } = await log.append(makeTile([{ id: 1 }]));
    await log.append(makeTile([{ id: 2 }]));
    await (await log.reader('sink')).commit(end);
    expect((await readAll(await openLogReader({ directory: 'd', fs, start: end }))).ids).to.deep.equal([2]);
    expect((await readAll(await openLogReader({ directory: 'd', fs, start: { reader: 'sink' } }))).ids).to.deep.equal([2]);
    expect((await readAll(await openLogReader({ directory: 'd', fs, start: { reader: 'none' } }))).ids).to.deep.equal([1, 2]);
  });

  it('ends before a given position, also in the middle of a segment and where more is there', async () => {
    const fs = new FaultFs();
    const log = await openOn(fs);
    const ends: LogPosition[] = [];
    for (let id = 0; id < 9; id++) ends.push((await log.append(makeTile([{ id, filling: id === 4 ? 900 : 150 }]))).end);
    const losses: LossReport[] = [];
    for (const [id, until] of ends.entries()) {
      const reader = await openLogReader({ directory: 'd', fs, until, onLoss: (report) => losses.push(report) });
      expect((await readAll(reader)).ids).to.deep.equal(Array.from({ length: id + 1 }, (_, i) => i));
    }
    expect(losses).to.deep.equal([]);
  });

  it('writes nothing: a commit only moves its own next read', async () => {
    const fs = new FaultFs();
    const log = await openOn(fs);
    await log.append(makeTile([{ id: 1 }]));
    const paths = fs.paths();
    const reader = await openLogReader({ directory: 'd', fs });
    const { end } = await readAll(reader);
    await reader.commit(end ?? { segment: 0, offset: 0 });
    expect((await readAll(reader)).ids).to.deep.equal([]);
    expect(fs.paths()).to.deep.equal(paths);
  });

  it('follows over rolls, and over a tail that the writer took back', async () => {
    const fs = new FaultFs();
    const log = await openOn(fs);
    const losses: LossReport[] = [];
    const reader = await openLogReader({ directory: 'd', fs, pollMs: 1, onLoss: (report) => losses.push(report) });
    const stop = new AbortController();
    const seen: number[] = [];
    const following = (async () => {
      for await (const batch of reader.read(stop.signal)) {
        seen.push(...batch.records.map((record) => record.offset));
        if (seen.at(-1) === 9) stop.abort();
      }
    })();
    for (let id = 0; id < 10; id++) {
      await log.append(makeTile([{ id, filling: 200 }]));
      fs.diskBytes = fs.usedBytes() + 100;
      await log.append(makeTile([{ id: 77, filling: 300 }])).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 3));
      fs.diskBytes = Number.POSITIVE_INFINITY;
    }
    await following;
    expect(seen).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(losses).to.deep.equal([]);
  });

  it('reports what retention deleted before it came by', async () => {
    const fs = new FaultFs();
    const log = await openOn(fs);
    const losses: LossReport[] = [];
    const start = (await log.append(makeTile([{ id: 0 }]))).end;
    for (let id = 1; id < 8; id++) await log.append(makeTile([{ id, filling: 300 }]));
    const reader = await openLogReader({ directory: 'd', fs, start, onLoss: (report) => losses.push(report) });
    await log.prune({ maxBytes: 1500 });
    const { ids } = await readAll(reader);
    expect(ids.at(-1)).to.equal(7);
    expect(ids).not.to.include(1);
    expect(losses.map((loss) => loss.kind)).to.deep.equal(['reader-behind']);
  });
});
