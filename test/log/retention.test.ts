import { expect } from 'chai';
import type { LossReport } from '../../src/log/loss-report.ts';
import { openLog } from '../../src/log/open-log.ts';
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
