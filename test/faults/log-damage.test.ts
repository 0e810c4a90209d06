import { expect } from 'chai';
import fc from 'fast-check';
import type { LossReport } from '../../src/log/loss-report.ts';
import { openLog } from '../../src/log/open-log.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { makeClock, makeTile, readAll } from '../support/log-fixture.ts';

describe('faults/log-damage', () => {
  let fs: FaultFs;
  let losses: LossReport[];
  /** Record `id` ends here. */
  let ends: { readonly segment: number; readonly offset: number }[];
  const first = 'd/0000000001.seg';

  async function open(): Promise<SegmentLog> {
    losses = [];
    const onLoss = (report: LossReport): number => losses.push(report);
    return openLog({
      directory: 'd',
      name: 'events',
      clock: makeClock(),
      fs,
      segmentBytes: 1500,
      reserveBytes: 0,
      tickMs: 0,
      onLoss,
    });
  }

  beforeEach(async () => {
    fs = new FaultFs();
    ends = [];
    const log = await open();
    await log.reader('r');
    for (let id = 0; id < 12; id++) ends.push((await log.append(makeTile([{ id, filling: 150 }]))).end);
    await log.close();
    expect(ends.at(-1)?.segment).to.be.greaterThan(2);
  });

  const ids = async (log: SegmentLog): Promise<readonly number[]> => (await readAll(await log.reader('r'))).ids;
  const without = (...gone: number[]): number[] => [...Array(12).keys()].filter((id) => !gone.includes(id));

  it('reports a segment that was emptied, also where the header of the next one no longer says how long it was', async () => {
    fs.put(first, new Uint8Array(0));
    const next = fs.contents('d/0000000002.seg');
    await (await open()).close();
    expect(losses).to.deep.include({
      kind: 'damaged-records',
      segment: 1,
      offset: 0,
      bytes: ends.filter(({ segment }) => segment === 1).at(-1)?.offset,
      records: 0,
    });
    next[0] = (next[0] ?? 0) ^ 1;
    await (await open()).close();
    expect(losses.map(({ kind, segment }) => `${kind} ${segment}`)).to.deep.equal(['damaged-header 2', 'missing-segment 1']);
  });

  it('skips a record with a flipped byte, counts it once, and delivers the rest', async () => {
    const end = ends[1]?.offset ?? 0;
    const bytes = fs.contents(first);
    bytes[end - 20] = (bytes[end - 20] ?? 0) ^ 4;
    const log = await open();
    expect(await ids(log)).to.deep.equal(without(1));
    const start = ends[0]?.offset ?? 0;
    expect(losses).to.deep.equal([
      { kind: 'damaged-records', segment: 1, offset: start, bytes: end - start, records: 1, reader: 'r' },
    ]);
  });

  it('finds the next record where the size of one is damaged', async () => {
    const start = ends[1]?.offset ?? 0;
    fs.contents(first)[start + 1] = 0xff;
    const log = await open();
    expect(await ids(log)).to.deep.equal(without(2));
    expect(losses.map((loss) => loss.kind)).to.deep.equal(['damaged-records']);
  });

  it('loses at most one record to any one flipped bit of any segment, and always starts', async () => {
    const paths = fs.paths().filter((path) => path.endsWith('.seg'));
    const pristine = new Map(paths.map((path) => [path, Uint8Array.from(fs.contents(path))]));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.nat(), fc.nat(7), async (path, where, bit) => {
        fs = new FaultFs();
        for (const [name, bytes] of pristine) fs.put(name, bytes);
        const bytes = fs.contents(path);
        const at = where % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        const log = await open();
        const found = await ids(log);
        expect(found.length).to.be.greaterThanOrEqual(11);
        expect(found).to.deep.equal(found.toSorted((a, b) => a - b));
        expect(losses.length, 'and says so').to.be.greaterThan(0);
        expect(await log.append(makeTile([{ id: 99 }]))).to.include({ appended: 1 });
        expect((await readAll(await log.reader('all'))).ids.at(-1)).to.equal(99);
        await log.close();
      }),
      { numRuns: 300 },
    );
  });

  it('cuts and counts a torn tail wherever it was torn', async () => {
    const path = `d/${String(ends.at(-1)?.segment).padStart(10, '0')}.seg`;
    const whole = Uint8Array.from(fs.contents(path));
    const lastStart = ends.at(-2)?.segment === ends.at(-1)?.segment ? (ends.at(-2)?.offset ?? 0) : 64;
    for (let cut = lastStart + 1; cut < whole.length; cut += 7) {
      fs.put(path, whole.subarray(0, cut));
      const log = await open();
      expect(losses).to.deep.include({
        kind: 'torn-tail',
        segment: ends.at(-1)?.segment,
        offset: lastStart,
        bytes: cut - lastStart,
        records: 0,
      });
      expect(await ids(log)).to.deep.equal(without(11));
      await log.close();
    }
  });

  it('cuts a tail of zeros', async () => {
    const path = `d/${String(ends.at(-1)?.segment).padStart(10, '0')}.seg`;
    fs.put(path, Buffer.concat([fs.contents(path), new Uint8Array(5000)]));
    const log = await open();
    expect(losses.map(({ kind, bytes }) => [kind, bytes])).to.deep.equal([['zero-tail', 5000]]);
    await log.append(makeTile([{ id: 12 }]));
    expect(await ids(log)).to.deep.equal([...without(), 12]);
  });

  it('starts over a missing segment and names it', async () => {
    fs.delete('d/0000000002.seg');
    const gone = ends.flatMap((end, id) => (end.segment === 2 ? [id] : []));
    const log = await open();
    expect(losses).to.deep.equal([{ kind: 'missing-segment', segment: 2, offset: 0, bytes: 0, records: 0 }]);
    expect(await ids(log)).to.deep.equal(without(...gone));
  });

  it('starts with all segments gone and never gives a number twice', async () => {
    const last = ends.at(-1)?.segment ?? 0;
    const log = await open();
    const reader = await log.reader('r');
    await reader.commit(ends.at(-1) ?? { segment: 0, offset: 0 });
    await log.close();
    for (const path of fs.paths()) if (path.endsWith('.seg')) fs.delete(path);
    const again = await open();
    expect((await again.append(makeTile([{ id: 50 }]))).end.segment).to.be.greaterThan(last);
    expect(await ids(again)).to.deep.equal([50]);
  });

  it('reads from the oldest segment where a position file is garbled, holds everything until then, and reports it', async () => {
    const path = 'd/readers/r.position';
    for (const garbage of ['', '{"format":1,"segment":9,"offset":9}\n0\n', '\0\0\0\0', 'x'.repeat(100)]) {
      fs.put(path, Buffer.from(garbage));
      const log = await open();
      expect((await log.prune({ maxBytes: 0 })).heldBy).to.deep.equal(['r']);
      expect(await ids(log)).to.deep.equal(without());
      expect(losses.map((loss) => loss.kind)).to.deep.equal(['damaged-position']);
      await log.close();
    }
  });

  it('goes on at the end for a reader whose position lies beyond the log', async () => {
    const log = await open();
    const reader = await log.reader('r');
    const end = ends.at(-1) ?? { segment: 0, offset: 0 };
    await reader.commit({ ...end, offset: end.offset + 1000 });
    await log.close();
    const again = await open();
    const resumed = await again.reader('r');
    await again.append(makeTile([{ id: 70 }]));
    expect((await readAll(resumed)).ids).to.deep.equal([70]);
    expect(losses.map((loss) => loss.kind)).to.deep.equal(['position-beyond-log']);
  });

  it('is not misled by files that are not its own', async () => {
    fs.put('d/0000000000.seg', Buffer.from('x'));
    fs.put('d/abc.seg', Buffer.from('x'));
    fs.put('d/0000000001.parquet', Buffer.from('x'));
    expect(await ids(await open())).to.deep.equal(without());
    expect(losses).to.deep.equal([]);
  });
});
