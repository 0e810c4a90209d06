import kafkajs, { type Admin, type Kafka, type KafkaConfig, logLevel, type Producer, type SASLOptions } from 'kafkajs';
import { compressionType, installCodecs } from './codecs.ts';
import type { KafkaConnection, SaslLogin } from './connection.ts';
import type {
  ConsumerOptions,
  KafkaClient,
  KafkaConsumer,
  KafkaProducer,
  OutgoingMessage,
  ProducerOptions,
  TopicFacts,
} from './kafka-client.ts';
import { kafkaFault } from './kafka-fault.ts';
import { KafkajsConsumer } from './kafkajs-consumer.ts';

/** For what one request needs: another broker, fresh metadata. All other retries are ours, from the log. */
const requestRetries = { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 };

/** All in-sync replicas. */
const acksOfAll = -1;

/** The client over kafkajs 2.2. What it logs may quote brokers, so it logs nothing; its errors become faults. */
export class KafkajsClient implements KafkaClient {
  readonly #kafka: Kafka;
  readonly #connection: KafkaConnection;

  constructor(connection: KafkaConnection) {
    installCodecs();
    this.#connection = connection;
    const { brokers, clientId, tls, sasl, connectTimeoutMs, requestTimeoutMs } = connection;
    const config: KafkaConfig = {
      brokers: [...brokers],
      clientId,
      connectionTimeout: connectTimeoutMs,
      authenticationTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      logLevel: logLevel.NOTHING,
      logCreator: () => () => undefined,
      retry: requestRetries,
      ...(tls && { ssl: tls }),
      ...(sasl && { sasl: saslOptions(sasl) }),
    };
    this.#kafka = new kafkajs.Kafka(config);
  }

  producer(options: ProducerOptions): KafkaProducer {
    return new KafkajsProducer(this.#kafka, options, this.#connection.requestTimeoutMs);
  }

  consumer(options: ConsumerOptions): KafkaConsumer {
    return new KafkajsConsumer(this.#kafka, options);
  }

  async describe(topic: string): Promise<TopicFacts> {
    const admin = this.#kafka.admin();
    try {
      await admin.connect();
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const partitions = topics[0]?.partitions ?? [];
      const said = await settings(admin, topic);
      const maxMessageBytes = said.get('max.message.bytes') ?? 0;
      return {
        partitions: partitions.length,
        maxMessageBytes: maxMessageBytes > 0 ? maxMessageBytes : undefined,
        replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
        leaderless: partitions.filter(({ leader }) => leader < 0).length,
        minInSync: said.get('min.insync.replicas'),
        retentionMs: said.get('retention.ms'),
      };
    } catch (error) {
      throw kafkaFault(error);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}

const settingNames = ['max.message.bytes', 'min.insync.replicas', 'retention.ms'];

/** Numbers of a topic's configuration. Many users may not ask for it: no reason not to write to it. */
async function settings(admin: Admin, topic: string): Promise<ReadonlyMap<string, number>> {
  try {
    const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: settingNames }];
    const answer = await admin.describeConfigs({ resources, includeSynonyms: false });
    const entries = answer.resources[0]?.configEntries ?? [];
    const numbers = entries.map(({ configName, configValue }) => [configName, Number(configValue)] as const);
    return new Map(numbers.filter(([, value]) => Number.isSafeInteger(value)));
  } catch {
    return new Map();
  }
}

function saslOptions(login: SaslLogin): SASLOptions {
  if (login.mechanism === 'oauthbearer')
    return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: textOf((await login.token()).reveal()) }) };
  const { mechanism, username, password } = login;
  return { mechanism, username, password: textOf(password.reveal()) } as SASLOptions;
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/**
 * Connects when the first message is sent. kafkajs takes messages even after a connect that failed to get a producer id, and then
 * writes without one: so a producer whose connect failed is thrown away, and so is an idempotent one whose send failed, as nobody
 * knows which of its sequence numbers the broker has.
 */
class KafkajsProducer implements KafkaProducer {
  readonly #make: () => Producer;
  readonly #options: ProducerOptions;
  readonly #timeoutMs: number;
  #producer: Promise<Producer> | undefined;

  constructor(kafka: Kafka, options: ProducerOptions, timeoutMs: number) {
    const { idempotent } = options;
    const retry = { ...requestRetries, retries: idempotent ? 1 : 0 };
    this.#make = () =>
      kafka.producer({ idempotent, retry, allowAutoTopicCreation: false, createPartitioner: () => partitionOfMessage });
    this.#options = options;
    this.#timeoutMs = timeoutMs;
  }

  async send(topic: string, partition: number, messages: readonly OutgoingMessage[]): Promise<void> {
    try {
      const compression = compressionType(this.#options.compression);
      const producer = await this.#connected();
      await producer.send({
        topic,
        acks: acksOfAll,
        timeout: this.#timeoutMs,
        compression,
        messages: messages.map(({ key, value, headers = {} }) => ({
          partition,
          key,
          value: asBuffer(value),
          headers: { ...headers },
        })),
      });
    } catch (error) {
      if (this.#options.idempotent) await this.close();
      throw kafkaFault(error);
    }
  }

  #connected(): Promise<Producer> {
    this.#producer ??= this.#connect();
    return this.#producer;
  }

  async #connect(): Promise<Producer> {
    const producer = this.#make();
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      this.#producer = undefined;
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.then((one) => one.disconnect()).catch(() => undefined);
  }
}

/** Every message names its partition. */
const partitionOfMessage = ({ message }: { readonly message: { readonly partition?: number } }): number => message.partition ?? 0;

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);
