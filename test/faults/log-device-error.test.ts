import { expect } from 'chai';
import { openLog } from '../../src/log/open-log.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { makeClock, makeTile, readAll } from '../support/log-fixture.ts';

const dedupe = { maxRecords: 100, windowMs: 60_000 };
const openOn = (fs: FaultFs): Promise<SegmentLog> =>
  openLog({ directory: 'd', name: 'events', clock: makeClock(), fs, reserveBytes: 0, tickMs: 0, dedupe });

describe('faults/log-device-error', () => {
  for (const [what, operation] of [
    ['a failed sync', 'sync'],
    ['a failed write', 'write'],
  ] as const) {
    it(`acknowledges nothing after ${what}, leaves the segment and goes on in a new one`, async () => {
      const fs = new FaultFs();
      const log = await openOn(fs);
      await log.append(makeTile([{ id: 1 }]));
      let failed = false;
      fs.plan = (done, path) => {
        if (failed || done !== operation || !path.endsWith('.seg')) return undefined;
        failed = true;
        return 'EIO';
      };
      const error: unknown = await log.append(makeTile([{ id: 2 }])).catch((cause: unknown) => cause);
      expect(error).to.include({ code: 'E_LOG_IO', retryable: true });
      expect(log.status().full).to.equal(false);
      const result = await log.append(makeTile([{ id: 2 }]));
      expect(result).to.deep.include({ appended: 1, repeats: 0 });
      expect(result.end.segment).to.equal(2);
      const reopened = await openOn(fs.crash());
      expect((await readAll(await reopened.reader('r'))).ids).to.deep.equal([1, 2]);
    });
  }

  it('never reads what stands behind the synced end of a segment it left, even if that could not be cut off', async () => {
    const fs = new FaultFs();
    const log = await openOn(fs);
    await log.append(makeTile([{ id: 1 }]));
    fs.plan = (done, path) => ((done === 'sync' || done === 'truncate') && path.endsWith('1.seg') ? 'EIO' : undefined);
    await log.append(makeTile([{ id: 2 }])).catch(() => undefined);
    await log.append(makeTile([{ id: 3 }]));
    fs.plan = () => undefined;
    const reopened = await openOn(fs.kill());
    expect((await readAll(await reopened.reader('r'))).ids).to.deep.equal([1, 3]);
    expect(await reopened.append(makeTile([{ id: 2 }])), 'never acknowledged, so no repeat').to.include({
      appended: 1,
      repeats: 0,
    });
  });

  it('makes what a killed process wrote durable before it takes a repeat of it for granted', async () => {
    const fs = new FaultFs();
    const log = await openOn(fs);
    const at = makeClock().nowMs();
    const { end } = await log.append(makeTile([{ id: 1, receivedAtMs: at }]));
    const unsynced = makeTile([{ id: 2, receivedAtMs: at }]);
    const file = await fs.open('d/0000000001.seg', 'modify');
    await file.write([unsynced.bytes], end.offset);
    const survivor = fs.kill();
    const reopened = await openOn(survivor);
    expect(await reopened.append(unsynced)).to.include({ repeats: 1 });
    survivor.random = () => 0;
    const after = await openOn(survivor.crash());
    expect((await readAll(await after.reader('r'))).ids).to.deep.equal([1, 2]);
  });

  it('takes no further append for written while every sync fails', async () => {
    const fs = new FaultFs();
    const log = await openOn(fs);
    fs.plan = (done) => (done === 'sync' ? 'EIO' : undefined);
    for (let i = 0; i < 5; i++) {
      expect(await log.append(makeTile([{ id: 1 }])).catch((cause: unknown) => cause)).to.include({ code: 'E_LOG_IO' });
    }
    expect(fs.paths().filter((path) => path.endsWith('.seg'))).to.deep.equal([]);
    fs.plan = () => undefined;
    expect(await log.append(makeTile([{ id: 1 }]))).to.include({ appended: 1 });
  });
});
