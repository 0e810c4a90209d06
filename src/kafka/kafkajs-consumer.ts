import type { Admin, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Commit, Committed, ConsumerHandler, ConsumerOptions, IncomingBatch, KafkaConsumer } from './kafka-client.ts';
import { kafkaFault } from './kafka-fault.ts';

/** Says that it lives this often while a batch is worked on. A third of a session is usual. */
const heartbeatsASession = 3;
/** Longest wait of a fetch that finds nothing. */
const fetchWaitMs = 500;
/** Of all partitions of a broker in one fetch. */
const fetchPartitions = 4;

/**
 * A member of a consumer group over kafkajs. kafkajs says who has what after a join, nothing before a partition is taken away:
 * whoever works on a batch learns it from a heartbeat that fails, and commits are refused by the group's generation. A consumer
 * that has crashed does not come back by itself: `failed` is told and a new one is made, so nothing old lives on in it.
 */
export class KafkajsConsumer implements KafkaConsumer {
  readonly #kafka: Kafka;
  readonly #options: ConsumerOptions;
  readonly #consumer: Consumer;
  /** The handler of the last join; batches wait for it. */
  #assigned: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(kafka: Kafka, options: ConsumerOptions) {
    this.#kafka = kafka;
    this.#options = options;
    const { group, sessionTimeoutMs, partitionBytes } = options;
    this.#consumer = kafka.consumer({
      groupId: group,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: sessionTimeoutMs * 2,
      heartbeatInterval: Math.floor(sessionTimeoutMs / heartbeatsASession),
      maxBytesPerPartition: partitionBytes,
      maxBytes: partitionBytes * fetchPartitions,
      maxWaitTimeInMs: fetchWaitMs,
      allowAutoTopicCreation: false,
      readUncommitted: false,
      retry: { retries: 3, restartOnFailure: () => Promise.resolve(false) },
    });
  }

  async run(handler: ConsumerHandler): Promise<void> {
    const consumer = this.#consumer;
    const { topic, concurrency } = this.#options;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.#assigned = handler.assigned(payload.memberAssignment[topic] ?? []);
      // Whoever waits for it is told.
      this.#assigned.catch(() => undefined);
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!this.#closed) handler.failed(kafkaFault(payload.error));
    });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: concurrency,
        eachBatch: (payload) => this.#batch(handler, payload),
      });
    } catch (error) {
      throw kafkaFault(error);
    }
  }

  async #batch(
    handler: ConsumerHandler,
    { batch, heartbeat, isRunning, isStale, resolveOffset }: EachBatchPayload,
  ): Promise<void> {
    const incoming: IncomingBatch = {
      partition: batch.partition,
      messages: batch.messages.map(({ offset, value, timestamp }) => ({
        offset: BigInt(offset),
        value,
        timestampMs: Number(timestamp),
      })),
      end: BigInt(batch.highWatermark),
      heartbeat,
      isStale: () => !isRunning() || isStale(),
    };
    await beating(this.#assigned, heartbeat, this.#options.sessionTimeoutMs);
    if (incoming.isStale()) return;
    await beating(handler.batch(incoming), heartbeat, this.#options.sessionTimeoutMs);
    resolveOffset(batch.lastOffset());
  }

  async commit(commits: readonly Commit[]): Promise<void> {
    const { topic } = this.#options;
    try {
      await this.#consumer.commitOffsets(
        commits.map(({ partition, offset, note }) => ({ topic, partition, offset: String(offset), metadata: note ?? null })),
      );
    } catch (error) {
      throw kafkaFault(error);
    }
  }

  async committed(): Promise<ReadonlyMap<number, Committed>> {
    const { topic, group } = this.#options;
    const admin: Admin = this.#kafka.admin();
    try {
      await admin.connect();
      const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
      return new Map(
        (found?.partitions ?? []).map(({ partition, offset, metadata }) => [
          partition,
          { offset: Number(offset) < 0 ? undefined : BigInt(offset), note: metadata ?? undefined },
        ]),
      );
    } catch (error) {
      throw kafkaFault(error);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  seek(partition: number, offset: bigint): void {
    this.#consumer.seek({ topic: this.#options.topic, partition, offset: String(offset) });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#consumer.disconnect().catch(() => undefined);
  }
}

/** Waits for work, and says meanwhile that this member lives. Rejects where the group goes on without it; the work goes on. */
async function beating(work: Promise<void>, heartbeat: () => Promise<void>, sessionMs: number): Promise<void> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const pause = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, sessionMs / heartbeatsASession);
    });
    try {
      await Promise.race([done, pause]);
    } finally {
      clearTimeout(timer);
    }
    if (isDone) return;
    try {
      await heartbeat();
    } catch (error) {
      done.catch(() => undefined);
      throw error;
    }
  }
}
