import { expect } from 'chai';
import fc from 'fast-check';
import { ReplayMarks } from '../../src/pipeline/replay-marks.ts';

describe('pipeline/replay-marks', () => {
  it('name a place from which every record within reach of the latest is read, and not much more', () => {
    const steps = fc.array(fc.integer({ min: -5_000, max: 60_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 500_000 }), (gaps, reachMs) => {
        const marks = new ReplayMarks(reachMs, 0n);
        const times: number[] = [];
        let ms = 1_000_000;
        for (const [i, gap] of gaps.entries()) {
          ms += gap;
          times.push(ms);
          marks.pass(BigInt(i), ms);
        }
        const latest = Math.max(...times);
        const needed = times.findIndex((at) => at >= latest - reachMs);
        expect(Number(marks.from)).to.be.at.most(needed);
      }),
    );
  });

  it('move on with time', () => {
    const marks = new ReplayMarks(60_000, 5n);
    for (let i = 0; i < 100; i++) marks.pass(BigInt(10 + i), i * 10_000);
    expect(Number(marks.from)).to.be.within(100, 103);
  });

  it('stay before what still goes on', () => {
    let oldestMs = 200_000;
    const marks = new ReplayMarks(60_000, 5n, () => oldestMs);
    const pass = (from: number, to: number): void => {
      for (let i = from; i < to; i++) marks.pass(BigInt(10 + i), i * 10_000);
    };
    pass(0, 100);
    expect(Number(marks.from)).to.be.within(20, 24);
    oldestMs = Number.POSITIVE_INFINITY;
    pass(100, 110);
    expect(Number(marks.from)).to.be.within(110, 113);
  });
});
