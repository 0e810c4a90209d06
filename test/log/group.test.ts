import { expect } from 'chai';
import { openLog } from '../../src/log/open-log.ts';
import { FaultFs, type FaultPlan } from '../support/fault-fs.ts';
import { makeClock, makeTile, readAll } from '../support/log-fixture.ts';

describe('log/group', () => {
  it('writes several tiles with one sync, all or none, and says of each what became of it', async () => {
    let syncs = 0;
    let fails = false;
    const plan: FaultPlan = (operation, path) => {
      if (operation === 'sync' && path.endsWith('.seg')) syncs++;
      return fails && operation === 'write' && path.endsWith('.seg') ? 'ENOSPC' : undefined;
    };
    const log = await openLog({
      directory: '/logs/events',
      name: 'events',
      clock: makeClock(),
      fs: Object.assign(new FaultFs(), { plan }),
      reserveBytes: 4096,
      tickMs: 0,
      dedupe: { maxRecords: 100, windowMs: 60_000 },
    });
    const tiles = [makeTile([{ id: 1 }, { id: 2 }]), makeTile([{ id: 2 }]), makeTile([{ id: 3 }])];
    await log.append(makeTile([{ id: 0 }]));
    fails = true;
    expect(await log.appendAll(tiles).catch((error: { code: string }) => error.code)).to.equal('E_LOG_FULL');
    fails = false;
    syncs = 0;
    const results = await log.appendAll(tiles);
    expect(results.map(({ appended, repeats }) => [appended, repeats])).to.deep.equal([
      [2, 0],
      [0, 1],
      [1, 0],
    ]);
    expect(results.at(-1)?.end).to.deep.equal(log.status().end);
    expect(syncs).to.equal(1);
    expect((await readAll(await log.reader('r'))).ids).to.deep.equal([0, 1, 2, 3]);
  });
});
