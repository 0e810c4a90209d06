import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { errored, type Outcome, type RecordDelivery, type RecordSource } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import type { MaskedTile } from '../../core/tile.ts';
import type { ConsumerHandler, IncomingBatch, KafkaClient, KafkaConsumer } from '../../kafka/kafka-client.ts';
import { kafkaFault } from '../../kafka/kafka-fault.ts';
import { Handover } from './handover.ts';
import { OffsetKeeper } from './offset-keeper.ts';
import { RecordUnpacker, type UnpackerOptions } from './record-unpacker.ts';

/** Bytes of one partition that are fetched, checked and appended in one go. */
const partitionBytes = 1024 * 1024;
/** Partitions whose batches are worked on side by side, so that they share a sync of the log. */
const partitionsAtOnce = 4;
const firstPauseMs = 500;
const longestPauseMs = 15_000;
/** How long records wait that the log refuses. */
const refusedPauseMs = 500;

export interface KafkaSourceOptions extends UnpackerOptions {
  readonly topic: string;
  readonly group: string;
  readonly sessionTimeoutMs: number;
  readonly client: () => Promise<KafkaClient>;
  readonly clock: Clock;
  /** Told when brokers cannot be read from, and why. */
  readonly away: (fault: Fault) => void;
}

/**
 * Records that agents wrote to a topic. An offset is committed once the log has synced everything before it; what is read again
 * after a crash or a rebalance the log knows by its digest. A message that no agent made never gets further than its MAC.
 */
export class KafkaSource implements RecordSource {
  readonly #options: KafkaSourceOptions;
  readonly #unpacker: RecordUnpacker;
  readonly #handover = new Handover<RecordDelivery>(({ settle }) => settle(errored(interrupted())));
  readonly #offsets: OffsetKeeper;
  #consumer: KafkaConsumer | undefined;
  #reading: Promise<void> = Promise.resolve();
  /** Counts joins: what was read before the last one is not committed any more. */
  #generation = 0;

  constructor(options: KafkaSourceOptions) {
    this.#options = options;
    this.#unpacker = new RecordUnpacker(options);
    this.#offsets = new OffsetKeeper(
      (commits) => this.#consumer?.commit(commits) ?? Promise.resolve(),
      () => options.clock.nowMs(),
    );
  }

  /** Brokers that are away are waited for: nothing is lost meanwhile. */
  open(): Promise<void> {
    return Promise.resolve();
  }

  async *records(signal: AbortSignal): AsyncGenerator<RecordDelivery, void, undefined> {
    this.#reading = this.#read(signal);
    yield* this.#handover.taken(signal);
  }

  async #read(signal: AbortSignal): Promise<void> {
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const startedMs = this.#options.clock.nowMs();
      const fault = await this.#readUntilFailure(signal);
      if (fault === undefined || signal.aborted) return;
      this.#options.away(fault);
      if (this.#options.clock.nowMs() - startedMs > longestPauseMs) pauseMs = firstPauseMs;
      await this.#closeConsumer();
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Undefined once the signal aborts. */
  async #readUntilFailure(signal: AbortSignal): Promise<Fault | undefined> {
    const { topic, group, sessionTimeoutMs, client } = this.#options;
    let stopped = (): void => undefined;
    try {
      const options = { topic, group, sessionTimeoutMs, partitionBytes, concurrency: partitionsAtOnce };
      const consumer = (await client()).consumer(options);
      this.#consumer = consumer;
      return await new Promise<Fault | undefined>((resolve, reject) => {
        stopped = () => resolve(undefined);
        signal.addEventListener('abort', stopped, { once: true });
        consumer.run(this.#handler(signal, (error) => resolve(kafkaFault(error)))).catch(reject);
      });
    } catch (error) {
      return kafkaFault(error);
    } finally {
      signal.removeEventListener('abort', stopped);
    }
  }

  #handler(signal: AbortSignal, failed: (error: Error) => void): ConsumerHandler {
    return {
      assigned: (partitions) => {
        this.#generation++;
        this.#unpacker.keepOnly(partitions);
        this.#offsets.forget();
        return Promise.resolve();
      },
      batch: (batch) => this.#batch(batch, signal),
      failed,
    };
  }

  async #batch(batch: IncomingBatch, signal: AbortSignal): Promise<void> {
    const generation = this.#generation;
    const { partition, messages } = batch;
    const goesOn = (): boolean => !signal.aborted && generation === this.#generation && !batch.isStale();
    const { events, findings, doneBefore } = this.#unpacker.unpack(partition, messages, this.#options.clock.nowMs());
    if (events) await this.#deliver('events', events, goesOn);
    if (findings) await this.#deliver('findings', findings, goesOn);
    if (generation === this.#generation) await this.#offsets.done(partition, doneBefore);
  }

  /** Again and again while the log takes nothing; rejects where the partition is another's by now. */
  async #deliver(log: RecordDelivery['log'], records: MaskedTile, goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      const outcome = await new Promise<Outcome>((settle) => this.#handover.offer({ log, records, settle }));
      if (outcome.status === 'delivered') return;
      await sleep(refusedPauseMs);
    }
    throw interrupted();
  }

  async close(): Promise<void> {
    await this.#offsets.flush().catch(() => undefined);
    await this.#closeConsumer();
    await this.#reading;
  }

  async #closeConsumer(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    this.#generation++;
    await consumer?.close();
  }
}

function interrupted(): Fault {
  return new Fault('the records were not taken in time', { code: 'E_KAFKA_INTERRUPTED', retryable: true });
}
