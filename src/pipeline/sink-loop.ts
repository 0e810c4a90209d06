import type { Sink } from '../core/delivery.ts';
import { Fault } from '../core/faults.ts';
import type { Reader, RecordBatch } from '../core/log.ts';
import type { AgeLimit } from './age-limit.ts';
import type { Meter } from './meter.ts';
import { retry } from './retry.ts';
import { concerns, type SinkFilter } from './sink-filter.ts';

export interface SinkLoopOptions {
  readonly name: string;
  readonly sink: Sink;
  readonly reader: Reader;
  readonly filter: SinkFilter;
  readonly meter: Pick<Meter, 'sunk' | 'retried'>;
  /** Absent: nothing is too old. */
  readonly ageLimit?: AgeLimit | undefined;
}

/** Feeds one sink from its own position. What it refuses for now comes again; what it rejects is counted and passed over. */
export async function runSinkLoop(options: SinkLoopOptions, follow: AbortSignal, giveUp: AbortSignal): Promise<void> {
  const { reader, sink } = options;
  try {
    for await (const batch of reader.read(follow)) await deliver(options, batch, giveUp);
    for await (const batch of reader.read(giveUp, { follow: false })) await deliver(options, batch, giveUp);
  } catch (error) {
    if (!giveUp.aborted) throw error;
  } finally {
    await sink.close();
  }
}

async function deliver(options: SinkLoopOptions, batch: RecordBatch, giveUp: AbortSignal): Promise<void> {
  const { name, sink, reader, meter, ageLimit } = options;
  let rest: RecordBatch['records'] = batch.records.filter((record) => concerns(options.filter, record));
  await retry(
    async () => {
      // At each attempt: a sink that is down for days must not hold the log for one batch.
      const fresh = ageLimit?.fresh(rest) ?? rest;
      if (fresh.length < rest.length) meter.sunk(name, 'skipped', rest.length - fresh.length);
      rest = fresh;
      if (rest.length === 0) return;
      const outcomes = await sink.write({ ...batch, records: rest }, giveUp);
      const refused = rest.filter((_, i) => outcomes[i]?.status === 'errored');
      const rejected = outcomes.filter((outcome) => outcome.status === 'rejected').length;
      meter.sunk(name, 'delivered', rest.length - refused.length - rejected);
      if (rejected > 0) meter.sunk(name, 'rejected', rejected);
      if (refused.length < rest.length) ageLimit?.delivered();
      rest = refused;
      const first = outcomes.find((outcome) => outcome.status === 'errored');
      if (first?.status === 'errored')
        throw new Fault(first.fault.message, { code: first.fault.code, retryable: true, cause: first.fault });
    },
    giveUp,
    (fault) => {
      meter.sunk(name, 'errored', rest.length);
      meter.retried(fault.code);
    },
  );
  await reader.commit(batch.end);
}
