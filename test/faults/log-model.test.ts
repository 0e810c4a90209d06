import { expect } from 'chai';
import fc from 'fast-check';
import type { LossReport } from '../../src/log/loss-report.ts';
import { openLog } from '../../src/log/open-log.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { idOf, makeClock, makeTile } from '../support/log-fixture.ts';

/** What may happen to a log. `count` records an append; `seed` decides what a power cut leaves. */
type Step =
  | { readonly do: 'append'; readonly counts: readonly number[]; readonly filling: number }
  | { readonly do: 'read'; readonly batches: number }
  | { readonly do: 'tick'; readonly ms: number }
  | { readonly do: 'prune' }
  | { readonly do: 'restart'; readonly how: 'reopen' | 'kill' | 'cut'; readonly seed: number }
  | {
      readonly do: 'fail';
      readonly operation: 'write' | 'sync' | 'truncate' | 'open' | 'syncDirectory' | 'rename';
      readonly after: number;
    }
  | { readonly do: 'fill-disk' | 'short-writes' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      counts: fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
      filling: fc.nat(400),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), batches: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tick' as const), ms: fc.nat(2000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('prune' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('restart' as const),
      how: fc.constantFrom('reopen' as const, 'kill' as const, 'cut' as const),
      seed: fc.nat(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      operation: fc.constantFrom(
        'write' as const,
        'sync' as const,
        'truncate' as const,
        'open' as const,
        'syncDirectory' as const,
        'rename' as const,
      ),
      after: fc.nat(3),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('fill-disk' as const, 'short-writes' as const) }) },
);

function seeded(seed: number): () => number {
  let state = (seed | 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Runs steps against a log and remembers what it promised. */
class Model {
  fs = new FaultFs();
  readonly clock = makeClock();
  readonly losses: LossReport[] = [];
  log: SegmentLog | undefined;
  nextId = 0;
  /** Acknowledged, in order. */
  readonly acknowledged: number[] = [];
  /** Refused at first: these come again until they are taken. */
  refused: number[] = [];
  readonly retried = new Set<number>();
  /** Handed over for commit: these need not come again. */
  readonly done = new Set<number>();

  async open(): Promise<SegmentLog> {
    this.log ??= await openLog({
      directory: 'd',
      name: 'events',
      clock: this.clock,
      fs: this.fs,
      segmentBytes: 1500,
      segmentAgeMs: 5000,
      reserveBytes: 256,
      batchBytes: 500,
      tickMs: 0,
      dedupe: { maxRecords: 1000, windowMs: 60_000 },
      onLoss: (report) => this.losses.push(report),
    });
    return this.log;
  }

  async append(counts: readonly number[], filling: number): Promise<void> {
    const log = await this.open();
    const groups = [this.refused, ...counts.map((count) => Array.from({ length: count }, () => this.nextId++))];
    const before = this.refused;
    this.refused = [];
    const append = async (ids: readonly number[]): Promise<void> => {
      try {
        await log.append(makeTile(ids.map((id) => ({ id, filling, receivedAtMs: this.clock.nowMs() }))));
        if (ids !== before) this.acknowledged.push(...ids);
        else for (const id of ids) this.retried.add(id);
      } catch {
        this.refused.push(...ids);
      }
    };
    await Promise.all(groups.map(append));
  }

  async read(batches: number): Promise<void> {
    const reader = await (await this.open()).reader('r');
    try {
      let left = batches;
      for await (const batch of reader.read(new AbortController().signal, { follow: false })) {
        if (left-- === 0) break;
        // Safe elsewhere: whether or not the commit succeeds, it need not come again.
        for (const record of batch.records) this.done.add(idOf(record));
        await reader.commit(batch.end);
      }
    } finally {
      await reader.close();
    }
  }

  async step(step: Step): Promise<void> {
    if (step.do === 'append') await this.append(step.counts, step.filling);
    else if (step.do === 'read') await this.read(step.batches);
    else if (step.do === 'tick') {
      this.clock.advance(step.ms);
      await (await this.open()).tick();
    } else if (step.do === 'prune') await (await this.open()).prune({ maxBytes: 1000 });
    else if (step.do === 'fail') this.failLater(step.operation, step.after);
    else if (step.do === 'fill-disk') this.fs.diskBytes = this.fs.usedBytes() + 300;
    else if (step.do === 'restart') await this.restart(step.how, step.seed);
    else this.fs.writeBytes = 37;
  }

  failLater(operation: string, after: number): void {
    let left = after;
    this.fs.plan = (done) => (done === operation && left-- <= 0 ? 'EIO' : undefined);
  }

  heal(): void {
    this.fs.plan = () => undefined;
    this.fs.diskBytes = Number.POSITIVE_INFINITY;
    this.fs.writeBytes = Number.POSITIVE_INFINITY;
  }

  async restart(how: 'reopen' | 'kill' | 'cut', seed: number): Promise<void> {
    this.fs.random = seeded(seed);
    this.heal();
    if (how === 'reopen') await this.log?.close();
    else this.fs = how === 'kill' ? this.fs.kill() : this.fs.crash();
    this.log = undefined;
    await this.open();
  }

  /** What was promised: every acknowledged record, once, in order, to a reader that is at the start of what it has not committed. */
  async check(): Promise<void> {
    const reader = await (await this.open()).reader('r');
    const ids: number[] = [];
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) ids.push(...batch.records.map(idOf));
    await reader.close();
    const owed = this.acknowledged.filter((id) => !this.done.has(id));
    const promised = new Set(this.acknowledged);
    expect(ids.filter((id) => promised.has(id) && !this.done.has(id))).to.deep.equal(owed);
    expect(ids).to.include.members([...this.retried].filter((id) => !this.done.has(id)));
    expect(new Set(ids).size).to.equal(ids.length);
    expect(ids.every((id) => id < this.nextId)).to.equal(true);
  }
}

/** Kinds that mean a loss of what was acknowledged. */
const realLosses = new Set(['damaged-records', 'missing-segment', 'damaged-position', 'position-beyond-log', 'reader-behind']);

describe('faults/log-model', function () {
  this.timeout(60_000);

  it('gives every acknowledged record back once and in order, whatever fails and wherever the power is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 25, size: 'max' }), async (plan) => {
        const model = new Model();
        await model.read(0);
        for (const step of plan) {
          // A step may fail as a whole while a fault is on; nothing it promised may be lost by that.
          await model.step(step).catch((error: unknown) => {
            if (model.fs.plan.toString() === '() => undefined' && model.fs.diskBytes === Number.POSITIVE_INFINITY) throw error;
          });
        }
        await model.restart('reopen', 1).catch(async () => {
          model.log = undefined;
          model.fs = model.fs.kill();
        });
        await model.check();
        await model.restart('cut', 7);
        await model.check();
        await model.log?.close();
        expect(model.losses.filter((loss) => realLosses.has(loss.kind))).to.deep.equal([]);
      }),
      { numRuns: Number(process.env['AUDITVEIL_RUNS'] ?? 300) },
    );
  });
});
