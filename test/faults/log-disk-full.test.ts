import { expect } from 'chai';
import { openLog } from '../../src/log/open-log.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { makeClock, makeTile, readAll } from '../support/log-fixture.ts';

const openOn = (fs: FaultFs, reserveBytes = 1024): Promise<SegmentLog> =>
  openLog({
    directory: 'd',
    name: 'events',
    clock: makeClock(),
    fs,
    reserveBytes,
    tickMs: 0,
    dedupe: { maxRecords: 100, windowMs: 1000 },
  });

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('faults/log-disk-full', () => {
  it('refuses with a retryable fault, says so, and resumes by itself with nothing torn and nothing taken for a repeat', async () => {
    const fs = new FaultFs();
    const log = await openOn(fs);
    await log.append(makeTile([{ id: 1 }]));
    const before = fs.contents('d/0000000001.seg').length;
    fs.diskBytes = fs.usedBytes() + 50;
    expect(await caught(log.append(makeTile([{ id: 2, filling: 500 }])))).to.include({ code: 'E_LOG_FULL', retryable: true });
    expect(log.status()).to.deep.include({ full: true });
    expect(log.status().lastError?.code).to.equal('E_LOG_FULL');
    expect(fs.contents('d/0000000001.seg').length, 'torn bytes are cut off').to.equal(before);
    fs.diskBytes = Number.POSITIVE_INFINITY;
    expect(await log.append(makeTile([{ id: 2, filling: 500 }]))).to.include({ appended: 1, repeats: 0 });
    expect(log.status()).to.include({ full: false, lastError: undefined });
    expect((await readAll(await log.reader('r'))).ids).to.deep.equal([1, 2]);
  });

  it('notices room on the tick, without an append', async () => {
    const fs = new FaultFs();
    const log = await openOn(fs);
    await log.append(makeTile([{ id: 1 }]));
    fs.diskBytes = fs.usedBytes();
    await caught(log.append(makeTile([{ id: 2 }])));
    fs.diskBytes = Number.POSITIVE_INFINITY;
    await log.tick();
    expect(log.status().full).to.equal(false);
  });

  it('writes positions and deletes segments on a full disk, and does not let records eat the reserve', async () => {
    const fs = new FaultFs();
    const log = await openOn(fs);
    await log.append(makeTile([{ id: 1 }, { id: 2 }]));
    const reader = await log.reader('r');
    fs.diskBytes = fs.usedBytes();
    const { end } = await readAll(reader);
    await reader.commit(end ?? { segment: 0, offset: 0 });
    expect(fs.paths()).not.to.include('d/reserve');
    expect(await caught(log.append(makeTile([{ id: 3 }])))).to.include({ code: 'E_LOG_FULL' });
    fs.diskBytes = Number.POSITIVE_INFINITY;
    await log.append(makeTile([{ id: 3 }]));
    expect(fs.contents('d/reserve').length).to.equal(1024);
    expect((await readAll(reader)).ids).to.deep.equal([3]);
  });

  it('rejects a commit with a retryable fault where even the reserve does not help, and keeps the old position', async () => {
    const fs = new FaultFs();
    const log = await openOn(fs, 0);
    await log.append(makeTile([{ id: 1 }]));
    const reader = await log.reader('r');
    const { end } = await readAll(reader);
    fs.diskBytes = 0;
    expect(await caught(reader.commit(end ?? { segment: 0, offset: 0 }))).to.include({ code: 'E_LOG_POSITION', retryable: true });
    fs.diskBytes = Number.POSITIVE_INFINITY;
    expect((await readAll(reader)).ids).to.deep.equal([1]);
    await reader.commit(end ?? { segment: 0, offset: 0 });
    expect((await readAll(reader)).ids).to.deep.equal([]);
  });

  it('opens on a full disk with the help of the reserve, delivers what is there, and says that it is full', async () => {
    const fs = new FaultFs();
    const log = await openOn(fs);
    await log.append(makeTile([{ id: 1 }]));
    const disk = fs.kill();
    disk.delete('d/lock');
    disk.diskBytes = disk.usedBytes();
    const reopened = await openOn(disk);
    expect(reopened.status().full).to.equal(true);
    expect((await readAll(await reopened.reader('r'))).ids).to.deep.equal([1]);
    disk.diskBytes = Number.POSITIVE_INFINITY;
    await reopened.tick();
    expect(reopened.status().full).to.equal(false);
  });
});
