import { expect } from 'chai';
import { openLog } from '../../src/log/open-log.ts';
import { FaultFs, type FaultPlan } from '../support/fault-fs.ts';
import { makeClock, makeTile, readAll } from '../support/log-fixture.ts';

describe('log/log-reader', () => {
  async function logWith(plan: FaultPlan) {
    const fs = Object.assign(new FaultFs(), { plan });
    const options = { directory: '/logs/events', name: 'events' as const, clock: makeClock(), fs, reserveBytes: 4096, tickMs: 0 };
    const log = await openLog(options);
    await log.append(makeTile([{ id: 1 }, { id: 2 }]));
    return log;
  }

  it('waits where there is no file descriptor, and reads on', async () => {
    let refusals = 0;
    const codes = ['EMFILE', 'ENFILE'];
    let isOut = false;
    const log = await logWith((operation, path) =>
      isOut && operation === 'open' && path.endsWith('.seg') ? codes[refusals++] : undefined,
    );
    isOut = true;
    expect((await readAll(await log.reader('r'))).ids).to.deep.equal([1, 2]);
    expect(refusals).to.be.greaterThan(2);
    await log.close();
  });

  it('does not wait for what will not pass', async () => {
    let isBroken = false;
    const log = await logWith((operation, path) =>
      isBroken && operation === 'open' && path.endsWith('.seg') ? 'EIO' : undefined,
    );
    isBroken = true;
    const failure = await readAll(await log.reader('r')).catch((error: { code: string }) => error.code);
    expect(failure).to.equal('EIO');
    await log.close();
  });
});
