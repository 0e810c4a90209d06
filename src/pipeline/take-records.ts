import type { RecordDelivery, RecordSource } from '../core/delivery.ts';
import { delivered, errored } from '../core/delivery.ts';
import { appendFault } from './ordered-keeper.ts';
import type { PipelineParts } from './run-pipeline.ts';

export interface NamedRecordSource {
  readonly name: string;
  readonly source: RecordSource;
}

/**
 * Takes records that another process masked into the logs, synced, and only then settles them. Several at a time: they share a
 * sync. What could not be appended its source hands over again. @throws Fault where no append can work any more
 */
export async function takeRecords(
  { name, source }: NamedRecordSource,
  parts: Pick<PipelineParts, 'events' | 'findings' | 'meter' | 'clock' | 'gate'>,
  stop: AbortSignal,
): Promise<void> {
  let before: Promise<void> = Promise.resolve();
  const failed = new AbortController();
  for await (const delivery of source.records(AbortSignal.any([stop, failed.signal]))) {
    const kept = keep(name, delivery, parts);
    before = Promise.all([before, kept]).then(() => undefined);
    // Thrown below; here it only ends the reading.
    before.catch(() => failed.abort());
  }
  await before;
}

async function keep(
  name: string,
  { log, records, settle }: RecordDelivery,
  { meter, clock, gate, ...logs }: Pick<PipelineParts, 'events' | 'findings' | 'meter' | 'clock' | 'gate'>,
): Promise<void> {
  try {
    if (gate?.problem !== undefined) return settle(errored(gate.fault()));
    gate?.check(records.bytes, `the ${log} log`);
    await logs[log].append(records);
    meter.transported(name, records);
    if (log === 'events') meter.appended(name, records, clock.nowMs());
    settle(delivered);
  } catch (error) {
    const fault = appendFault(error);
    meter.retried(fault.code);
    settle(errored(fault));
    if (!fault.retryable) throw fault;
  }
}
