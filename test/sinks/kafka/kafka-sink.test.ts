import { expect } from 'chai';
import { type KafkaSinkConfig, kafkaSink } from '../../../src/config/sinks/kafka.ts';
import { partitionOf } from '../../../src/kafka/murmur2.ts';
import { KafkaSink } from '../../../src/sinks/kafka/kafka-sink.ts';
import { FakeKafka } from '../../support/fake-kafka.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { contractBatch, contractId } from '../contract-records.ts';
import { sinkContract } from '../sink-contract.ts';

const signal = new AbortController().signal;
const options = (more: Partial<KafkaSinkConfig> = {}): KafkaSinkConfig => ({
  ...kafkaSink.options.parse({ type: 'kafka', brokers: ['192.0.2.1:9092'], topic: 'audit' }),
  ...more,
});

describe('sinks/kafka/kafka-sink', () => {
  it('writes events under cluster and audit ID, with headers, to the partition of the key', async () => {
    const kafka = new FakeKafka(5);
    const sink = new KafkaSink(options({ content: 'events' }), testSinkContext(), kafka.client);
    await sink.open(signal);
    await sink.write(contractBatch('events', 0, 20), signal);
    for (const { key, partition, headers, value } of kafka.messages) {
      const { auditID } = JSON.parse(Buffer.from(value).toString()) as { auditID: string };
      expect(key?.split('/')[1]).to.equal(auditID);
      expect(partition).to.equal(partitionOf(key ?? '', 5));
      expect(headers).to.have.keys('type', 'cluster', 'digest');
    }
    expect(new Set(kafka.messages.map(({ partition }) => partition)).size).to.be.greaterThan(2);
  });

  it('writes findings under their id, in the format asked for', async () => {
    const kafka = new FakeKafka();
    const sink = new KafkaSink(options({ format: 'falco' }), testSinkContext(), kafka.client);
    await sink.open(signal);
    await sink.write(contractBatch('findings', 3, 1), signal);
    const [message] = kafka.messages;
    expect(message?.key).to.equal(contractId(3));
    expect(message?.headers).to.deep.equal({ type: 'finding', cluster: 'lab' });
    expect(JSON.parse(Buffer.from(message?.value ?? []).toString())).to.include({ source: 'k8s_audit' });
  });

  it('learns again how large messages may be where the broker takes less than before', async () => {
    const kafka = new FakeKafka();
    const sink = new KafkaSink(options({ content: 'events' }), testSinkContext(), kafka.client);
    await sink.open(signal);
    kafka.maxMessageBytes = 5_000;
    const outcomes = await sink.write(contractBatch('events', 0, 30), signal);
    expect(outcomes.every(({ status }) => status === 'delivered')).to.equal(true);
    expect(kafka.messages).to.have.length(30);
  });
});

for (const content of ['events', 'findings'] as const)
  sinkContract(
    'sinks/kafka/kafka-sink',
    () => {
      const kafka = new FakeKafka();
      const set = (how: Partial<FakeKafka>): Promise<void> => {
        Object.assign(kafka, how);
        return Promise.resolve();
      };
      return Promise.resolve({
        make: (notices) => new KafkaSink(options({ content }), testSinkContext(notices), kafka.client),
        received: () => Promise.resolve(kafka.messages.map(({ value }) => Buffer.from(value).toString())),
        forget: () => Promise.resolve(void kafka.messages.splice(0)),
        fail: () => set({ isAway: true }),
        recover: () => set({ isAway: false }),
        limit: (maxMessageBytes) => set({ maxMessageBytes }),
        hang: () => set({ isSlow: true }),
        close: () => set({ isSlow: false }),
      });
    },
    { content },
  );
