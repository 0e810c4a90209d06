/**
 * What this program needs of a Kafka client, and nothing more, so that another library can take the place of the one in use.
 * Every error that comes out is a Fault (`kafka-fault.ts`); nothing here retries for longer than one request takes: what is
 * tried again comes from the log.
 */
export interface KafkaClient {
  producer(options: ProducerOptions): KafkaProducer;
  consumer(options: ConsumerOptions): KafkaConsumer;
  /** Asks the brokers. @throws Fault */
  describe(topic: string): Promise<TopicFacts>;
}

export interface TopicFacts {
  readonly partitions: number;
  /** Largest batch the broker takes, bytes; undefined where it would not say. */
  readonly maxMessageBytes: number | undefined;
  /** Copies of the partition that has the fewest. */
  readonly replicas: number;
  /** Partitions that nobody leads at the moment: they take and give nothing. */
  readonly leaderless: number;
  /** min.insync.replicas and retention.ms (-1: for ever); undefined where the broker would not say. */
  readonly minInSync: number | undefined;
  readonly retentionMs: number | undefined;
}

export const compressions = ['none', 'gzip', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

export interface ProducerOptions {
  readonly compression: Compression;
  /** The broker recognises what is sent twice within one session of the producer. */
  readonly idempotent: boolean;
}

export interface OutgoingMessage {
  readonly key: string | null;
  readonly value: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface KafkaProducer {
  /** Resolves once all in-sync replicas have the messages, which stand together and in this order. @throws Fault */
  send(topic: string, partition: number, messages: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

export interface ConsumerOptions {
  readonly topic: string;
  readonly group: string;
  /** Partitions whose batches are handled at once. */
  readonly concurrency: number;
  /** Bytes of one partition that are fetched in one go. */
  readonly partitionBytes: number;
  /** A member that says nothing for this long loses its partitions. */
  readonly sessionTimeoutMs: number;
}

export interface IncomingMessage {
  readonly offset: bigint;
  readonly value: Uint8Array | null;
  /** Milliseconds since the epoch, as the producer said. */
  readonly timestampMs: number;
}

export interface IncomingBatch {
  readonly partition: number;
  readonly messages: readonly IncomingMessage[];
  /** Offset behind the last message that the partition had when this was fetched. */
  readonly end: bigint;
  /** Says that this member lives. Rejects where the partition may be another's by now. */
  heartbeat(): Promise<void>;
  /** The partition was sought elsewhere since: what is left of the batch is not wanted. */
  isStale(): boolean;
}

/** An offset up to which everything is done; `note` comes back with it. */
export interface Commit {
  readonly partition: number;
  readonly offset: bigint;
  readonly note?: string;
}

export interface Committed {
  /** Undefined where nothing was committed yet. */
  readonly offset: bigint | undefined;
  readonly note: string | undefined;
}

export interface ConsumerHandler {
  /** This member has joined, again or for the first time. Partitions that it had and that are not named are another's. Batches wait for it. */
  assigned(partitions: readonly number[]): Promise<void>;
  /** One at a time of each partition. Reading goes on behind the batch once this resolves; where it rejects the batch comes again. */
  batch(batch: IncomingBatch): Promise<void>;
  /** The consumer has ended for a reason that waiting does not help. */
  failed(error: Error): void;
}

export interface KafkaConsumer {
  /** Joins the group and reads until `close`. Resolves once it has joined. @throws Fault */
  run(handler: ConsumerHandler): Promise<void>;
  /** Rejects where this member no longer owns the partition: the group's generation fences it. */
  commit(commits: readonly Commit[]): Promise<void>;
  committed(): Promise<ReadonlyMap<number, Committed>>;
  /** The next batch of the partition begins there. */
  seek(partition: number, offset: bigint): void;
  close(): Promise<void>;
}
