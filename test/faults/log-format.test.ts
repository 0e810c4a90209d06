import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import { openLog } from '../../src/log/open-log.ts';
import { openLogReader } from '../../src/log/open-log-reader.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { makeClock, makeTile, readAll } from '../support/log-fixture.ts';

const segment = 'd/0000000001.seg';
const position = 'd/readers/r.position';

/** What a version after this one would write: the head says so, and its checksum covers that. */
function asFormat2(bytes: Uint8Array): Uint8Array {
  const later = Buffer.from(bytes);
  later.writeUInt16LE(2, 8);
  later.writeUInt32LE(crc32(later.subarray(16, 64), crc32(later.subarray(0, 12))), 12);
  return later;
}

describe('faults/log-format', () => {
  let fs: FaultFs;
  const open = (on = fs): Promise<SegmentLog> =>
    openLog({ directory: 'd', name: 'events', clock: makeClock(), fs: on, reserveBytes: 0, tickMs: 0 });
  const caught = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 'no fault',
      (error: unknown) => error,
    );

  beforeEach(async () => {
    fs = new FaultFs();
    const log = await open();
    await log.append(makeTile([{ id: 1 }, { id: 2 }]));
    const reader = await log.reader('r');
    await reader.commit((await readAll(reader)).end ?? { segment: 0, offset: 0 });
    await log.close();
  });

  it('refuses a log of a later version, for writing and for reading, says which, and leaves every byte as it is', async () => {
    fs.put(segment, asFormat2(fs.contents(segment)));
    const before = fs.paths().map((path) => [path, [...fs.contents(path)]]);
    for (const attempt of [open(), openLogReader({ directory: 'd', fs })]) {
      const fault = await caught(attempt);
      expect(fault).to.include({ code: 'E_LOG_FORMAT', retryable: false });
      expect(String(fault)).to.match(/the log in d is of format 2, and this version reads no format after 1/);
    }
    expect(fs.paths().map((path) => [path, [...fs.contents(path)]])).to.deep.equal(before);
  });

  it('refuses it too where only its newest segment or a position is of the later version', async () => {
    const log = await open();
    await log.append(makeTile([{ id: 3 }]));
    await log.close();
    const newer = Buffer.from(asFormat2(fs.contents(segment)));
    newer.writeUInt32LE(2, 16);
    newer.writeUInt32LE(crc32(newer.subarray(16, 64), crc32(newer.subarray(0, 12))), 12);
    fs.put('d/0000000002.seg', newer);
    expect(await caught(open())).to.include({ code: 'E_LOG_FORMAT' });
    fs.delete('d/0000000002.seg');
    const body = '{"format":2,"at":"somewhere"}';
    fs.put(position, Buffer.from(`${body}\n${crc32(body).toString(16)}\n`));
    expect(await caught(open())).to.include({ code: 'E_LOG_FORMAT' });
  });

  it('does not take a flipped bit in the format for a later version', async () => {
    for (let bit = 0; bit < 16; bit++) {
      const bytes = Uint8Array.from(fs.contents(segment));
      const at = 8 + (bit >> 3);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      const damaged = new FaultFs();
      damaged.put(segment, bytes);
      const log = await open(damaged);
      expect((await readAll(await log.reader('all'))).ids).to.deep.equal([1, 2]);
    }
  });
});
