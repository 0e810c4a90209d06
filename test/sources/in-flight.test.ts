import { expect } from 'chai';
import type { Outcome } from '../../src/core/delivery.ts';
import { Fault } from '../../src/core/faults.ts';
import { limits } from '../../src/core/limits.ts';
import { InFlight } from '../../src/sources/in-flight.ts';

const delivered: Outcome = { status: 'delivered' };
const fault = new Fault('no', { code: 'E_TEST' });

describe('sources/in-flight', () => {
  it('commits in the order of delivery, only up to the first one not settled', () => {
    const inFlight = new InFlight(10);
    const commits: number[] = [];
    const settle = [0, 1, 2].map((n) => inFlight.track(() => commits.push(n)));
    settle[1]?.(delivered);
    settle[2]?.(delivered);
    expect(commits).to.deep.equal([]);
    settle[0]?.(delivered);
    expect(commits).to.deep.equal([0, 1, 2]);
  });

  it('commits a rejected one and nothing after an errored one', () => {
    const inFlight = new InFlight(10);
    const commits: number[] = [];
    const settle = [0, 1, 2].map((n) => inFlight.track(() => commits.push(n)));
    settle[0]?.({ status: 'rejected', fault });
    settle[1]?.({ status: 'errored', fault });
    settle[2]?.(delivered);
    expect(commits).to.deep.equal([0]);
  });

  it('refuses to settle a delivery twice', () => {
    const settle = new InFlight(1).track(undefined);
    settle(delivered);
    expect(() => settle(delivered)).to.throw('exactly once');
  });

  it('lets more small tiles pass, by the memory they hold, and a bounded number of them', async () => {
    const passes = async (bytes: number): Promise<number> => {
      const inFlight = new InFlight(2);
      const given = new AbortController();
      for (let count = 0; ; count++) {
        const isReady = await Promise.race([
          inFlight.ready(given.signal).then(() => true),
          new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
        ]);
        if (!isReady) {
          given.abort();
          return count;
        }
        inFlight.track(undefined, bytes);
      }
    };
    expect([await passes(8 * limits.tileBytes), await passes(limits.tileBytes / 8), await passes(1)]).to.deep.equal([2, 16, 128]);
  });

  it('waits while as many are open as allowed, and stops waiting when told to', async () => {
    const inFlight = new InFlight(1);
    const settle = inFlight.track(undefined);
    let isReady = false;
    const ready = inFlight.ready(new AbortController().signal).then(() => {
      isReady = true;
    });
    await new Promise(setImmediate);
    expect(isReady).to.equal(false);
    settle(delivered);
    await ready;
    inFlight.track(undefined);
    const abort = new AbortController();
    const idle = inFlight.idle(abort.signal);
    abort.abort();
    await idle;
    expect(inFlight.count).to.equal(1);
  });
});
