import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { s3Sink } from '../../../src/config/sinks/s3.ts';
import type { Outcome } from '../../../src/core/delivery.ts';
import { Fault } from '../../../src/core/faults.ts';
import type { MaskedRecord } from '../../../src/core/record.ts';
import { encodeLines } from '../../../src/sinks/s3/encode-lines.ts';
import { makeS3Sink } from '../../../src/sinks/s3/make-s3-sink.ts';
import { S3Sink, type S3SinkOptions } from '../../../src/sinks/s3/s3-sink.ts';
import { maskedRecord } from '../../support/masked-record.ts';
import { S3Fake } from '../../support/s3-fake.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { sinkContract } from '../sink-contract.ts';

const signal = new AbortController().signal;
const startUs = Date.UTC(2026, 4, 4, 10, 15) * 1000;
const hourUs = 3_600_000_000;

function record(n: number, receivedAtUs = startUs + n): MaskedRecord {
  return maskedRecord({ n }, { digest: n.toString(16).padStart(32, '0'), receivedAtUs });
}
const records = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => record(from + i));
const batch = (list: readonly MaskedRecord[]) => ({ records: list, end: { segment: 1, offset: 1 } });
const statuses = (outcomes: readonly Outcome[]) => outcomes.map(({ status }) => status);

