import type { KafkaConnectionConfig } from '../../config/kafka-options.ts';
import { delivered, errored, type Outcome } from '../../core/delivery.ts';
import { Fault, retryable } from '../../core/faults.ts';
import type { MaskedRecord } from '../../core/record.ts';
import type { KafkaClient, KafkaProducer, OutgoingMessage } from '../../kafka/kafka-client.ts';
import { kafkaFault } from '../../kafka/kafka-fault.ts';
import { partitionOf } from '../../kafka/murmur2.ts';
import { sendSplit } from '../send-split.ts';

/** Where the broker would not say what it takes. Its own default is a little more. */
const defaultMessageBytes = 1_000_000;
/** Less than this no topic takes in earnest. */
const leastMessageBytes = 32 * 1024;
/** A batch of Kafka's around one message: its own head, the message's, a few headers. */
const batchExtraBytes = 512;

export interface LanesOptions {
  readonly topic: string;
  readonly connection: Pick<KafkaConnectionConfig, 'compression' | 'idempotent' | 'maxMessageBytes'>;
  /** Makes a client with the certificates and passwords of now. */
  readonly client: () => Promise<KafkaClient>;
}

/** Records as what is sent in one request after the other, or why they cannot be: too large, and then fewer of them may fit. */
export type Requests = (records: readonly MaskedRecord[], maxBytes: number) => readonly (readonly OutgoingMessage[])[] | Fault;

interface Opened {
  readonly client: KafkaClient;
  readonly producer: KafkaProducer;
  readonly partitions: number;
  readonly maxBytes: number;
}

/**
 * Writes records to the partitions of their keys: those of one partition one request after the other, so that their order stays
 * and nothing overtakes what failed; the partitions side by side.
 */
export class PartitionLanes {
  readonly #options: LanesOptions;
  #opened: Opened | undefined;

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  /** @throws Fault where Kafka cannot be reached or does not have the topic */
  async open(signal: AbortSignal): Promise<void> {
    await this.#open(signal);
  }

  async #open(signal: AbortSignal): Promise<Opened> {
    if (this.#opened) return this.#opened;
    const { topic, connection, client: makeClient } = this.#options;
    const client = await makeClient();
    const facts = await orAbort(client.describe(topic), signal);
    const maxBytes = (connection.maxMessageBytes ?? facts.maxMessageBytes ?? defaultMessageBytes) - batchExtraBytes;
    this.#opened = { client, producer: client.producer(connection), partitions: facts.partitions, maxBytes };
    return this.#opened;
  }

  /** Proves that the topic is there and may be described. */
  async check(signal: AbortSignal): Promise<void> {
    const client = await this.#options.client();
    await orAbort(client.describe(this.#options.topic), signal);
  }

  /** One outcome per record, in order. */
  async write(
    records: readonly MaskedRecord[],
    keyOf: (record: MaskedRecord) => string,
    requests: Requests,
    signal: AbortSignal,
  ): Promise<readonly Outcome[]> {
    if (records.length === 0) return [];
    let opened: Opened;
    try {
      opened = await this.#open(signal);
    } catch (error) {
      const fault = retryable(kafkaFault(error));
      return records.map(() => errored(fault));
    }
    const lanes = new Map<number, number[]>();
    records.forEach((record, i) => {
      const partition = partitionOf(keyOf(record), opened.partitions);
      const lane = lanes.get(partition);
      if (lane) lane.push(i);
      else lanes.set(partition, [i]);
    });
    const outcomes: Outcome[] = [];
    await Promise.all(
      [...lanes].map(async ([partition, indices]) => {
        const lane = indices.map((i) => records[i] as MaskedRecord);
        const send = (part: readonly MaskedRecord[]) => this.#send(opened, partition, part, requests, signal);
        (await sendSplit(lane, send, signal)).forEach((outcome, i) => {
          outcomes[indices[i] as number] = outcome;
        });
      }),
    );
    if (outcomes.some(({ status }) => status === 'errored')) await this.#renew();
    return outcomes;
  }

  async #send(opened: Opened, partition: number, records: readonly MaskedRecord[], requests: Requests, signal: AbortSignal) {
    for (let { maxBytes } = opened; ; maxBytes >>= 1) {
      const made = requests(records, maxBytes);
      if (made instanceof Fault) return { refused: made };
      try {
        for (const messages of made) await orAbort(opened.producer.send(this.#options.topic, partition, messages), signal);
        return records.map(() => delivered);
      } catch (error) {
        const fault = kafkaFault(error);
        if (fault.retryable) return records.map(() => errored(fault));
        // Several are sent in halves. One that can be cut is cut into smaller pieces.
        if (records.length > 1 || maxBytes < leastMessageBytes || made.length === 0) return { refused: fault };
      }
    }
  }

  /** After an error the next batch asks again how many partitions there are, what they take, and what the files of secrets hold. */
  async #renew(): Promise<void> {
    const { producer } = this.#opened ?? {};
    this.#opened = undefined;
    await producer?.close();
  }

  close(): Promise<void> {
    return this.#renew();
  }
}

/** What was sent may arrive all the same. */
async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Fault('writing to Kafka was interrupted', { code: 'E_KAFKA_INTERRUPTED', retryable: true }));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}
