import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { freePort } from '../../faults/free-port.ts';
import { endProcess } from '../../support/end-process.ts';

/** Any 16 bytes; good for nothing but these brokers. */
const clusterId = 'QXVkaXR2ZWlsVGVzdEt6ZQ';
const readyMs = 90_000;

export interface RealKafkaOptions {
  readonly brokers?: 1 | 3;
  /** Lines of server.properties that are added, of every broker. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Largest heap of one broker. */
  readonly heapMb?: number;
  /** What clients are told to connect to, by the port a broker listens on: a proxy in front of it. Default: the port itself. */
  readonly advertise?: (port: number) => number;
  /** Called once the ports are known, before a broker runs. */
  readonly prepare?: (ports: readonly number[]) => Promise<void>;
  /** Names of more listeners, for clients that log in or speak TLS; what they speak stands in `settings`. */
  readonly listeners?: readonly string[];
  /** Users that log in with SCRAM, by name: passwords. */
  readonly scramUsers?: Readonly<Record<string, string>>;
}

interface Broker {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  /** Of the listeners that were asked for, in their order. */
  readonly morePorts: readonly number[];
  process: ChildProcess | undefined;
}

/**
 * One or three real Kafka brokers as processes on loopback (KRaft, each one broker and controller). Jars and Java: KAFKA_LIBS and
 * JAVA (`test/servers/kafka.sh` prints them). Ends only the processes it started.
 */
export class RealKafka {
  readonly #folder: string;
  readonly #options: RealKafkaOptions;
  #brokers: readonly Broker[] = [];

  constructor(folder: string, options: RealKafkaOptions = {}) {
    this.#folder = folder;
    this.#options = options;
    mkdirSync(folder, { recursive: true });
  }

  /** Addresses to connect to. */
  get addresses(): readonly string[] {
    const { advertise = (port: number) => port } = this.#options;
    return this.#brokers.map(({ port }) => `127.0.0.1:${advertise(port)}`);
  }

  /** Addresses of a listener that was asked for. */
  addressesOf(listener: string): readonly string[] {
    const at = this.#options.listeners?.indexOf(listener) ?? -1;
    return this.#brokers.map(({ morePorts }) => `127.0.0.1:${morePorts[at]}`);
  }

