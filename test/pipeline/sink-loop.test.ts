import { expect } from 'chai';
import type { Outcome, Sink } from '../../src/core/delivery.ts';
import { Fault } from '../../src/core/faults.ts';
import type { LogPosition, Reader, RecordBatch } from '../../src/core/log.ts';
import { AgeLimit, type Skipped } from '../../src/pipeline/age-limit.ts';
import { runSinkLoop } from '../../src/pipeline/sink-loop.ts';
import { maskedRecord } from '../support/masked-record.ts';

const batchAt = (segment: number, ...receivedMs: readonly number[]): RecordBatch => ({
  records: receivedMs.map((ms) => maskedRecord({ ms }, { receivedAtUs: ms * 1000 })),
  end: { segment, offset: 64 },
});

describe('pipeline/sink-loop', () => {
  it('lets a sink that is down hold the log for no longer than its age limit, and counts what it missed', async () => {
    const committed: LogPosition[] = [];
    const batches = [batchAt(1, 10, 20), batchAt(2, 30, 1_000), batchAt(3, 1_010)];
    const reader: Reader = {
      async *read(_, { follow = true } = {}) {
        if (follow) yield* batches;
      },
      commit: async (position) => void committed.push(position),
      close: async () => undefined,
    };
    let nowMs = 60;
    const written: number[] = [];
    let refusals = 2;
    const sink: Sink = {
      open: async () => undefined,
      check: async () => undefined,
      close: async () => undefined,
      write: async ({ records }): Promise<readonly Outcome[]> => {
        if (refusals-- > 0) {
          // Down for long: at the next attempt the records are too old.
          nowMs = 1_050;
          return records.map(() => ({ status: 'errored', fault: new Fault('busy', { code: 'E_TEST', retryable: true }) }));
        }
        written.push(...records.map(({ receivedAtUs }) => receivedAtUs / 1000));
        return records.map(() => ({ status: 'delivered' }));
      },
    };
    const counts = new Map<string, number>();
    const meter = {
      sunk: (_: string, result: string, count: number) => void counts.set(result, (counts.get(result) ?? 0) + count),
      retried: () => undefined,
    };
    const told: Skipped[] = [];
    const ageLimit = new AgeLimit({ maxAgeMs: 100, nowMs: () => nowMs, skipped: (skipped) => told.push(skipped) });
    const signal = new AbortController().signal;
    await runSinkLoop(
      { name: 's', sink, reader, meter, ageLimit, filter: { content: 'events', minSeverity: 'informational' } },
      signal,
      signal,
    );
    expect(written).to.deep.equal([1_000, 1_010]);
    expect(committed.map(({ segment }) => segment)).to.deep.equal([1, 2, 3]);
    expect([counts.get('skipped'), counts.get('delivered')]).to.deep.equal([3, 2]);
    expect(told.map(({ records, isOver }) => [records, isOver])).to.deep.equal([
      [2, false],
      [3, true],
    ]);
  });
});
