import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { delivered, errored, type RecordDelivery } from '../../../src/core/delivery.ts';
import { Fault } from '../../../src/core/faults.ts';
import { Secret } from '../../../src/core/secret.ts';
import { splitMessage } from '../../../src/kafka/chunks.ts';
import { sealEnvelope } from '../../../src/kafka/envelope.ts';
import { ParcelPacker } from '../../../src/kafka/record-parcel.ts';
import { encodeEntries } from '../../../src/log/record-encoder.ts';
import { KafkaSource } from '../../../src/sources/kafka/kafka-source.ts';
import { contractFinding } from '../../sinks/contract-records.ts';
import { FakeKafka } from '../../support/fake-kafka.ts';
import { contextDictionary, makeTile, planDictionary } from '../../support/log-fixture.ts';
import { until } from '../../support/until.ts';

const key = new Secret(Buffer.alloc(32, 5));

function sealed(ids: readonly number[], of = key): Uint8Array {
  const tile = makeTile(ids.map((id) => ({ id })));
  return sealEnvelope(
    'records',
    'events',
    new ParcelPacker()
      .parts([tile.bytes], [planDictionary, contextDictionary])
      .map((part, i) => (i === 0 ? counted(part, ids.length) : part)),
    of,
  );
}

/** The packer counts pieces of bytes as records: here one piece holds several. */
function counted(head: Uint8Array, count: number): Uint8Array {
  const made = head.slice();
  new DataView(made.buffer).setUint32(4, count, true);
  return made;
}

function started(kafka = new FakeKafka(2)) {
  const refused: string[] = [];
  const away: string[] = [];
  const taken: RecordDelivery[] = [];
  const stop = new AbortController();
  const source = new KafkaSource({
    ...{
      topic: 't',
      group: 'g',
      sessionTimeoutMs: 6_000,
      client: kafka.client,
      clock: { nowMs: Date.now },
      channel: 'events',
      key,
    },
    refused: (problem, partition, offset) => refused.push(`${problem} ${partition}:${offset}`),
    away: ({ code }) => away.push(code),
  });
  const reading = (async () => {
    for await (const delivery of source.records(stop.signal)) taken.push(delivery);
  })();
  const put = (value: Uint8Array, partition = 0): void => void kafka.messages.push({ key: null, value, partition });
  const end = async (): Promise<void> => {
    stop.abort();
    await reading;
    await source.close();
  };
  return { kafka, refused, away, taken, put, end, stop };
}

