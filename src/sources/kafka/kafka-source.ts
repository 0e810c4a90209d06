import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { errored, type Outcome, type RecordDelivery, type RecordSource } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import type { MaskedTile } from '../../core/tile.ts';
import { ConsumerKeeper, type ConsumerWatch } from '../../kafka/consumer-keeper.ts';
import type { IncomingBatch, KafkaClient } from '../../kafka/kafka-client.ts';
import { Handover } from './handover.ts';
import { OffsetKeeper } from './offset-keeper.ts';
import { RecordUnpacker, type UnpackerOptions } from './record-unpacker.ts';

/** Bytes of one partition that are fetched, checked and appended in one go. */
const partitionBytes = 1024 * 1024;
/** Partitions whose batches are worked on side by side, so that they share a sync of the log. */
const partitionsAtOnce = 4;
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
  readonly watch?: ConsumerWatch | undefined;
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
  readonly #keeper: ConsumerKeeper;
  #reading: Promise<void> = Promise.resolve();
  /** Counts joins: what was read before the last one is not committed any more. */
  #generation = 0;

  constructor(options: KafkaSourceOptions) {
    this.#options = options;
    this.#unpacker = new RecordUnpacker(options);
    const { topic, group, sessionTimeoutMs, client, away, watch } = options;
    const nowMs = (): number => options.clock.nowMs();
    const consumer = { topic, group, sessionTimeoutMs, partitionBytes, concurrency: partitionsAtOnce };
    this.#keeper = new ConsumerKeeper({ consumer, client, away, watch, nowMs });
    this.#offsets = new OffsetKeeper((commits) => this.#keeper.commit(commits), nowMs);
  }

  /** Brokers that are away are waited for: nothing is lost meanwhile. */
  open(): Promise<void> {
    return Promise.resolve();
  }

  async *records(signal: AbortSignal): AsyncGenerator<RecordDelivery, void, undefined> {
    const assigned = (partitions: readonly number[]): Promise<void> => {
      this.#generation++;
      this.#unpacker.keepOnly(partitions);
      this.#offsets.forget();
      return Promise.resolve();
    };
    this.#reading = this.#keeper.run({ assigned, batch: (batch) => this.#batch(batch, signal) }, signal);
    yield* this.#handover.taken(signal);
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
    this.#generation++;
    await this.#keeper.close();
    await this.#reading;
  }
}

function interrupted(): Fault {
  return new Fault('the records were not taken in time', { code: 'E_KAFKA_INTERRUPTED', retryable: true });
}