  /** Formats the storage, starts all brokers and waits until they answer. */
  async start(): Promise<void> {
    const brokers: Broker[] = [];
    for (let id = 1; id <= (this.#options.brokers ?? 1); id++) {
      const morePorts: number[] = [];
      for (const _ of this.#options.listeners ?? []) morePorts.push(await freePort());
      brokers.push({ id, port: await freePort(), controllerPort: await freePort(), morePorts, process: undefined });
    }
    this.#brokers = brokers;
    const scram = Object.entries(this.#options.scramUsers ?? {}).flatMap(([name, password]) =>
      ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((hash) => ['--add-scram', `${hash}=[name=${name},password=${password}]`]),
    );
    await this.#options.prepare?.(brokers.map(({ port }) => port));
    for (const broker of brokers) {
      writeFileSync(this.#file(broker), this.#properties(broker));
      run(['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', this.#file(broker), ...scram]);
    }
    for (const { id } of brokers) this.startBroker(id);
    await this.ready();
  }

  startBroker(id: number): void {
    const broker = this.#broker(id);
    const heap = `-Xmx${this.#options.heapMb ?? 384}m`;
    const output = openSync(path.join(this.#folder, `broker-${id}.log`), 'a');
    const args = [heap, '-XX:+UseSerialGC', '-cp', classes(), 'kafka.Kafka', this.#file(broker)];
    broker.process = spawn(java(), args, { stdio: ['ignore', output, output] });
  }

  /** Resolves once every broker that runs is known to the cluster, and every partition has all its replicas in sync. */
  async ready(): Promise<void> {
    for (const startedMs = Date.now(); ; await sleep(300)) {
      if (await this.isWhole()) return;
      const ended = this.#brokers.find(({ process }) => process && process.exitCode !== null);
      if (ended || Date.now() - startedMs > readyMs)
        throw new Error(`Kafka ${ended ? 'ended' : 'is not ready'}:\n${this.#said(ended?.id ?? 1)}`);
    }
  }

  async isWhole(): Promise<boolean> {
    const admin = this.client().admin();
    try {
      await admin.connect();
      const { brokers } = await admin.describeCluster();
      if (brokers.length < this.#brokers.filter(({ process }) => process).length) return false;
      const { topics } = await admin.fetchTopicMetadata();
      return topics.every(({ partitions }) => partitions.every(({ isr, replicas }) => isr.length === replicas.length));
    } catch {
      return false;
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  /** A client of the test's own. */
  client(): Kafka {
    return new Kafka({
      clientId: 'test',
      brokers: [...this.addresses],
      logLevel: logLevel.NOTHING,
      retry: { retries: 2, initialRetryTime: 200 },
    });
  }

  async createTopic(topic: string, numPartitions: number, settings: Readonly<Record<string, string>> = {}): Promise<void> {
    const admin = this.client().admin();
    await admin.connect();
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    const replicationFactor = this.#brokers.length;
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions, replicationFactor, configEntries }] });
    await admin.disconnect();
    // Another broker may not know of it for a moment.
    const partitions = async (): Promise<number> => {
      const asked = this.client().admin();
      await asked.connect();
      const found = await asked.fetchTopicMetadata({ topics: [topic] }).catch(() => ({ topics: [] }));
      await asked.disconnect();
      return found.topics[0]?.partitions.filter(({ leader, isr }) => leader >= 0 && isr.length === replicationFactor).length ?? 0;
    };
    for (let left = 50; left > 0 && (await partitions()) < numPartitions; left--) await sleep(200);
  }

  /** Ends a broker as a power cut would, or as an operator does. */
  async endBroker(id: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const broker = this.#broker(id);
    const child = broker.process;
    broker.process = undefined;
    await endProcess(child, signal);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#brokers.map(({ id }) => this.endBroker(id, 'SIGKILL')));
  }

  /** What Kafka's own measuring tool gets into a topic, MB (10^6 bytes) per second. */
  producerPerformance(topic: string, records: number, recordBytes: number): number {
    const properties = [
      `bootstrap.servers=${this.addresses.join(',')}`,
      'acks=all',
      'compression.type=none',
      'batch.size=131072',
    ];
    const text = run([
      'org.apache.kafka.tools.ProducerPerformance',
      ...['--topic', topic, '--num-records', String(records), '--record-size', String(recordBytes), '--throughput', '-1'],
      ...['--producer-props', ...properties],
    ]);
    const found = /, ([\d.]+) records\/sec[^\n]*\n?$/.exec(text.trim().split('\n').at(-1) ?? '');
    if (!found) throw new Error(`the tool said nothing that is understood:\n${text.slice(-1000)}`);
    return (Number(found[1]) * recordBytes) / 1e6;
  }

  #broker(id: number): Broker {
    const broker = this.#brokers.find((one) => one.id === id);
    if (!broker) throw new Error(`there is no broker ${id}`);
    return broker;
  }

  #file({ id }: Broker): string {
    return path.join(this.#folder, `broker-${id}.properties`);
  }

  #said(id: number): string {
    return readFileSync(path.join(this.#folder, `broker-${id}.log`), 'utf8').slice(-3000);
  }

  #properties({ id, port, controllerPort, morePorts }: Broker): string {
    const { settings = {}, advertise = (own: number) => own, listeners = [] } = this.#options;
    const more = listeners.map((name, i) => `,${name}://127.0.0.1:${morePorts[i]}`).join('');
    const replicas = String(this.#brokers.length);
    const inSync = String(Math.min(2, this.#brokers.length));
    const lines = {
      'process.roles': 'broker,controller',
      'node.id': String(id),
      'controller.quorum.voters': this.#brokers.map((one) => `${one.id}@127.0.0.1:${one.controllerPort}`).join(','),
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${more}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${advertise(port)}${more}`,
      'controller.listener.names': 'CONTROLLER',
      'log.dirs': path.join(this.#folder, `broker-${id}`),
      'offsets.topic.replication.factor': replicas,
      'offsets.topic.num.partitions': '4',
      'transaction.state.log.replication.factor': replicas,
      'transaction.state.log.min.isr': inSync,
      'min.insync.replicas': inSync,
      'default.replication.factor': replicas,
      'auto.create.topics.enable': 'false',
      'group.initial.rebalance.delay.ms': '200',
      ...settings,
    };
    return Object.entries(lines)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');
  }
}

function needed(variable: 'JAVA' | 'KAFKA_LIBS'): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: run test/servers/kafka.sh`);
  return value;
}

const java = (): string => needed('JAVA');
const classes = (): string => `${needed('KAFKA_LIBS')}/*`;

/** Runs a class of Kafka's to its end. @returns what it wrote */
function run(args: readonly string[]): string {
  return execFileSync(java(), ['-Xmx512m', '-cp', classes(), ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
