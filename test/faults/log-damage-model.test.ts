import { expect } from 'chai';
import fc from 'fast-check';
import { createRandom } from '../../src/demo/random.ts';
import type { LossReport } from '../../src/log/loss-report.ts';
import { openLog } from '../../src/log/open-log.ts';
import { segmentNumber } from '../../src/log/segment-header.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { idOf, makeClock, makeTile } from '../support/log-fixture.ts';

/** What is done to one of the files, chosen by number, while no process runs. */
const damages = fc.record({
  file: fc.constantFrom('segment' as const, 'index' as const, 'position' as const, 'reserve' as const),
  which: fc.nat(),
  how: fc.constantFrom(
    'flip' as const,
    'delete' as const,
    'cut' as const,
    'zero-tail' as const,
    'zero-page' as const,
    'garble' as const,
  ),
  at: fc.nat(),
});
type Damage = typeof damages extends fc.Arbitrary<infer T> ? T : never;

const rounds = fc.array(
  fc.record({
    appends: fc.array(fc.record({ count: fc.integer({ min: 1, max: 4 }), filling: fc.nat(500) }), { maxLength: 8 }),
    /** How many batches each reader commits. */
    reads: fc.tuple(fc.nat(3), fc.nat(3)),
    end: fc.constantFrom('close' as const, 'kill' as const, 'cut' as const),
    damage: fc.array(damages, { maxLength: 3 }),
    seed: fc.nat(),
  }),
  { minLength: 1, maxLength: 5 },
);

/** The first segment emptied, and damaged what says how long it was: the model came to it once in ten thousand plans. */
const emptiedAndUnsaid: typeof rounds extends fc.Arbitrary<infer T> ? T : never = [
  {
    appends: [
      { count: 3, filling: 191 },
      { count: 1, filling: 0 },
    ],
    reads: [0, 0],
    end: 'close',
    damage: [
      { file: 'segment', which: 1, how: 'flip', at: 0 },
      { file: 'segment', which: 0, how: 'cut', at: 0 },
    ],
    seed: 0,
  },
  { appends: [], reads: [0, 0], end: 'close', damage: [], seed: 0 },
];

const endings = { segment: '.seg', index: '.digests', position: '.position', reserve: 'reserve' } as const;

function inflict(fs: FaultFs, { file, which, how, at }: Damage): void {
  const paths = fs.paths().filter((path) => path.endsWith(endings[file]));
  const path = paths[which % paths.length];
  if (path === undefined) return;
  const bytes = Uint8Array.from(fs.contents(path));
  const place = at % Math.max(1, bytes.length);
  if (how === 'delete') fs.delete(path);
  else if (how === 'cut') fs.put(path, bytes.subarray(0, place));
  else if (how === 'zero-tail') fs.put(path, Buffer.concat([bytes, new Uint8Array(1 + (at % 3000))]));
  else if (bytes.length === 0) return;
  else if (how === 'flip') fs.put(path, bytes.with(place, (bytes[place] ?? 0) ^ (1 << (at & 7))));
  else if (how === 'zero-page') fs.put(path, bytes.fill(0, place, place + 64));
  else
    fs.put(
      path,
      bytes.map((byte, i) => (i >= place && i < place + 200 ? (byte * 31 + at) & 255 : byte)),
    );
}

/** A log, what it acknowledged, and what was done to it. */
class Damaged {
  fs = new FaultFs();
  readonly clock = makeClock();
  /** Acknowledged, in order, with the segment each is in. */
  readonly acknowledged: { readonly id: number; readonly segment: number }[] = [];
  readonly losses: LossReport[] = [];
  nextId = 0;
  /** The segment that each reader has come to. */
  readonly reached = new Map<string, number>();
  positionsDamaged = false;

  open(): Promise<SegmentLog> {
    return openLog({
      ...{ directory: 'd', name: 'events', clock: this.clock, fs: this.fs, tickMs: 0 },
      ...{ segmentBytes: 1500, reserveBytes: 256, batchBytes: 600, dedupe: { maxRecords: 1000, windowMs: 60_000 } },
      onLoss: (report) => this.losses.push(report),
    });
  }

