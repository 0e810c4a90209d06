import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { delivered } from '../../src/core/delivery.ts';
import type { RecordBatch } from '../../src/core/log.ts';
import { Secret } from '../../src/core/secret.ts';
import { KafkajsClient } from '../../src/kafka/kafkajs-client.ts';
import { openLog } from '../../src/log/open-log.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { TransportSink } from '../../src/sinks/kafka/transport-sink.ts';
import { KafkaSource } from '../../src/sources/kafka/kafka-source.ts';
import { RealKafka } from '../../test/integration/kafka/real-kafka.ts';
import { benchEngine } from '../cases/engine.ts';
import { eachTile } from '../cases/tiles.ts';
import { corpusFile } from '../corpus.ts';
import { spreadOf } from '../measure.ts';

/**
 * What goes through one real broker, uncompressed, acks=all: masked records of the mixed corpus out of a log, and beside it what
 * Kafka's own measuring tool writes in the same run with messages of the same mean size. JAVA and KAFKA_LIBS: test/servers/kafka.sh.
 *
 *   npm run bench:kafka -- [rounds]
 */
const rounds = Number(process.argv[2] ?? 3);
const megabytes = 100;
const partitions = 6;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-bench-kafka-'));
const key = new Secret(Buffer.alloc(32, 1));
const clock = { nowMs: () => Date.now() };
const logOf = (name: string): Promise<SegmentLog> =>
  openLog({ name: 'events', directory: path.join(folder, name), clock, batchBytes: 4 * 1024 * 1024 });

interface Passed {
  readonly events: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function timed(work: () => Promise<Pick<Passed, 'events' | 'bytes'>>): Promise<Passed> {
  const [startedMs, cpu] = [performance.now(), process.cpuUsage()];
  const passed = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { ...passed, seconds: (performance.now() - startedMs) / 1000, cpuSeconds: (user + system) / 1e6 };
}

/** Sends everything that the log holds. */
function send(log: SegmentLog, client: KafkajsClient, topic: string, name: string): Promise<Passed> {
  const connection = { compression: 'none', idempotent: false, maxMessageBytes: undefined } as const;
  return timed(async () => {
    const sink = new TransportSink({ topic, connection, client: () => Promise.resolve(client), channel: 'events', key });
    const { signal } = new AbortController();
    await sink.open(signal);
    const reader = await log.reader(name, { reuse: true });
    let events = 0;
    let bytes = 0;
    const write = async (batch: RecordBatch): Promise<void> => {
      const outcomes = await sink.write(batch, signal);
      if (outcomes.some(({ status }) => status !== 'delivered')) throw new Error('the broker did not take a batch');
      events += batch.records.length;
      for (const { payload } of batch.records) bytes += payload.length;
    };
    for await (const batch of reader.read(signal, { follow: false })) await write(batch);
    await reader.close();
    await sink.close();
    return { events, bytes };
  });
}

/** Reads a topic into another log, synced, until so many records are there. */
function receive(client: KafkajsClient, topic: string, round: number, expected: number): Promise<Passed> {
  return timed(async () => {
    const log = await logOf(`worker-${round}`);
    const stop = new AbortController();
    const source = new KafkaSource({
      ...{
        topic,
        group: `bench-${round}`,
        sessionTimeoutMs: 30_000,
        client: () => Promise.resolve(client),
        clock,
        channel: 'events',
        key,
      },
      refused: (problem) => say(`refused: ${problem}`),
      away: (fault) => say(`away: ${fault.message}`),
    });
    let events = 0;
    let bytes = 0;
    for await (const { records, settle } of source.records(stop.signal)) {
      void log.append(records).then(() => {
        settle(delivered);
        events += records.count;
        bytes += records.bytes.length;
        if (events >= expected) stop.abort();
      });
    }
    await source.close();
    await log.close();
    return { events, bytes };
  });
}

const kafka = new RealKafka(path.join(folder, 'kafka'), { heapMb: 1024 });
try {
  const { inspector } = await benchEngine('standard');
  const log = await logOf('agent');
  const file = corpusFile(path.join(root, 'bench/corpus'), megabytes);
  const appends: Promise<unknown>[] = [];
  eachTile(file, (tile) => void appends.push(log.append(inspector.inspect(tile))));
  await Promise.all(appends);
  await kafka.start();
  const client = new KafkajsClient({
    brokers: kafka.addresses,
    clientId: 'bench',
    connectTimeoutMs: 5_000,
    requestTimeoutMs: 30_000,
  });
  const sent: Passed[] = [];
  const received: Passed[] = [];
  const tool: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const topic = `round-${round}`;
    await kafka.createTopic(topic, partitions);
    const one = await send(log, client, topic, topic);
    const back = await receive(client, topic, round, one.events);
    const perRecord = Math.round(one.bytes / one.events);
    const theirs = kafka.producerPerformance(topic, one.events, perRecord);
    // The first round warms up: the broker's compiler has not seen its code yet.
    if (round === 0) continue;
    sent.push(one);
    received.push(back);
    tool.push(theirs);
    const rate = ({ bytes, seconds }: Passed): string => `${(bytes / 1e6 / seconds).toFixed(1)} MB/s`;
    say(
      `round ${round}: sent ${rate(one)}, ${Math.round(one.events / one.seconds)} events/s; taken in ${rate(back)}; tool ${theirs.toFixed(1)} MB/s (${perRecord} bytes a message)`,
    );
  }
  const median = (values: readonly number[]): number => spreadOf(values).median;
  const eventRate = median(sent.map(({ events, seconds }) => events / seconds));
  const ours = median(sent.map(({ bytes, seconds }) => bytes / 1e6 / seconds));
  const takenRate = median(received.map(({ events, seconds }) => events / seconds));
  const perCpu = median(sent.map(({ bytes, cpuSeconds }) => bytes / 1e6 / cpuSeconds));
  const share = ours / median(tool);
  say(
    `sent ${Math.round(eventRate)} events/s, ${ours.toFixed(1)} MB/s (${perCpu.toFixed(0)} MB/CPU-s); taken in ${Math.round(takenRate)} events/s`,
  );
  say(`the tool ${median(tool).toFixed(1)} MB/s: we reach ${Math.round(share * 100)} % of it`);
  process.exitCode = eventRate >= 20_000 && share >= 0.5 ? 0 : 1;
} finally {
  await kafka.stop();
  rmSync(folder, { recursive: true, force: true });
}
