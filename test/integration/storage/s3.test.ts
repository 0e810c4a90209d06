import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parquetReadObjects } from 'hyparquet';
import { s3Sink } from '../../../src/config/sinks/s3.ts';
import type { Fault } from '../../../src/core/faults.ts';
import { makeS3Sink } from '../../../src/sinks/s3/make-s3-sink.ts';
import { freePort } from '../../faults/free-port.ts';
import { contractBatch } from '../../sinks/contract-records.ts';
import { sinkContract } from '../../sinks/sink-contract.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { ServerProcess, serverFolder, withServer } from './server-process.ts';

const signal = new AbortController().signal;
const user = { accessKeyId: 'integration-access', secretAccessKey: `${randomUUID()}` };

withServer('VERSITYGW', 'versitygw.sh', (binary) => {
  const folder = serverFolder('s3');
  const bucket = path.join(folder, 'files', 'audit');
  let endpoint = '';
  let server: ServerProcess;

  const sink = (options: object = {}, notices: string[] = []) =>
    makeS3Sink(s3Sink.options.parse({ type: 's3', bucket: 'audit', endpoint, ...user, ...options }), testSinkContext(notices));
  /** Objects by name, without what the server keeps for itself. */
  const objects = (): ReadonlyMap<string, Buffer> => {
    const names = readdirSync(bucket, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !path.relative(bucket, entry.parentPath).startsWith('.'))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort();
    return new Map(names.map((name) => [path.relative(bucket, name), readFileSync(name)]));
  };
  const emptied = async (): Promise<void> => {
    await rm(bucket, { recursive: true, force: true });
    await mkdir(bucket, { recursive: true });
  };

  before(async function () {
    this.timeout(60_000);
    await emptied();
    const port = await freePort();
    endpoint = `http://127.0.0.1:${port}`;
    server = new ServerProcess(folder, {
      command: binary,
      args: [
        '--port',
        `127.0.0.1:${port}`,
        '--access',
        user.accessKeyId,
        '--secret',
        user.secretAccessKey,
        '--quiet',
        'posix',
        path.dirname(bucket),
      ],
      isReady: async () => (await fetch(endpoint)).status > 0,
    });
    await server.start();
  });
  beforeEach(emptied);
  after(() => server.kill());

  it('stores Parquet that reads back, under names with date and hour', async () => {
    const one = sink({ objects: 'parquet' });
    await one.open();
    const outcomes = await one.write(contractBatch('events', 0, 50), signal);
    await one.close();
    expect(new Set(outcomes.map(({ status }) => status))).to.deep.equal(new Set(['delivered']));
    const [[name, bytes] = ['', Buffer.alloc(0)]] = [...objects()];
    expect(name).to.match(/^auditveil\/lab\/events\/date=2026-05-04\/hour=10\/20260504T100000\.000000Z-s3-0{32}\.parquet$/);
    const rows = await parquetReadObjects({
      file: new Uint8Array(bytes).buffer,
      compressors: { GZIP: (input: Uint8Array) => new Uint8Array(gunzipSync(input)) },
    });
    expect(rows.map(({ audit_id }) => String(audit_id))).to.deep.equal(
      Array.from({ length: 50 }, (_, n) => `contract-${String(n).padStart(6, '0')}`),
    );
  });

  it('writes nothing twice where the batch comes again, cut elsewhere', async () => {
    for (const count of [20, 50, 50]) {
      const one = sink();
      await one.open();
      await one.write(contractBatch('events', 0, count), signal);
      await one.close();
    }
    const lines = [...objects().values()].flatMap((bytes) => gunzipSync(bytes).toString().trim().split('\n'));
    expect(lines).to.have.length(50);
    expect(new Set(lines).size).to.equal(50);
    expect(objects().size).to.equal(2);
  });

  it('is told by the server itself that an object is there', async () => {
    const [one, other] = [sink(), sink()];
    await one.open();
    await other.open();
    // From the second batch on nothing is asked for beforehand.
    for (const each of [one, other]) await each.write(contractBatch('events', 0, 5), signal);
    for (const each of [one, other]) await each.write(contractBatch('events', 5, 5), signal);
    expect(objects().size).to.equal(2);
  });

  it('sends a large object in parts that are whole again there', async function () {
    this.timeout(60_000);
    const one = sink({ partBytes: 5 * 1024 * 1024, checksum: 'sha256' });
    await one.open();
    const { records, end } = contractBatch('events', 0, 16);
    const large = records.map((record) => ({ ...record, payload: noise(1024 * 1024) as typeof record.payload }));
    const outcomes = await one.write({ records: large, end }, signal);
    expect(outcomes[0]).to.deep.equal({ status: 'delivered' });
    const [bytes] = [...objects().values()];
    expect(
      Buffer.compare(gunzipSync(bytes!), Buffer.concat(large.flatMap(({ payload }) => [payload, Buffer.from('\n')]))),
    ).to.equal(0);
    await one.write({ records: large, end }, signal);
    expect(objects().size).to.equal(1);
    await one.close();
  });

  it('says which of bucket and key is wrong', async () => {
    const remedyOf = async (options: object) =>
      (
        (await sink(options)
          .check(signal)
          .catch((error: unknown) => error)) as Fault | undefined
      )?.remedy;
    expect(await remedyOf({ bucket: 'nothing-here' })).to.contain('bucket');
    expect(await remedyOf({ secretAccessKey: 'wrong' })).to.contain('secretAccessKey');
    expect(await remedyOf({ accessKeyId: 'wrong' })).to.contain('accessKeyId');
    expect(await remedyOf({})).to.equal(undefined);
    expect(objects().size).to.equal(0);
  });

  for (const [content, format] of [
    ['events', 'jsonl'],
    ['findings', 'parquet'],
  ] as const)
    sinkContract(
      `sinks/s3 (${format}) with a real server`,
      async () => ({
        make: (notices) => sink({ content, objects: format, answerTimeoutMs: 2_000 }, notices),
        received: async () => {
          const all = [...objects().values()];
          if (format === 'jsonl') return all.map((bytes) => gunzipSync(bytes).toString());
          const rows = all.map((bytes) =>
            parquetReadObjects({
              file: new Uint8Array(bytes).buffer,
              columns: ['id'],
              compressors: { GZIP: (input: Uint8Array) => new Uint8Array(gunzipSync(input)) },
            }),
          );
          return (await Promise.all(rows)).flat().map(({ id }) => String(id));
        },
        forget: emptied,
        fail: () => server.kill(),
        recover: () => server.start(),
        hang: async () => server.freeze(),
        close: async () => {
          await server.kill();
          await server.start();
        },
      }),
      { content, memoryRecords: 4_000 },
    );
});

/** Letters that gzip cannot make much smaller. */
function noise(bytes: number): Uint8Array {
  const text = Buffer.alloc(bytes);
  for (let i = 0, state = 1; i < bytes; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text[i] = 33 + ((state >>> 16) % 90);
  }
  return text;
}