describe('sources/kafka/kafka-source', () => {
  it('commits an offset only once the log has what stands before it', async () => {
    const { kafka, taken, put, end } = started();
    await until('it happens', () => kafka.handler !== undefined, 5_000, 5);
    await kafka.handler?.assigned([0, 1]);
    put(sealed([1, 2]));
    put(sealed([3]));
    const done = kafka.handler?.batch(kafka.batch(0));
    await until('it happens', () => taken.length === 1, 5_000, 5);
    expect(taken[0]?.records.count).to.equal(3);
    await sleep(20);
    expect(kafka.committed.size).to.equal(0);
    taken[0]?.settle(delivered);
    await done;
    expect(kafka.committed.get(0)?.offset).to.equal(2n);
    await end();
  });

  it('hands over again what the log refused', async () => {
    const { kafka, taken, put, end } = started();
    await until('it happens', () => kafka.handler !== undefined, 5_000, 5);
    put(sealed([1]));
    const done = kafka.handler?.batch(kafka.batch(0));
    await until('it happens', () => taken.length === 1, 5_000, 5);
    taken[0]?.settle(errored(new Fault('full', { code: 'E_LOG_FULL', retryable: true })));
    await until('it happens', () => taken.length === 2, 5_000, 5);
    expect(taken[1]?.records).to.equal(taken[0]?.records);
    taken[1]?.settle(delivered);
    await done;
    await end();
  });

  it('commits nothing of a partition that another worker has by the time the log has it', async () => {
    const { kafka, taken, put, end } = started();
    await until('it happens', () => kafka.handler !== undefined, 5_000, 5);
    await kafka.handler?.assigned([0]);
    put(sealed([1]));
    const done = kafka.handler?.batch(kafka.batch(0));
    await until('it happens', () => taken.length === 1, 5_000, 5);
    await kafka.handler?.assigned([1]);
    taken[0]?.settle(delivered);
    await done;
    await end();
    expect(kafka.committed.size).to.equal(0);
  });

  it('takes nothing that no agent made, says where it stood, and goes on behind it', async () => {
    const { kafka, refused, taken, put, end } = started();
    await until('it happens', () => kafka.handler !== undefined, 5_000, 5);
    put(sealed([1], new Secret(Buffer.alloc(32, 6))));
    put(Buffer.from('{"auditID":"raw","requestObject":{"data":{"password":"PLANTED"}}}'));
    put(sealed([2]));
    const done = kafka.handler?.batch(kafka.batch(0));
    await until('it happens', () => taken.length === 1, 5_000, 5);
    expect(taken[0]?.records.count).to.equal(1);
    expect(Buffer.from(taken[0]?.records.bytes ?? []).includes('PLANTED')).to.equal(false);
    taken[0]?.settle(delivered);
    await done;
    expect(refused).to.deep.equal(['mac 0:0', 'version 0:1']);
    expect(kafka.committed.get(0)?.offset).to.equal(3n);
    await end();
  });

  it('holds its place before a record of which pieces are missing', async () => {
    const { kafka, taken, put, end } = started();
    await until('it happens', () => kafka.handler !== undefined, 5_000, 5);
    const whole = sealed([7]);
    const chunks = [...splitMessage(whole, whole.subarray(-32), 100)].map((parts) => sealEnvelope('chunk', 'events', parts, key));
    put(sealed([1]));
    for (const chunk of chunks.slice(0, -1)) put(chunk);
    const first = kafka.handler?.batch(kafka.batch(0));
    await until('it happens', () => taken.length === 1, 5_000, 5);
    taken[0]?.settle(delivered);
    await first;
    expect(kafka.committed.get(0)?.offset).to.equal(1n);
    put(chunks.at(-1) as Uint8Array);
    const second = kafka.handler?.batch(kafka.batch(0, kafka.of(0).slice(-1)));
    await until('it happens', () => taken.length === 2, 5_000, 5);
    taken[1]?.settle(delivered);
    await second;
    await end();
    expect(kafka.committed.get(0)?.offset).to.equal(BigInt(chunks.length + 1));
  });

  it('brings findings of agents to the log of findings', async () => {
    const { kafka, taken, put, end } = started();
    await until('it happens', () => kafka.handler !== undefined, 5_000, 5);
    const { bytes } = encodeEntries([{ type: 'finding', value: contractFinding(1) as never, receivedAtUs: 1 }]);
    put(sealEnvelope('records', 'events', new ParcelPacker().parts([bytes], []), key));
    const done = kafka.handler?.batch(kafka.batch(0));
    await until('it happens', () => taken.length === 1, 5_000, 5);
    expect([taken[0]?.log, taken[0]?.records.count]).to.deep.equal(['findings', 1]);
    taken[0]?.settle(delivered);
    await done;
    await end();
  });

  it('waits for brokers that are away, and ends while it waits', async () => {
    const kafka = new FakeKafka();
    kafka.isAway = true;
    const { away, end } = started(kafka);
    await until('it happens', () => away.length > 0, 5_000, 5);
    expect(away[0]).to.equal('E_KAFKA_UNREACHABLE');
    kafka.isAway = false;
    await until('it happens', () => kafka.handler !== undefined, 5_000, 5);
    kafka.handler?.failed(new Error('crashed'));
    await until('it happens', () => away.length > 1, 5_000, 5);
    await end();
  });

  it('ends though records that it handed over were never taken', async () => {
    const { kafka, put, end, stop } = started();
    await until('it happens', () => kafka.handler !== undefined, 5_000, 5);
    put(sealed([1]));
    stop.abort();
    const done = kafka.handler?.batch(kafka.batch(0)).then(
      () => 'taken',
      (error: unknown) => (error as Fault).code,
    );
    expect(await done).to.equal('E_KAFKA_INTERRUPTED');
    await end();
  });
});
