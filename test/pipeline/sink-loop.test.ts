import { expect } from 'chai';
import { delivered, errored, type Outcome, rejected, type Sink } from '../../src/core/delivery.ts';
import { Fault } from '../../src/core/faults.ts';
import type { LogPosition, Reader, RecordBatch } from '../../src/core/log.ts';
import type { MaskedRecord } from '../../src/core/record.ts';
import { AgeLimit, type Skipped } from '../../src/pipeline/age-limit.ts';
import type { SinkDelivery } from '../../src/pipeline/sink-delivery.ts';
import { runSinkLoop, type SinkLoopOptions } from '../../src/pipeline/sink-loop.ts';
import { maskedRecord } from '../support/masked-record.ts';

const batchAt = (segment: number, ...receivedMs: readonly number[]): RecordBatch => ({
  records: receivedMs.map((ms) => maskedRecord({ ms }, { receivedAtUs: ms * 1000 })),
  end: { segment, offset: 64 },
});
const numberOf = ({ receivedAtUs }: MaskedRecord): number => receivedAtUs / 1000;
const busy = new Fault('it is busy', { code: 'E_TEST', remedy: 'Wait.', retryable: true });
const never = new AbortController().signal;

/** What one loop did. */
class Watched {
  readonly committed: LogPosition[] = [];
  readonly written: number[][] = [];
  readonly counts = new Map<string, number>();
  readonly notices: string[] = [];
  readonly rejections: number[] = [];
  delivery: SinkDelivery | undefined;

  reader(batches: readonly RecordBatch[]): Reader {
    return {
      read: async function* read(_, { follow = true } = {}) {
        if (follow) yield* batches;
      },
      commit: async (position) => void this.committed.push(position),
      close: async () => undefined,
    };
  }

  sink(answer: (numbers: readonly number[], attempt: number) => readonly Outcome[], more: Partial<Sink> = {}): Sink {
    let attempt = 0;
    return {
      open: async () => undefined,
      check: async () => undefined,
      close: async () => undefined,
      write: async ({ records }) => {
        const numbers = records.map(numberOf);
        this.written.push(numbers);
        return answer(numbers, attempt++);
      },
      ...more,
    };
  }

  options(sink: Sink, batches: readonly RecordBatch[], more: Partial<SinkLoopOptions> = {}): SinkLoopOptions {
    return {
      ...{ name: 's', sink, reader: this.reader(batches), batch: { records: 100, bytes: 100_000 } },
      filter: { content: 'events', minSeverity: 'informational' },
      meter: {
        sunk: (_, result, count) => void this.counts.set(result, (this.counts.get(result) ?? 0) + count),
        sinks: { retried: () => undefined },
      },
      reject: async (rejections) => void this.rejections.push(...rejections.map(({ record }) => numberOf(record))),
      clock: { nowMs: () => 0 },
      random: () => 0.999,
      notice: (text) => void this.notices.push(text),
      watch: (delivery) => {
        this.delivery = delivery;
      },
      ...more,
    };
  }
}

const signals = { ended: never, leave: never, giveUp: never };
const all = (numbers: readonly number[], outcome: Outcome): readonly Outcome[] => numbers.map(() => outcome);

