import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../../src/core/faults.ts';
import type { KafkaConnection } from '../../../src/kafka/connection.ts';
import type { ConsumerHandler, IncomingBatch, KafkaConsumer } from '../../../src/kafka/kafka-client.ts';
import { KafkajsClient } from '../../../src/kafka/kafkajs-client.ts';
import { partitionOf } from '../../../src/kafka/murmur2.ts';
import { check, tell } from '../check.ts';
import { RealKafka } from './real-kafka.ts';

/** Our client interface against one real broker: what sink, source and roles stand on. */
const faultOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof Fault ? error.code : `no fault: ${String(error)}`),
  );

async function until(holds: () => boolean, seconds = 20): Promise<boolean> {
  for (const startedMs = Date.now(); Date.now() - startedMs < seconds * 1000; await sleep(50)) if (holds()) return true;
  return false;
}

/** A handler that keeps what comes. */
function collector() {
  const values: string[] = [];
  const joins: (readonly number[])[] = [];
  let last: IncomingBatch | undefined;
  let failures = 0;
  const handler: ConsumerHandler = {
    assigned: (partitions) => Promise.resolve(void joins.push(partitions)),
    batch: (batch) => {
      last = batch;
      values.push(...batch.messages.map(({ value }) => Buffer.from(value ?? []).toString('utf8')));
      return Promise.resolve();
    },
    failed: () => void failures++,
  };
  return { values, joins, handler, last: () => last, failures: () => failures };
}

const connectionOf = (brokers: readonly string[], more: Partial<KafkaConnection> = {}): KafkaConnection => ({
  brokers,
  clientId: 'auditveil',
  connectTimeoutMs: 3_000,
  requestTimeoutMs: 10_000,
  ...more,
});

const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-kafka-'));
const kafka = new RealKafka(folder);
const consumerOptions = { topic: 'events', group: 'g', concurrency: 2, partitionBytes: 1_048_576, sessionTimeoutMs: 6_000 };

async function produceAndConsume(): Promise<void> {
  const client = new KafkajsClient(connectionOf(kafka.addresses));
  const facts = await client.describe('events');
  check(facts.partitions === 3 && facts.maxMessageBytes === 300_000, 'partitions and size limit of a topic are learnt');
  check((await faultOf(client.describe('nothing'))) === 'E_KAFKA_TOPIC', 'a topic that does not exist is said to be that');
  for (const compression of ['none', 'gzip', 'zstd'] as const) {
    for (const idempotent of [false, true]) {
      const producer = client.producer({ compression, idempotent });
      const sent = await faultOf(producer.send('events', 1, [{ key: 'k', value: Buffer.from(`${compression} ${idempotent}`) }]));
      const isKnown = compression !== 'zstd' || 'zstdCompress' in (await import('node:zlib'));
      check(sent === (isKnown ? 'none' : 'E_KAFKA_COMPRESSION'), `${compression}, idempotent ${idempotent}: ${sent}`);
      const large = await faultOf(
        producer.send('events', 1, [{ key: null, value: Buffer.alloc(400_000, Math.random().toString(36)) }]),
      );
      if (compression === 'none') check(large === 'E_KAFKA_TOO_LARGE', `a message over the limit is refused for that (${large})`);
      await producer.close();
    }
  }
  await consumeTwice(client);
}

/** A member that has joined. One that fails is given up for a new one, as the roles do: a broker that is new still makes its topic of offsets. */
async function joined(client: KafkajsClient, seen: ReturnType<typeof collector>): Promise<KafkaConsumer> {
  for (let left = 10; ; left--) {
    const consumer = client.consumer(consumerOptions);
    const before = seen.failures();
    const fault = await faultOf(consumer.run(seen.handler));
    await until(() => seen.joins.length > 0 || seen.failures() > before || fault !== 'none');
    if (seen.joins.length > 0 || left === 0) return consumer;
    await consumer.close();
  }
}

async function consumeTwice(client: KafkajsClient): Promise<void> {
  const seen = collector();
  const consumer = await joined(client, seen);
  check(
    await until(() => seen.values.includes('none true') && seen.values.includes('gzip false')),
    'a consumer reads what was sent',
  );
  check(seen.joins[0]?.length === 3, 'and is told its partitions');
  await consumer.commit([{ partition: 1, offset: 2n, note: 'from 1' }]);
  const committed = (await consumer.committed()).get(1);
  check(committed?.offset === 2n && committed.note === 'from 1', 'an offset comes back with its note');
  consumer.seek(1, 1n);
  const before = seen.values.length;
  check(await until(() => seen.values.length > before), 'a partition is read again from where it is sought');
  const other = collector();
  const second = client.consumer(consumerOptions);
  await second.run(other.handler);
  check(
    await until(() => (other.joins.at(-1)?.length ?? 0) > 0 && (seen.joins.at(-1)?.length ?? 3) < 3),
    'a second member takes some of them',
  );
  await consumer.close();
  check(await until(() => other.joins.at(-1)?.length === 3), 'and all of them once the first has gone');
  check((await second.committed()).get(1)?.offset === 2n, "the committed offset is the group's");
  await second.close();
}

async function brokerAway(): Promise<void> {
  const client = new KafkajsClient(connectionOf(kafka.addresses));
  const producer = client.producer({ compression: 'none', idempotent: true });
  await producer.send('events', 0, [{ key: null, value: Buffer.from('before') }]);
  await kafka.endBroker(1, 'SIGKILL');
  const away = await faultOf(producer.send('events', 0, [{ key: null, value: Buffer.from('while away') }]));
  check(away === 'E_KAFKA_UNREACHABLE' || away === 'E_KAFKA_TIMEOUT', `without a broker a send fails as unreachable (${away})`);
  kafka.startBroker(1);
  await kafka.ready();
  check(
    (await faultOf(producer.send('events', 0, [{ key: null, value: Buffer.from('after') }]))) === 'none',
    'and works once it is back',
  );
  const fresh = client.producer({ compression: 'none', idempotent: true });
  check(
    (await faultOf(fresh.send('events', 0, [{ key: null, value: Buffer.from('fresh') }]))) === 'none',
    'for a new producer too',
  );
  await fresh.close();
  await producer.close();
}

async function partitioner(): Promise<void> {
  const producer = kafka.client().producer();
  await producer.connect();
  const keys = Array.from({ length: 20 }, (_, i) => `cluster/audit-id-${i}`);
  const wrong: string[] = [];
  for (const key of keys) {
    const [answer] = await producer.send({ topic: 'events', messages: [{ key, value: 'x' }] });
    if (answer?.partition !== partitionOf(key, 3)) wrong.push(key);
  }
  check(wrong.length === 0, 'keys go to the partitions that other clients choose');
  await producer.disconnect();
}

async function story(): Promise<void> {
  await kafka.start();
  await kafka.createTopic('events', 3, { 'max.message.bytes': '300000' });
  await produceAndConsume();
  await partitioner();
  await brokerAway();
}

await tell(story, async () => {
  await kafka.stop();
  rmSync(folder, { recursive: true, force: true });
});
