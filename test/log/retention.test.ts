import { expect } from 'chai';
import type { LossReport } from '../../src/log/loss-report.ts';
import { openLog } from '../../src/log/open-log.ts';
import { holderKind, type TimeHold } from '../../src/log/retention.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { makeClock, makeTile, readAll } from '../support/log-fixture.ts';

describe('log/retention', () => {
  const clock = makeClock();
  let fs: FaultFs;
  let losses: LossReport[];
  beforeEach(() => {
    fs = new FaultFs();
    losses = [];
  });

  const open = (bounds: { readonly maxAgeMs?: number; readonly maxBytes?: number }): Promise<SegmentLog> =>
    openLog({
      ...{ directory: 'd', name: 'events', clock, fs, segmentBytes: 1500, segmentAgeMs: 60_000, reserveBytes: 0, tickMs: 0 },
      ...bounds,
      onLoss: (report) => losses.push(report),
    });
  const fill = async (log: SegmentLog, from: number, to: number): Promise<void> => {
    for (let id = from; id < to; id++) await log.append(makeTile([{ id, filling: 300 }]));
  };
  const segments = (): readonly string[] => fs.paths().filter((path) => path.endsWith('.seg'));

  it('deletes nothing of a time that is held, nor what is younger, however old or large the log is, until the hold is over', async () => {
    let holds: readonly TimeHold[] = [
      { name: 'legal hold A', sinceMs: clock.nowMs() + 60_000, untilMs: clock.nowMs() + 120_000 },
    ];
    const log = await openLog({
      ...{ directory: 'd', name: 'events', clock, fs, segmentBytes: 1500, segmentAgeMs: 1e9, reserveBytes: 0, tickMs: 0 },
      ...{ maxAgeMs: 600_000, timeHolds: () => Promise.resolve(holds) },
    });
    for (let id = 0; id < 30; id++) {
      clock.advance(10_000);
      await log.append(makeTile([{ id, filling: 300 }]));
    }
    const before = segments().length;
    clock.advance(10_000_000);
    await log.tick();
    // What was received before the hold began is gone, all that it covers is there.
    expect(segments().length).to.be.within(before - 3, before - 1);
    expect(log.status().heldBy).to.deep.equal(['legal hold A']);
    holds = [];
    await log.tick();
    expect([segments().length, log.status().heldBy]).to.deep.equal([1, []]);
    await log.close();
  });

  it('refuses events rather than deleting for size what must be kept by its age, or is held', async () => {
    const begin = clock.nowMs();
    let holds: readonly TimeHold[] = [];
    const log = await openLog({
      ...{ directory: 'd', name: 'events', clock, fs, segmentBytes: 1500, segmentAgeMs: 1e9, reserveBytes: 0, tickMs: 0 },
      ...{ maxBytes: 6_000, keepMs: 3_600_000, timeHolds: () => Promise.resolve(holds) },
    });
    const fillUp = async (from: number): Promise<unknown> => {
      for (let id = from; id < from + 60; id++) {
        const error = await log.append(makeTile([{ id, filling: 300 }])).then(
          () => undefined,
          (cause: unknown) => cause,
        );
        if (error !== undefined) return error;
      }
      return undefined;
    };
    expect(await fillUp(0)).to.include({ code: 'E_LOG_FULL' });
    // It stays so until there is room for what was refused, and says why.
    await log.tick();
    expect(log.status()).to.deep.include({ full: true, heldBy: ['retention: keepMs'] });
    clock.advance(4_000_000);
    holds = [{ name: 'legal hold B', sinceMs: Number.NEGATIVE_INFINITY, untilMs: begin + 1 }];
    expect(String(await fillUp(100))).to.include('legal hold B');
    expect(['retention: keepMs', 'legal hold B', 'sink.a'].map(holderKind)).to.deep.equal(['retention', 'hold', 'reader']);
    holds = [];
    await log.append(makeTile([{ id: 1_000, filling: 300 }]));
    await log.close();
  });

  it('deletes by age on the tick, also where nobody writes, and looks at no position while nothing is old', async () => {
    const log = await open({ maxAgeMs: 600_000 });
    await fill(log, 0, 9);
    const reads: string[] = [];
    fs.plan = (operation, path) => {
      if (operation === 'syncDirectory') reads.push(path);
      return undefined;
    };
    await log.tick();
    expect(reads).to.deep.equal([]);
    expect(segments().length).to.be.greaterThan(2);
    clock.advance(700_000);
    await log.tick();
    expect(segments(), 'the last one was closed only now').to.have.length(2);
    clock.advance(700_000);
    await log.tick();
    expect(segments()).to.have.length(1);
  });

  it('deletes no segment by age that a reader holds, and goes on once it has read it', async () => {
    const log = await open({ maxAgeMs: 600_000 });
    const reader = await log.reader('holds');
    await fill(log, 0, 9);
    const before = segments().length;
    clock.advance(700_000);
    await log.tick();
    expect(segments().length).to.be.at.least(before);
    await reader.commit((await readAll(reader)).end ?? { segment: 0, offset: 0 });
    clock.advance(700_000);
    await log.tick();
    expect(segments()).to.have.length(1);
    expect(losses).to.deep.equal([]);
  });

  it('deletes behind a reader that skips, tells it what it missed, and takes records all the while', async () => {
    const log = await open({ maxBytes: 4000 });
    const reader = await log.reader('skips', { whenBehind: 'skip' });
    await fill(log, 0, 40);
    const { ids } = await readAll(reader);
    expect(ids.at(-1)).to.equal(39);
    expect(ids).to.deep.equal(Array.from({ length: ids.length }, (_, i) => 40 - ids.length + i));
    expect(losses.map(({ kind, reader: name }) => [kind, name])).to.deep.equal([['reader-behind', 'skips']]);
  });

  it('refuses at the size limit while a reader holds, and names it', async () => {
    const log = await open({ maxBytes: 4000 });
    await log.reader('slow-sink');
    const refusal = await fill(log, 0, 40).catch((error: unknown) => error);
    expect(refusal).to.include({ code: 'E_LOG_FULL', retryable: true });
    expect(String(refusal)).to.contain('slow-sink');
  });
});
