import kafkajs, { type AclOperationTypes } from 'kafkajs';
import { Fault } from '../../../src/core/faults.ts';
import type { KafkaClient, KafkaProducer } from '../../../src/kafka/kafka-client.ts';
import { until } from '../../support/until.ts';
import { check } from '../check.ts';
import type { RealKafka } from './real-kafka.ts';

const { AclOperationTypes: Operation, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;
const topic = 'rights';
/** Of a batch that was written by a producer without a session. */
const noProducer = '-1';

/**
 * A user who may look at a topic but not write to it. A producer with a session is refused one then, and the library would write
 * without it as soon as the topic may be written to: ours must connect anew first.
 */
export async function rights(kafka: RealKafka, client: KafkaClient, user: string): Promise<void> {
  await kafka.createTopic(topic, 1);
  await grant(kafka, user, Operation.DESCRIBE);
  await until('the user sees the topic', async () => (await partitionsSeen(client)) === 1, 20_000);
  const producer = client.producer({ compression: 'none', idempotent: true });
  for (const time of ['first', 'second'])
    check(
      (await sent(producer)) === 'E_KAFKA_DENIED IdempotentWrite',
      `a session of a producer is refused, the ${time} time too`,
    );
  const plain = client.producer({ compression: 'none', idempotent: false });
  check((await sent(plain)) === 'E_KAFKA_DENIED Write', 'and so is writing without one');
  await plain.close();
  await grant(kafka, user, Operation.WRITE);
  await until('the same producer writes once it may', async () => (await sent(producer)) === 'ok', 20_000);
  await producer.close();
  const producers = await producersOf(kafka);
  check(producers.length === 1 && producers[0] !== noProducer, `what it wrote has a session: ${producers.join(', ')}`);
}

const partitionsSeen = (client: KafkaClient): Promise<number> =>
  client.describe(topic).then(
    ({ partitions }) => partitions,
    () => 0,
  );

async function grant(kafka: RealKafka, user: string, operation: AclOperationTypes): Promise<void> {
  const admin = kafka.client().admin();
  await admin.connect();
  const acl = {
    resourceType: AclResourceTypes.TOPIC,
    resourceName: topic,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: `User:${user}`,
    host: '*',
    operation,
    permissionType: AclPermissionTypes.ALLOW,
  };
  await admin.createAcls({ acl: [acl] });
  await admin.disconnect();
}

/** `ok`, or the code of the fault and the right that its remedy names. */
async function sent(producer: KafkaProducer): Promise<string> {
  try {
    await producer.send(topic, 0, [{ key: null, value: Buffer.from('x') }]);
    return 'ok';
  } catch (error) {
    if (!(error instanceof Fault)) return String(error);
    return `${error.code} ${/\w*Write/.exec(error.remedy ?? '')?.[0] ?? error.remedy}`;
  }
}

/** Which producers wrote the records of the topic. */
async function producersOf(kafka: RealKafka): Promise<readonly string[]> {
  const consumer = kafka.client().consumer({ groupId: 'rights' });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const found = await new Promise<string[]>((resolve, reject) => {
    const eachBatch = async ({ batch }: { batch: { messages: readonly object[] } }): Promise<void> =>
      resolve(
        batch.messages.map((message) => String((message as { batchContext?: { producerId: unknown } }).batchContext?.producerId)),
      );
    consumer.run({ eachBatch }).catch(reject);
  });
  await consumer.disconnect();
  return found;
}
