import { expect } from 'chai';
import fc from 'fast-check';
import { SilenceWatch } from '../../src/pipeline/silence-watch.ts';

const minuteMs = 60_000;

describe('pipeline/silence-watch', () => {
  it('says once that nothing came for the least time, and once that it goes on', () => {
    const watch = new SilenceWatch(10 * minuteMs, 0);
    const said = [];
    for (let minute = 0; minute <= 30; minute++) said.push(watch.look(Math.min(minute, 5), minute * minuteMs));
    expect(said.indexOf('begun')).to.equal(16);
    expect(said.filter((one) => one !== undefined)).to.deep.equal(['begun']);
    expect(watch.look(6, 31 * minuteMs)).to.equal('ended');
  });

  it('knows the pauses that are usual for a source', () => {
    const watch = new SilenceWatch(10 * minuteMs, 0);
    let total = 0;
    for (let hour = 1; hour <= 5; hour++) watch.look(++total, hour * 60 * minuteMs);
    expect(watch.look(total, 8 * 60 * minuteMs)).to.equal(undefined);
    expect(watch.look(total, 9 * 60 * minuteMs + minuteMs)).to.equal('begun');
  });

  it('says nothing where it is switched off', () => {
    expect(new SilenceWatch(0, 0).look(0, 1e12)).to.equal(undefined);
  });

  it('never says a silence that was not longer than what is allowed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 3_600_000 })), { maxLength: 50 }), (steps) => {
        const watch = new SilenceWatch(5 * minuteMs, 0);
        let [nowMs, total, lastMs, longestMs] = [0, 0, 0, 0];
        for (const [comes, pauseMs] of steps) {
          nowMs += pauseMs;
          if (comes) {
            longestMs = Math.max(longestMs, nowMs - lastMs);
            watch.look(++total, nowMs);
            lastMs = nowMs;
          } else if (watch.look(total, nowMs) === 'begun') {
            expect(nowMs - lastMs).to.be.greaterThan(5 * minuteMs);
          }
        }
        expect(watch.allowedMs).to.be.at.most(Math.max(5 * minuteMs, 4 * longestMs));
      }),
    );
  });
});
