import { expect } from 'chai';
import fc from 'fast-check';
import type { LossReport } from '../../src/log/loss-report.ts';
import { openLog } from '../../src/log/open-log.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { makeClock, makeTile, readAll } from '../support/log-fixture.ts';

const dayMs = 86_400_000;
const steps = fc.array(
  fc.record({ jumpMs: fc.constantFrom(0, 1, 1000, -1000, dayMs, -dayMs, 3 * dayMs), count: fc.nat(4), restart: fc.boolean() }),
  { minLength: 1, maxLength: 20 },
);

describe('faults/clock-jumps', () => {
  it('loses no record and changes no order when the clock jumps by days, whether or not it is restarted then', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        let fs = new FaultFs();
        const clock = makeClock();
        const losses: LossReport[] = [];
        const open = () =>
          openLog({
            ...{
              directory: 'd',
              name: 'events',
              clock,
              fs,
              tickMs: 0,
              segmentBytes: 1500,
              segmentAgeMs: 60_000,
              reserveBytes: 0,
            },
            dedupe: { maxRecords: 1000, windowMs: 900_000 },
            onLoss: (report) => losses.push(report),
          });
        let log = await open();
        let nextId = 0;
        for (const { jumpMs, count, restart } of plan) {
          clock.advance(jumpMs);
          await log.tick();
          if (restart) {
            await log.close();
            fs = fs.kill();
            log = await open();
          }
          const ids = Array.from({ length: count }, () => nextId++);
          const tile = makeTile(ids.map((id) => ({ id, filling: 200, receivedAtMs: clock.nowMs() })));
          expect(await log.append(tile)).to.include({ appended: count, repeats: 0 });
          // What comes again at once is a repeat, whatever the clock says.
          expect(await log.append(tile)).to.include({ appended: 0, repeats: count });
        }
        expect((await readAll(await log.reader('all'))).ids).to.deep.equal([...Array(nextId).keys()]);
        expect(losses).to.deep.equal([]);
        await log.close();
      }),
      { numRuns: Number(process.env['AUDITVEIL_RUNS'] ?? 200) },
    );
  });
});
