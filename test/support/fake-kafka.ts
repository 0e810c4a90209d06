import type {
  Commit,
  Committed,
  ConsumerHandler,
  IncomingBatch,
  IncomingMessage,
  KafkaClient,
  KafkaConsumer,
  OutgoingMessage,
} from '../../src/kafka/kafka-client.ts';
import { kafkaFault } from '../../src/kafka/kafka-fault.ts';

const protocolError = (type: string): Error =>
  Object.assign(new Error('words of a broker'), { name: 'KafkaJSProtocolError', type });

interface StoredMessage extends OutgoingMessage {
  readonly partition: number;
}

/**
 * Topics in memory behind our client interface, for what the real broker of test/integration/kafka cannot be brought to do in a few
 * milliseconds: being away, being slow, taking less. One topic, whatever its name.
 */
export class FakeKafka {
  readonly partitions: number;
  readonly messages: StoredMessage[] = [];
  readonly committed = new Map<number, Commit>();
  readonly sought = new Map<number, bigint>();
  isAway = false;
  isSlow = false;
  facts = { replicas: 3, leaderless: 0, minInSync: 2 as number | undefined, retentionMs: 259_200_000 as number | undefined };
  maxMessageBytes: number | undefined = 1_048_588;
  /** What the consumer that runs was given. */
  handler: ConsumerHandler | undefined;

  constructor(partitions = 1) {
    this.partitions = partitions;
  }

  /** As the sinks and sources take it. */
  readonly client = (): Promise<KafkaClient> => Promise.resolve(this.#client());

  of(partition: number): readonly IncomingMessage[] {
    const own = this.messages.filter((message) => message.partition === partition);
    return own.map(({ value }, i) => ({ offset: BigInt(i), value, timestampMs: 0 }));
  }

  batch(partition: number, messages = this.of(partition), more: Partial<IncomingBatch> = {}): IncomingBatch {
    return {
      partition,
      messages,
      end: (messages.at(-1)?.offset ?? -1n) + 1n,
      heartbeat: () => Promise.resolve(),
      isStale: () => false,
      ...more,
    };
  }

  #client(): KafkaClient {
    return {
      describe: () => this.#answer(() => ({ partitions: this.partitions, maxMessageBytes: this.maxMessageBytes, ...this.facts })),
      producer: () => ({
        send: (_, partition, messages) => this.#answer(() => this.#take(partition, messages)),
        close: () => Promise.resolve(),
      }),
      consumer: () => this.#consumer(),
    };
  }

  #consumer(): KafkaConsumer {
    return {
      run: (handler) =>
        this.#answer(() => {
          this.handler = handler;
        }),
      commit: (commits) =>
        this.#answer(() => {
          for (const commit of commits) this.committed.set(commit.partition, commit);
        }),
      committed: () =>
        this.#answer(
          (): ReadonlyMap<number, Committed> =>
            new Map([...this.committed].map(([partition, { offset, note }]) => [partition, { offset, note }])),
        ),
      seek: (partition, offset) => void this.sought.set(partition, offset),
      close: () => {
        this.handler = undefined;
        return Promise.resolve();
      },
    };
  }

  async #answer<T>(make: () => T): Promise<T> {
    if (this.isSlow) await new Promise(() => undefined);
    if (this.isAway) throw kafkaFault(Object.assign(new Error('no'), { name: 'KafkaJSConnectionError' }));
    return make();
  }

  #take(partition: number, messages: readonly OutgoingMessage[]): void {
    const bytes = messages.reduce((sum, { value }) => sum + value.length, 0);
    if (bytes > (this.maxMessageBytes ?? Number.POSITIVE_INFINITY)) throw kafkaFault(protocolError('MESSAGE_TOO_LARGE'));
    for (const message of messages) this.messages.push({ ...message, value: message.value.slice(), partition });
  }
}
