import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RecordBatch } from '../../../src/core/log.ts';
import { Secret } from '../../../src/core/secret.ts';
import { openLog } from '../../../src/log/open-log.ts';
import { TransportSink } from '../../../src/sinks/kafka/transport-sink.ts';
import { RecordUnpacker } from '../../../src/sources/kafka/record-unpacker.ts';
import { FakeKafka } from '../../support/fake-kafka.ts';
import { idOf, makeClock, makeTile, readAll, type TestRecord } from '../../support/log-fixture.ts';

const signal = new AbortController().signal;
const key = new Secret(Buffer.alloc(32, 5));
const connection = { compression: 'none', idempotent: false, maxMessageBytes: undefined } as const;

describe('sinks/kafka/transport-sink', () => {
  let folder = '';
  let logs: Awaited<ReturnType<typeof openLog>>[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-transport-'));
    logs = [];
  });
  afterEach(async () => {
    for (const log of logs) await log.close();
    await rm(folder, { recursive: true });
  });

  const open = async (name: string) => {
    const log = await openLog({ name: 'events', directory: join(folder, name), clock: makeClock(), onLoss: () => undefined });
    logs.push(log);
    return log;
  };
  /** Records as a sink is given them: out of a log. */
  const stored = async (records: readonly TestRecord[]): Promise<RecordBatch> => {
    const log = await open('agent');
    await log.append(makeTile(records));
    const found = await readAll(await log.reader('sink.transport'));
    return { records: found.records, end: { segment: 1, offset: 0 } };
  };
  const sinkOf = (kafka: FakeKafka, client = kafka.client) =>
    new TransportSink({ topic: 'events', connection, client, channel: 'events', key });
  /** What a worker's log holds after it has read every partition. */
  const arrived = async (kafka: FakeKafka) => {
    const refused: string[] = [];
    const unpacker = new RecordUnpacker({ channel: 'events', key, refused: (problem) => refused.push(problem) });
    const log = await open('worker');
    for (let partition = 0; partition < kafka.partitions; partition++) {
      const { events } = unpacker.unpack(partition, kafka.of(partition), 0);
      if (events) await log.append(events);
    }
    return { ...(await readAll(await log.reader('any'))), refused };
  };

  it('brings records to a log elsewhere as they stood in the first one, dictionaries and all', async () => {
    const batch = await stored(
      Array.from({ length: 50 }, (_, id) => ({ id, filling: id * 20, matches: [id % 3], masks: [[0, 1, id]] })),
    );
    const kafka = new FakeKafka(4);
    const sink = sinkOf(kafka);
    await sink.open(signal);
    expect((await sink.write(batch, signal)).map(({ status }) => status)).to.deep.equal(batch.records.map(() => 'delivered'));
    const { records, refused } = await arrived(kafka);
    expect(refused).to.deep.equal([]);
    const sorted = [...records].sort((a, b) => idOf(a) - idOf(b));
    const shown = (all: typeof records) =>
      all.map(({ digest, context, plan, matches, masks, offset }) => ({ digest, context, plan, matches, masks, offset }));
    expect(shown(sorted)).to.deep.equal(shown(batch.records));
    expect(new Set(kafka.messages.map(({ partition }) => partition)).size).to.be.greaterThan(1);
    expect(kafka.messages.length, 'one message holds many records').to.be.at.most(4);
  });

  it('sends a record larger than a message in chunks, beside others of ordinary size', async () => {
    const batch = await stored([{ id: 1 }, { id: 2, filling: 100_000 }, { id: 3 }]);
    const kafka = new FakeKafka();
    kafka.maxMessageBytes = 20_000;
    const sink = sinkOf(kafka);
    const outcomes = await sink.write(batch, signal);
    expect(outcomes.every(({ status }) => status === 'delivered')).to.equal(true);
    expect(kafka.messages.length).to.be.greaterThan(5);
    const { ids, refused } = await arrived(kafka);
    expect([ids, refused]).to.deep.equal([[1, 2, 3], []]);
  });

  it('says which records are not there yet, and brings the rest in their order', async () => {
    const batch = await stored([{ id: 1 }, { id: 2 }, { id: 3 }]);
    const kafka = new FakeKafka();
    kafka.isAway = true;
    const sink = sinkOf(kafka);
    const outcomes = await sink.write(batch, signal);
    expect(outcomes.map((outcome) => outcome.status === 'errored' && outcome.fault.code)).to.deep.equal(
      batch.records.map(() => 'E_KAFKA_UNREACHABLE'),
    );
    kafka.isAway = false;
    await sink.write(batch, signal);
    expect((await arrived(kafka)).ids).to.deep.equal([1, 2, 3]);
  });

  it('is not opened by a worker with another key, and leaves nothing of it in the log', async () => {
    const batch = await stored([{ id: 1 }]);
    const kafka = new FakeKafka();
    const other = new TransportSink({
      topic: 'x',
      connection,
      client: kafka.client,
      channel: 'events',
      key: new Secret(Buffer.alloc(32, 6)),
    });
    await other.write(batch, signal);
    const { ids, refused } = await arrived(kafka);
    expect([ids, refused]).to.deep.equal([[], ['mac']]);
  });
});