describe('pipeline/sink-loop', () => {
  let watched: Watched;
  beforeEach(() => {
    watched = new Watched();
  });

  it('lets a sink that is down hold the log for no longer than its age limit, and counts what it missed', async () => {
    let nowMs = 60;
    const sink = watched.sink((numbers, attempt) => {
      // Down for long: at the next attempt the records are too old.
      if (attempt < 2) nowMs = 1_050;
      return all(numbers, attempt < 2 ? errored(busy) : delivered);
    });
    const told: Skipped[] = [];
    const ageLimit = new AgeLimit({ maxAgeMs: 100, nowMs: () => nowMs, skipped: (skipped) => told.push(skipped) });
    const batches = [batchAt(1, 10, 20), batchAt(2, 30, 1_000), batchAt(3, 1_010)];
    await runSinkLoop(watched.options(sink, batches, { ageLimit }), signals);
    expect(watched.written.slice(2).flat()).to.deep.equal([1_000, 1_010]);
    expect(watched.committed.map(({ segment }) => segment)).to.deep.equal([1, 2, 3]);
    expect([watched.counts.get('skipped'), watched.counts.get('delivered')]).to.deep.equal([3, 2]);
    expect(told.map(({ records, isOver }) => [records, isOver])).to.deep.equal([
      [2, false],
      [3, true],
    ]);
  });

  it('hands on at most so many records and bytes at once, and commits once all of a batch is done', async () => {
    const sink = watched.sink((numbers) => all(numbers, delivered));
    const options = watched.options(sink, [batchAt(1, 1, 2, 3, 4, 5), batchAt(2, 6)], { batch: { records: 2, bytes: 1_000 } });
    await runSinkLoop(options, signals);
    expect(watched.written).to.deep.equal([[1, 2], [3, 4], [5], [6]]);
    expect(watched.committed.map(({ segment }) => segment)).to.deep.equal([1, 2]);
  });

  it('gives again what errored only, and where order matters everything from there on', async () => {
    for (const keepsOrder of [false, true]) {
      watched = new Watched();
      const sink = watched.sink(
        (numbers, attempt) =>
          numbers.map((n) => (attempt === 0 && n === 2 ? errored(busy) : n === 4 ? rejected(busy) : delivered)),
        { keepsOrder },
      );
      await runSinkLoop(watched.options(sink, [batchAt(1, 1, 2, 3, 4), batchAt(2, 5)]), signals);
      expect(watched.written).to.deep.equal([[1, 2, 3, 4], keepsOrder ? [2, 3] : [2], [5]]);
      expect(watched.rejections).to.deep.equal([4]);
      expect(Object.fromEntries(watched.counts)).to.deep.equal({ delivered: 4, rejected: 1, errored: keepsOrder ? 2 : 1 });
    }
  });

  it('keeps what was rejected before it commits, however often that takes', async () => {
    const sink = watched.sink((numbers) => all(numbers, rejected(busy)));
    let attempts = 0;
    const options = watched.options(sink, [batchAt(1, 1)], {
      reject: async () => {
        expect(watched.committed).to.deep.equal([]);
        if (attempts++ < 1) throw new Fault('full', { code: 'E_LOG_FULL', retryable: true });
      },
    });
    await runSinkLoop(options, signals);
    expect([attempts, watched.committed.length, watched.counts.get('rejected')]).to.deep.equal([2, 1, 1]);
  });

  it('opens the breaker of a sink that stays down, says so once, and asks it before it gives it anything', async () => {
    let [checks, opens] = [0, 0];
    let state: string | undefined;
    const sink = watched.sink(
      (numbers, attempt) => {
        state = watched.delivery?.breaker;
        return all(numbers, attempt < 5 ? errored(busy) : delivered);
      },
      {
        open: async () => void opens++,
        check: async () => {
          if (checks++ < 1) throw busy;
        },
      },
    );
    const waits: number[] = [];
    const options = watched.options(sink, [batchAt(1, 1)], { random: () => 0, wait: async (ms) => void waits.push(ms) });
    await runSinkLoop(options, signals);
    expect(waits).to.deep.equal([100, 200, 400, 800, 1_600, 3_200]);
    expect([watched.written.length, checks, opens, state]).to.deep.equal([6, 2, 3, 'half-open']);
    expect(watched.delivery?.breaker).to.equal('closed');
    expect(watched.notices).to.have.length(2);
    expect(watched.notices[0]).to.include('takes nothing: it is busy (E_TEST)').and.to.include('Wait.');
    expect(watched.notices[1]).to.include('again');
  });

  it('waits for a sink that could not be opened at first, and shows nothing of what it throws', async () => {
    let attempts = 0;
    const sink = watched.sink((numbers) => all(numbers, delivered), {
      open: async () => {
        if (attempts++ === 0) throw new Error('PLANTED');
      },
    });
    await runSinkLoop(watched.options(sink, [batchAt(1, 1)], { opening: Promise.resolve(busy) }), signals);
    expect([attempts, watched.written]).to.deep.equal([2, [[1]]]);
    expect(watched.notices.join()).not.to.contain('PLANTED');
  });

  it('waits as long as the server asks', async () => {
    const sink = watched.sink((numbers, attempt) => all(numbers, attempt === 0 ? errored(busy, 300) : delivered));
    const began = performance.now();
    await runSinkLoop(watched.options(sink, [batchAt(1, 1)]), signals);
    expect(performance.now() - began).to.be.greaterThan(290);
  });

  it('leaves a sink that is down as soon as the process wants to end, and commits nothing', async function () {
    this.timeout(10_000);
    const leave = new AbortController();
    const sink = watched.sink((numbers, attempt) => {
      if (attempt === 4) setTimeout(() => leave.abort(), 20);
      return all(numbers, errored(busy));
    });
    const began = performance.now();
    await runSinkLoop(watched.options(sink, [batchAt(1, 1)]), { ...signals, leave: leave.signal });
    expect(performance.now() - began).to.be.lessThan(2_500);
    expect(watched.committed).to.deep.equal([]);
  });

  it('ends in the middle of a write when everything is given up', async () => {
    const giveUp = new AbortController();
    const sink = watched.sink(() => [], {
      write: (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve([]));
          giveUp.abort();
        }),
    });
    await runSinkLoop(watched.options(sink, [batchAt(1, 1)]), { ...signals, giveUp: giveUp.signal });
    expect(watched.committed).to.deep.equal([]);
  });

  it('does not wait for a sink that hears no signal once everything is given up', async () => {
    const giveUp = new AbortController();
    const forever = new Promise<never>(() => undefined);
    const deaf = watched.sink(() => [], { write: () => forever });
    setTimeout(() => giveUp.abort(), 20);
    await runSinkLoop(watched.options(deaf, [batchAt(1, 1)]), { ...signals, giveUp: giveUp.signal });
    await runSinkLoop(watched.options(deaf, [batchAt(1, 1)], { opening: forever }), { ...signals, giveUp: giveUp.signal });
    expect(watched.committed).to.deep.equal([]);
  });
});
