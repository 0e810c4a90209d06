import { expect } from 'chai';
import fc from 'fast-check';
import { openLog } from '../../src/log/open-log.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { makeClock, makeTile } from '../support/log-fixture.ts';

describe('log/fill-window', () => {
  const clock = makeClock();
  const open = (fs: FaultFs, maxRecords = 1000): Promise<SegmentLog> =>
    openLog({
      directory: 'd',
      name: 'events',
      clock,
      fs,
      segmentBytes: 1500,
      reserveBytes: 0,
      tickMs: 0,
      dedupe: { maxRecords, windowMs: 60_000 },
    });

  /** Twenty records over several segments, at now. */
  async function filled(): Promise<FaultFs> {
    const fs = new FaultFs();
    const log = await open(fs);
    for (let id = 0; id < 20; id++) await log.append(makeTile([{ id, filling: 200, receivedAtMs: clock.nowMs() }]));
    expect(log.status().segments).to.be.greaterThan(3);
    await log.close();
    return fs.kill();
  }

  const repeats = async (log: SegmentLog): Promise<number> => {
    const { repeats: found } = await log.append(makeTile(Array.from({ length: 20 }, (_, id) => ({ id, filling: 200 }))));
    return found;
  };
  const indexes = (fs: FaultFs): readonly string[] => fs.paths().filter((path) => path.endsWith('.digests'));
  /** Segments that are read beyond their header. */
  const readWhole = (fs: FaultFs): Map<string, number> => {
    const reads = new Map<string, number>();
    fs.plan = (operation, path) => {
      if (operation === 'read' && path.endsWith('.seg')) reads.set(path, (reads.get(path) ?? 0) + 1);
      return undefined;
    };
    return reads;
  };

  it('knows all repeats from the indexes, and reads no more of a closed segment than its head', async () => {
    const fs = await filled();
    const reads = readWhole(fs);
    const log = await open(fs);
    const last = fs.paths().findLast((path) => path.endsWith('.seg'));
    expect([...reads].filter(([path, count]) => count > 1 && path !== last)).to.deep.equal([]);
    expect(await repeats(log)).to.equal(20);
  });

  it('knows all repeats whatever happened to the indexes, and makes them anew', async () => {
    const damage = fc.array(
      fc.record({ which: fc.nat(), how: fc.constantFrom('gone', 'cut', 'flipped', 'other'), at: fc.nat() }),
    );
    await fc.assert(
      fc.asyncProperty(damage, async (steps) => {
        const fs = await filled();
        const paths = indexes(fs);
        const pristine = new Map(paths.map((path) => [path, Uint8Array.from(fs.contents(path))]));
        for (const { which, how, at } of steps) {
          const path = paths[which % paths.length] ?? '';
          const bytes = pristine.get(path) ?? new Uint8Array(1);
          if (how === 'gone') fs.delete(path);
          else if (how === 'cut') fs.put(path, bytes.subarray(0, at % bytes.length));
          else if (how === 'other') fs.put(path, pristine.get(paths.find((other) => other !== path) ?? path) ?? bytes);
          else fs.put(path, bytes.with(at % bytes.length, 77));
        }
        expect(await repeats(await open(fs))).to.equal(20);
        const again = fs.kill();
        const reads = readWhole(again);
        await open(again);
        expect(Math.max(0, ...[...reads.values()].slice(0, -1))).to.be.at.most(1);
      }),
      { numRuns: 50 },
    );
  });

  it('reads only as many segments as the window remembers records', async () => {
    const fs = await filled();
    for (const path of indexes(fs)) fs.delete(path);
    const reads = readWhole(fs);
    await open(fs, 4);
    expect(reads.get('d/0000000001.seg')).to.equal(1);
  });

  it('leaves no index behind that no window reaches, and none of a segment that was deleted', async () => {
    const fs = await filled();
    const log = await open(fs);
    await log.prune({ maxBytes: 3000 });
    const segments = fs.paths().filter((path) => path.endsWith('.seg'));
    expect(indexes(fs).every((path) => segments.includes(path.replace('.digests', '.seg')))).to.equal(true);
    expect(indexes(fs)).not.to.deep.equal([]);
    clock.advance(70_000);
    for (let id = 100; id < 105; id++) await log.append(makeTile([{ id, filling: 1000 }]));
    expect(indexes(fs).length).to.be.lessThan(6);
    clock.advance(70_000);
    await log.close();
    const later = fs.kill();
    await open(later);
    expect(indexes(later)).to.deep.equal([]);
  });

  it('needs no index where the disk does not take one', async () => {
    const fs = new FaultFs();
    fs.plan = (_operation, path) => (path.endsWith('.digests') ? 'EIO' : undefined);
    const log = await open(fs);
    for (let id = 0; id < 20; id++) await log.append(makeTile([{ id, filling: 200, receivedAtMs: clock.nowMs() }]));
    expect(indexes(fs)).to.deep.equal([]);
    expect(await repeats(await open(fs.kill()))).to.equal(20);
  });
});
