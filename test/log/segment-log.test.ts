import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { LossReport } from '../../src/log/loss-report.ts';
import { type OpenLogOptions, openLog } from '../../src/log/open-log.ts';
import { openLogReader } from '../../src/log/open-log-reader.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { makeClock, makeTile, readAll } from '../support/log-fixture.ts';

describe('log/segment-log', () => {
  let directory: string;
  let losses: LossReport[];
  const clock = makeClock();
  const opened: SegmentLog[] = [];

  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'auditveil-log-')), 'events');
    losses = [];
  });

  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close();
    await rm(join(directory, '..'), { recursive: true, force: true });
  });

  async function open(options: Partial<OpenLogOptions> = {}): Promise<SegmentLog> {
    const log = await openLog({
      directory,
      name: 'events',
      clock,
      reserveBytes: 4096,
      tickMs: 0,
      onLoss: (report) => losses.push(report),
      ...options,
    });
    opened.push(log);
    return log;
  }

  it('gives back what was appended, with names for rules, masks and context', async () => {
    const log = await open();
    const result = await log.append(makeTile([{ id: 1, matches: [2, 0], masks: [[1, 0, 3]], receivedAtMs: 5 }, { id: 2 }]));
    expect(result).to.include({ appended: 2, repeats: 0 });
    const { ids, records, end } = await readAll(await log.reader('r'));
    expect(ids).to.deep.equal([1, 2]);
    expect(end).to.deep.equal(result.end);
    expect(records[0]).to.deep.include({
      type: 1,
      receivedAtUs: 5000,
      eventTimeFrom: 'stageTimestamp',
      matches: ['rule-c', 'rule-a'],
      masks: [{ kind: 'jwt', action: 'redact', count: 3 }],
      stubReason: 'none',
      offset: 1,
    });
    expect(records[1]?.context?.cluster).to.equal('test');
  });

  it('reads batch by batch into one piece of memory where the reader says so, one long record aside', async () => {
    const log = await open({ batchBytes: 4096, segmentBytes: 20_000 });
    const fillings = Array.from({ length: 60 }, (_, id) => (id === 30 ? 9000 : (id * 37) % 900));
    for (const [id, filling] of fillings.entries()) await log.append(makeTile([{ id, filling, matches: [id % 3] }]));
    const seen: unknown[] = [];
    const memory = new Set<ArrayBufferLike>();
    for await (const batch of (await log.reader('r', { reuse: true })).read(new AbortController().signal, { follow: false })) {
      for (const record of batch.records) {
        memory.add(record.payload.buffer);
        seen.push([JSON.parse(Buffer.from(record.payload).toString()), record.matches[0], record.context?.cluster]);
      }
    }
    const expected = fillings.map((filling, id) => [
      { id, filling: 'x'.repeat(filling) },
      ['rule-a', 'rule-b', 'rule-c'][id % 3],
      'test',
    ]);
    expect(seen).to.deep.equal(expected);
    expect(memory.size).to.equal(2);
  });

  it('keeps directory and files to its user', async () => {
    const log = await open();
    await log.append(makeTile([{ id: 1 }]));
    await log.reader('r');
    expect((await stat(directory)).mode & 0o777).to.equal(0o700);
    for (const name of ['0000000001.seg', 'lock', 'reserve', 'readers/r.position']) {
      expect((await stat(join(directory, name))).mode & 0o777, name).to.equal(0o600);
    }
  });

  it('rolls by size without splitting a tile and writes dictionaries anew in each segment', async () => {
    const log = await open({ segmentBytes: 2000 });
    for (let id = 0; id < 20; id++) await log.append(makeTile([{ id, filling: 200 }]));
    expect(log.status().segments).to.be.greaterThan(2);
    await log.close();
    const reopened = await open({ segmentBytes: 2000 });
    const { ids, records } = await readAll(await reopened.reader('r'));
    expect(ids).to.deep.equal([...Array(20).keys()]);
    expect(records.every((record) => record.plan?.rules.length === 3)).to.equal(true);
    expect(losses).to.deep.equal([]);
  });

  it('rolls an idle segment by age on the tick, but not an empty one', async () => {
    const log = await open({ segmentAgeMs: 1000 });
    await log.append(makeTile([{ id: 1 }]));
    clock.advance(1000);
    await log.tick();
    expect(log.status().segments).to.equal(2);
    clock.advance(5000);
    await log.tick();
    expect(log.status().segments).to.equal(2);
  });

  it('syncs appends that wait together only once and keeps their order', async () => {
    const log = await open();
    const results = await Promise.all([1, 2, 3].map((id) => log.append(makeTile([{ id }]))));
    const offsets = results.map((result) => result.end.offset);
    expect(offsets).to.deep.equal(offsets.toSorted((a, b) => a - b));
    expect((await readAll(await log.reader('r'))).ids).to.deep.equal([1, 2, 3]);
  });

  it('leaves repeats out of a tile, also after a restart, and keeps other content', async () => {
    const dedupe = { maxRecords: 100, windowMs: 60_000 };
    const log = await open({ dedupe });
    const at = clock.nowMs();
    await log.append(makeTile([1, 2, 3].map((id) => ({ id, receivedAtMs: at }))));
    expect(await log.append(makeTile([{ id: 4 }, { id: 2 }, { id: 5 }, { id: 3 }]))).to.include({ appended: 2, repeats: 2 });
    await log.close();
    const reopened = await open({ dedupe });
    expect(await reopened.append(makeTile([{ id: 1 }, { id: 6 }]))).to.include({ appended: 1, repeats: 1 });
    expect(await reopened.append(makeTile([{ id: 6 }]))).to.include({ appended: 0, repeats: 1 });
    expect((await readAll(await reopened.reader('r'))).ids).to.deep.equal([1, 2, 3, 4, 5, 6]);
  });

  it('starts a reader where it committed and hands out the rest again', async () => {
    const log = await open({ batchBytes: 300 });
    await log.append(makeTile([1, 2, 3, 4].map((id) => ({ id, filling: 100 }))));
    const reader = await log.reader('r');
    for await (const batch of reader.read(new AbortController().signal)) {
      await reader.commit(batch.end);
      break;
    }
    await log.close();
    const again = await (await open()).reader('r');
    expect((await readAll(again)).ids).to.deep.equal([2, 3, 4]);
  });

  it('wakes a reader that follows and ends it when the log closes', async () => {
    const log = await open();
    const reader = await log.reader('r');
    const seen: number[] = [];
    const following = (async () => {
      for await (const batch of reader.read(new AbortController().signal)) seen.push(...batch.records.map((r) => r.offset));
    })();
    await log.append(makeTile([{ id: 1 }]));
    await log.append(makeTile([{ id: 2 }]));
    await log.close();
    await following;
    expect(seen).to.deep.equal([1, 2]);
  });

  it('ends a reader that follows when its signal aborts', async () => {
    const log = await open();
    const reader = await log.reader('r');
    const stop = new AbortController();
    const following = (async () => {
      for await (const _ of reader.read(stop.signal));
    })();
    setTimeout(() => stop.abort(), 5);
    await following;
  });

  it('lets a second process read while the log is written, and takes a torn tail for "not yet"', async () => {
    const log = await open();
    await log.append(makeTile([{ id: 1 }]));
    const reader = await openLogReader({ directory, pollMs: 5, onLoss: (report) => losses.push(report) });
    const seen: number[] = [];
    const stop = new AbortController();
    const following = (async () => {
      for await (const batch of reader.read(stop.signal)) {
        seen.push(...batch.records.map((record) => record.offset));
        if (seen.length === 2) stop.abort();
      }
    })();
    const next = makeTile([{ id: 2 }], []).bytes;
    const path = join(directory, '0000000001.seg');
    await appendFile(path, next.subarray(0, 50));
    await new Promise((resolve) => setTimeout(resolve, 30));
    await appendFile(path, next.subarray(50));
    await following;
    expect(seen).to.deep.equal([1, 2]);
    expect(losses).to.deep.equal([]);
    await truncate(path, (await stat(path)).size - next.length);
  });

  it('starts readers at the oldest record, the newest, or a time', async () => {
    const log = await open({ segmentBytes: 600 });
    const from = clock.nowMs();
    for (let id = 0; id < 8; id++) {
      await log.append(makeTile([{ id, filling: 100, receivedAtMs: clock.nowMs() }]));
      clock.advance(1000);
    }
    const since = await log.reader('since', { start: { sinceMs: from + 4500 } });
    expect((await readAll(since)).ids).to.deep.equal([5, 6, 7]);
    expect((await readAll(await log.reader('newest', { start: 'newest' }))).ids).to.deep.equal([]);
    expect((await readAll(await log.reader('oldest', { start: 'oldest' }))).ids).to.have.length(8);
    const other = await openLogReader({ directory, start: { sinceMs: from + 6500 } });
    expect((await readAll(other)).ids).to.deep.equal([7]);
  });

  it('refuses a second writer of the directory and takes over from one that is gone', async () => {
    const log = await open();
    const error = await open().catch((cause: unknown) => cause);
    expect(error).to.include({ code: 'E_LOG_LOCKED' });
    const lock = await readFile(join(directory, 'lock'));
    await log.close();
    const holder = JSON.parse(lock.toString()) as Record<string, unknown>;
    await writeFile(join(directory, 'lock'), JSON.stringify({ ...holder, pid: 2 ** 22 + 1 }));
    await (await open()).append(makeTile([{ id: 1 }]));
  });

  it('refuses a lock whose process lives', async () => {
    const log = await open();
    const holder = JSON.parse((await readFile(join(directory, 'lock'))).toString()) as Record<string, unknown>;
    await log.close();
    const stat1 = await readFile(`/proc/${process.ppid}/stat`, 'latin1');
    const started = stat1.slice(stat1.lastIndexOf(')') + 2).split(' ')[19];
    await writeFile(join(directory, 'lock'), JSON.stringify({ ...holder, pid: process.ppid, started }));
    expect(await open().catch((cause: unknown) => cause)).to.include({ code: 'E_LOG_LOCKED', retryable: true });
    await writeFile(join(directory, 'lock'), JSON.stringify({ ...holder, pid: process.ppid, started: '1' }));
    await open();
  });

  it('refuses the directory of another log and a directory that cannot be used', async () => {
    const log = await open();
    await log.append(makeTile([{ id: 1 }]));
    await log.close();
    expect(await open({ name: 'findings' }).catch((cause: unknown) => cause)).to.include({ code: 'E_LOG_NAME' });
    const blocked = { directory: join(directory, '0000000001.seg', 'below') };
    expect(await open(blocked).catch((cause: unknown) => cause)).to.include({ code: 'E_LOG_DIRECTORY' });
  });

  it('deletes the oldest closed segments, but none that a reader holds', async () => {
    const log = await open({ segmentBytes: 600 });
    for (let id = 0; id < 8; id++) await log.append(makeTile([{ id, filling: 200 }]));
    const reader = await log.reader('slow');
    await log.reader('skipping', { whenBehind: 'skip' });
    expect(await log.prune({ maxBytes: 1 })).to.deep.equal({ segments: [], bytes: 0, heldBy: ['slow'] });
    let seen = 0;
    for await (const batch of reader.read(new AbortController().signal)) {
      seen += batch.records.length;
      await reader.commit(batch.end);
      if (seen === 4) break;
    }
    const pruned = await log.prune({ maxBytes: 1 });
    expect(pruned.segments).to.have.length(4);
    expect(pruned.heldBy).to.deep.equal(['slow']);
    expect((await readAll(reader)).ids).to.deep.equal([4, 5, 6, 7]);
    await reader.close();
    await log.forget('slow');
    expect((await log.prune({ maxAgeMs: -1 })).segments).to.have.length(3);
  });

  it('refuses appends at its size limit until the reader that holds has gone on', async () => {
    const log = await open({ segmentBytes: 600, maxBytes: 3000 });
    const reader = await log.reader('slow');
    let id = 0;
    let refused: unknown;
    while (refused === undefined && id < 100) {
      await log.append(makeTile([{ id, filling: 200 }])).then(
        () => id++,
        (cause: unknown) => {
          refused = cause;
        },
      );
    }
    expect(refused).to.include({ code: 'E_LOG_FULL', retryable: true });
    expect(log.status().full).to.equal(true);
    const { ids, end } = await readAll(reader);
    expect(ids).to.deep.equal([...Array(id).keys()]);
    await reader.commit(end ?? { segment: 0, offset: 0 });
    await log.tick();
    expect(log.status().full).to.equal(false);
    await log.append(makeTile([{ id, filling: 200 }]));
  });

  it('refuses appends and readers once closed', async () => {
    const log = await open();
    await log.close();
    expect(await log.append(makeTile([{ id: 1 }])).catch((cause: unknown) => cause)).to.include({ code: 'E_LOG_CLOSED' });
    expect(await log.reader('r').catch((cause: unknown) => cause)).to.include({ code: 'E_LOG_CLOSED' });
  });
});
