import { expect } from 'chai';
import * as fc from 'fast-check';
import { type CountLook, CountWatch, looksAtLeast } from '../../src/apiserver/count-watch.ts';

const everyMs = 30_000;

interface Sender {
  /** Events a look. */
  readonly rate: number;
  /** Most events on their way, by look. */
  readonly batch: number;
  /** Events lost just before this look. */
  readonly losses?: Readonly<Record<number, number>>;
  readonly onItsWay: (look: number) => number;
}

/** A watch after so many looks at an apiserver that sends like this. */
function watched({ rate, losses = {}, onItsWay }: Sender, looks: number): CountWatch {
  const watch = new CountWatch();
  let [counted, lost] = [1_000_000, 0];
  for (let look = 0; look < looks; look++) {
    counted += rate;
    lost += losses[look] ?? 0;
    watch.add(lookOf(look, counted, counted - 900_000 - lost - onItsWay(look)));
  }
  return watch;
}

const lookOf = (look: number, counted: number, stored: number, starts = 'a'): CountLook => ({
  ...{ atMs: look * everyMs, counted, stored, starts },
});

describe('apiserver/count-watch', () => {
  it('says nothing before the second look, and nothing final before it saw batches come and go', () => {
    const sender = { rate: 100, batch: 0, onItsWay: () => 0 };
    expect(watched(sender, 1).verdict()).to.equal(undefined);
    expect(watched(sender, 2).verdict()).to.deep.include({ counted: 100, stored: 100, missing: 0, isSettled: false });
    expect(watched(sender, looksAtLeast).verdict()).to.deep.include({ missing: 0, isSettled: true });
  });

  it('tells a loss of one event where nothing is on its way', () => {
    const watch = watched({ rate: 50, batch: 0, losses: { 10: 1 }, onItsWay: () => 0 }, 10 + looksAtLeast);
    expect(watch.verdict()?.missing).to.equal(1);
  });

  it('never takes what is on its way for a loss, and tells a lost batch to the event or nearly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.infiniteStream(fc.nat(399)), (rate, noise) => {
        const seen: number[] = [];
        // Now and then a look falls just behind a batch.
        const onItsWay = (look: number): number => (seen[look] ??= look % 7 === 3 ? 0 : Number(noise.next().value));
        const looks = 3 * looksAtLeast;
        expect(watched({ rate, batch: 400, onItsWay }, looks).verdict()?.missing).to.equal(0);
        expect(watched({ rate, batch: 400, losses: { 40: 400 }, onItsWay }, looks).verdict()?.missing).to.equal(400);
      }),
      { numRuns: 50 },
    );
  });

  it('takes a receiver that was away for a while for late, not for a loss', () => {
    const away = (look: number): number => (look >= 20 && look < 45 ? (look - 19) * 100 : 0);
    expect(watched({ rate: 100, batch: 0, onItsWay: away }, 45 + looksAtLeast).verdict()?.missing).to.equal(0);
  });

  it('goes on where an apiserver starts anew, and keeps what was missing before', () => {
    const watch = watched({ rate: 100, batch: 0, losses: { 5: 30 }, onItsWay: () => 0 }, 5 + looksAtLeast);
    expect(watch.verdict()?.missing).to.equal(30);
    const stored = 100_000 + 3_500 - 30;
    for (let look = 0; look < looksAtLeast; look++) watch.add(lookOf(100 + look, 10 + look * 7, stored + look * 7, 'b'));
    const verdict = watch.verdict();
    expect(verdict?.missing).to.equal(30);
    expect(verdict?.counted).to.equal(100 * (4 + looksAtLeast) + 7 * (looksAtLeast - 1));
  });
});
