import { expect } from 'chai';
import { ChangeRing } from '../../src/web/change-ring.ts';

const at = (offset: number) => ({ segment: 1, offset });

describe('web/change-ring', () => {
  it('finds the change a client has come to by the position it knows', () => {
    const ring = new ChangeRing(10);
    for (const end of [100, 100, 200, 300]) ring.add({ finding: 'a', end: at(end) });
    expect([0, 99, 100, 150, 200, 300, 900].map((offset) => ring.numberAt(at(offset)))).to.deep.equal([0, 0, 2, 2, 3, 4, 4]);
  });

  it('says when it does not reach back far enough', () => {
    const ring = new ChangeRing(3);
    for (const end of [100, 200, 300, 400, 500]) ring.add({ finding: 'a', end: at(end) });
    expect(ring.get(2)).to.equal(undefined);
    expect(ring.numberAt(at(100))).to.equal(undefined);
    expect(ring.numberAt(at(300))).to.equal(3);
  });

  it('wakes those who wait, and those whose signal aborts', async () => {
    const ring = new ChangeRing(3);
    const stop = new AbortController();
    const waits = [ring.changed(stop.signal), ring.changed(new AbortController().signal)];
    stop.abort();
    await waits[0];
    ring.wake();
    await waits[1];
  });
});