describe('sinks/s3', () => {
  let fake = new S3Fake();
  beforeEach(() => {
    fake = new S3Fake();
  });

  async function sink(more: Partial<S3SinkOptions> = {}) {
    const made = new S3Sink({
      endpoint: 'https://s3.example.com',
      region: 'eu-central-1',
      bucket: 'audit',
      addressing: 'path',
      checksum: 'md5',
      partBytes: 8 * 1024 * 1024,
      clock: { nowMs: () => startUs / 1000 },
      send: fake.send,
      sink: 's3',
      content: 'events',
      cluster: 'other',
      prefix: 'logs/{cluster}/date={date}/hour={hour}',
      extension: 'jsonl.gz',
      mediaType: 'application/x-ndjson',
      encode: encodeLines,
      needsRows: false,
      line: ({ payload }) => payload,
      credentials: () => Promise.resolve({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' }),
      ...more,
    });
    await made.open();
    return made;
  }

  /** Every record in the bucket by its number, in the order of objects. */
  const inBucket = () =>
    [...fake.objects.keys()].sort().flatMap((key) =>
      gunzipSync(fake.objects.get(key)!.body)
        .toString()
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { n: number }).n),
    );

  it('stores a batch as one object whose name says cluster, date and hour', async () => {
    const made = await sink();
    expect(statuses(await made.write(batch(records(0, 3)), signal))).to.deep.equal(['delivered', 'delivered', 'delivered']);
    expect([...fake.objects.keys()]).to.deep.equal([
      'logs/lab/date=2026-05-04/hour=10/20260504T101500.000000Z-s3-00000000000000000000000000000000.jsonl.gz',
    ]);
    expect(inBucket()).to.deep.equal([0, 1, 2]);
  });

  it('makes an object for each prefix of a batch', async () => {
    const made = await sink();
    await made.write(batch([record(0), record(1, startUs + hourUs), record(2)]), signal);
    expect([...fake.objects.keys()].map((key) => /hour=\d+/.exec(key)?.[0])).to.deep.equal(['hour=10', 'hour=11']);
    expect(inBucket()).to.deep.equal([0, 2, 1]);
  });

  it('finds after a crash what is there, however the batch is cut now', async () => {
    for (const mayRead of [true, false]) {
      for (const honoursIfNoneMatch of [true, false]) {
        fake = Object.assign(new S3Fake(), { mayRead, honoursIfNoneMatch });
        await (await sink()).write(batch(records(0, 4)), signal);
        const again = await sink();
        expect(statuses(await again.write(batch(records(0, 9)), signal))).to.deep.equal(Array(9).fill('delivered'));
        await again.write(batch(records(9, 12)), signal);
        const expected = Array.from({ length: 12 }, (_, n) => n);
        // Without the right to read nothing is lost; where the server tells that there is something, the first four come twice.
        if (mayRead || !honoursIfNoneMatch) expect(inBucket()).to.deep.equal(expected);
        else expect([...new Set(inBucket())].sort((a, b) => a - b)).to.deep.equal(expected);
      }
    }
  });

  it('writes the same once where an answer was lost', async () => {
    const made = await sink();
    await made.write(batch(records(0, 2)), signal);
    fake.stored = () => {
      throw new Fault('the connection was cut', { code: 'E_SINK_UNREACHABLE', retryable: true });
    };
    expect(statuses(await made.write(batch(records(2, 4)), signal))).to.deep.equal(['errored', 'errored']);
    fake.stored = () => undefined;
    expect(statuses(await made.write(batch(records(2, 5)), signal))).to.deep.equal(['delivered', 'delivered', 'delivered']);
    expect(inBucket()).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it('leaves an object alone that begins alike and holds other records', async () => {
    const first = await sink();
    await first.write(batch([record(0), record(7)]), signal);
    const other = await sink();
    for (let time = 0; time < 2; time++) await other.write(batch(records(0, 3)), signal);
    expect(inBucket()).to.deep.equal([0, 1, 2, 0, 7]);
  });

  it('sends a large object in parts, and gives up the parts of one that is refused', async () => {
    const made = await sink({ partBytes: 64 });
    const many = Array.from({ length: 200 }, (_, n) => record(n * 7919));
    await made.write(batch(many), signal);
    expect(inBucket()).to.deep.equal(many.map((_, n) => n * 7919));
    expect(fake.requests.filter((line) => line.startsWith('PUT partNumber')).length).to.be.greaterThan(2);
    fake.answer = (_request, call) =>
      call === 'POST uploadId' ? { status: 200, body: '<Error><Code>InternalError</Code></Error>' } : undefined;
    const outcomes = await made.write(batch(records(900, 1000)), signal);
    expect(new Set(statuses(outcomes))).to.deep.equal(new Set(['errored']));
    expect(fake.uploads.size).to.equal(0);
  });

  it('waits where the server is overloaded, and says what to do where it refuses', async () => {
    const made = await sink();
    fake.answer = (_request, call) =>
      call === 'HEAD' ? undefined : { status: 503, body: '<Error><Code>SlowDown</Code></Error>' };
    const [busy] = await made.write(batch(records(0, 1)), signal);
    expect(busy).to.include({ status: 'errored', retryAfterMs: 5000 });
    fake.answer = (_request, call) =>
      call === 'HEAD'
        ? undefined
        : { status: 403, body: '<Error><Code>AccessDenied</Code><Message>planted-by-server</Message></Error>' };
    const [denied] = await made.write(batch(records(0, 1)), signal);
    if (denied?.status !== 'errored') throw new Error('not errored');
    expect(denied.fault.remedy).to.contain('s3:PutObject');
    expect(`${denied.fault.message}${denied.fault.remedy}${denied.fault.stack}`).not.to.contain('planted');
  });

  it('reads the credentials again once they were refused', async () => {
    let reads = 0;
    const made = await sink({
      credentials: () => Promise.resolve({ accessKeyId: `AKIA${++reads}`, secretAccessKey: 's' }),
    });
    fake.answer = ({ headers }) => (headers['authorization']?.includes('AKIA1/') ? { status: 403 } : undefined);
    expect(statuses(await made.write(batch(records(0, 1)), signal))).to.deep.equal(['errored']);
    expect(statuses(await made.write(batch(records(0, 1)), signal))).to.deep.equal(['delivered']);
  });

  it('halves what is too large, and rejects a single record that is', async () => {
    const made = await sink();
    fake.answer = ({ method, body }) =>
      method === 'PUT' && gunzipSync(body!).length > 20
        ? { status: 400, body: '<Error><Code>EntityTooLarge</Code></Error>' }
        : undefined;
    const long = maskedRecord({ n: 5, text: 'x'.repeat(99) }, { digest: 'f'.repeat(32), receivedAtUs: startUs + 5 });
    expect(statuses(await made.write(batch([...records(0, 5), long]), signal))).to.deep.equal([
      ...Array<string>(5).fill('delivered'),
      'rejected',
    ]);
    expect(inBucket()).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it('proves with a check that it may write, and writes nothing', async () => {
    const made = await sink();
    await made.check(signal);
    expect([fake.objects.size, fake.uploads.size]).to.deep.equal([0, 0]);
    fake.answer = () => ({ status: 404, body: '<Error><Code>NoSuchBucket</Code></Error>' });
    const fault = await made.check(signal).catch((error: unknown) => error);
    expect(fault)
      .to.be.instanceOf(Fault)
      .with.property('message', 's3.example.com answered 404 NoSuchBucket: there is no such bucket');
  });

  it('asks for encryption, storage class and checksum as told', async () => {
    const made = await sink({
      storageClass: 'STANDARD_IA',
      encryption: { type: 'aws:kms', kmsKeyId: 'alias/audit' },
      checksum: 'sha256',
    });
    await made.write(batch(records(0, 1)), signal);
    expect([...fake.objects.values()][0]!.headers).to.include({
      'x-amz-storage-class': 'STANDARD_IA',
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'alias/audit',
      'x-amz-meta-auditveil-records': '1',
      'if-none-match': '*',
    });
  });
});

for (const content of ['events', 'findings'] as const)
  sinkContract(
    'sinks/s3',
    async () => {
      const fake = new S3Fake();
      const config = (objects: 'jsonl' | 'parquet') =>
        s3Sink.options.parse({
          type: 's3',
          bucket: 'audit',
          accessKeyId: 'AKIAEXAMPLE',
          secretAccessKey: 'secret',
          content,
          objects,
        });
      return {
        make: (notices) => makeS3Sink(config('jsonl'), testSinkContext(notices), fake.send),
        received: () =>
          Promise.resolve([...fake.objects.keys()].sort().map((key) => gunzipSync(fake.objects.get(key)!.body).toString())),
        forget: async () => {
          fake.objects.clear();
          fake.requests.length = 0;
        },
        fail: async () => {
          fake.answer = ({ body }) => ({ status: 500, body: `<Error>${Buffer.from(body ?? []).toString()}</Error>` });
        },
        recover: async () => {
          fake.answer = () => undefined;
        },
        limit: async (bytes) => {
          fake.answer = ({ method, body }) =>
            method === 'PUT' && gunzipSync(body!).length > bytes
              ? { status: 413, body: '<Error><Code>EntityTooLarge</Code></Error>' }
              : undefined;
        },
        busy: async (seconds) => {
          fake.answer = (_request, call) =>
            call === 'PUT'
              ? { status: 503, header: (name) => (name === 'retry-after' ? String(seconds) : undefined) }
              : undefined;
        },
        close: () => Promise.resolve(),
      };
    },
    { content, memoryRecords: 5_000 },
  );