  async append(log: SegmentLog, count: number, filling: number): Promise<void> {
    const ids = Array.from({ length: count }, () => this.nextId++);
    const { end, appended } = await log.append(makeTile(ids.map((id) => ({ id, filling, receivedAtMs: this.clock.nowMs() }))));
    expect(appended).to.equal(count);
    this.acknowledged.push(...ids.map((id) => ({ id, segment: end.segment })));
  }

  async read(log: SegmentLog, name: string, batches: number): Promise<readonly number[]> {
    const reader = await log.reader(name);
    const ids: number[] = [];
    let left = batches;
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) {
      if (left-- === 0) break;
      ids.push(...batch.records.map(idOf));
      await reader.commit(batch.end);
    }
    this.reached.set(name, reader.committed.segment);
    await reader.close();
    return ids;
  }

  /** Every acknowledged record is read once, in order, by a reader without a past, or a loss in its segment was reported. */
  async judge(log: SegmentLog, name: string): Promise<void> {
    const ids = await this.read(log, name, Number.POSITIVE_INFINITY);
    expect(ids).to.deep.equal([...new Set(ids)].toSorted((a, b) => a - b));
    const read = new Set(ids);
    const reported = new Set(this.losses.map(({ segment }) => segment));
    // A reader that was left behind says where it stood: everything from there to the oldest segment is gone.
    const behind = Math.min(
      ...this.losses.map(({ kind, segment }) => (kind === 'reader-behind' ? segment : Number.POSITIVE_INFINITY)),
    );
    const oldest = Math.min(...this.fs.paths().flatMap((path) => segmentNumber(path.slice(2)) ?? []));
    // The oldest segments may go once every reader has them: retention does the same.
    const needed = Math.min(...this.reached.values());
    const isTold = (segment: number): boolean =>
      reported.has(segment) || (segment < oldest && (segment >= behind || segment <= needed));
    const silent = this.acknowledged.filter(({ id, segment }) => !read.has(id) && !isTold(segment));
    // What a segment held that is gone, only positions know: with them gone too, nobody can tell.
    if (!this.positionsDamaged) expect(silent, 'lost without a word').to.deep.equal([]);
    const known = new Set(this.acknowledged.map(({ id }) => id));
    expect(ids.filter((id) => !known.has(id))).to.deep.equal([]);
  }
}

describe('faults/log-damage-model', function () {
  this.timeout(120_000);

  it('starts whatever happened to its files, delivers the rest, and reports every segment it lost something of', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, async (plan) => {
        const model = new Damaged();
        for (const [round, { appends, reads, end, damage, seed }] of plan.entries()) {
          const log = await model.open();
          for (const { count, filling } of appends) await model.append(log, count, filling);
          await model.read(log, 'a', reads[0]);
          await model.read(log, 'b', reads[1]);
          await model.judge(log, `judge-${round}`);
          if (end === 'close') await log.close();
          const random = createRandom(seed);
          model.fs.random = () => random.unit();
          model.fs = end === 'cut' ? model.fs.crash() : model.fs.kill();
          for (const each of damage) inflict(model.fs, each);
          model.positionsDamaged ||= damage.some(({ file }) => file === 'position');
        }
        const log = await model.open();
        for (const name of ['a', 'b']) await model.read(log, name, 0);
        await model.judge(log, 'judge-last');
        await model.append(log, 2, 50);
        const last = model.nextId;
        for (const name of ['a', 'b', 'judge-last'])
          expect((await model.read(log, name, Number.POSITIVE_INFINITY)).slice(-2), name).to.deep.equal([last - 2, last - 1]);
        await log.close();
      }),
      { numRuns: Number(process.env['AUDITVEIL_RUNS'] ?? 300), examples: [[emptiedAndUnsaid]] },
    );
  });
});
