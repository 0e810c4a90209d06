import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Fault } from '../../../src/core/faults.ts';
import { sharedData } from '../../support/shared-data.ts';
import { post, type Running, runSource } from './post.ts';

const list = (...items: readonly string[]): string =>
  `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${items.join(',')}]}\n`;
const item = (n: number): string => `{"level":"Metadata","auditID":"${n}"}`;
const folder = mkdtempSync(join(tmpdir(), 'auditveil-webhook-'));

describe('sources/webhook', () => {
  let running: Running | undefined;
  const texts = (): readonly string[] => (running?.events ?? []).map((event) => event.text);

  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });
  after(() => rmSync(folder, { recursive: true }));

  it('answers 200 once every event of a list is settled, whatever the content type and the query say', async () => {
    running = await runSource({ path: '/audit' });
    const answer = await post(running.address, list(item(1), item(2)), {
      path: '/audit?timeout=30s',
      headers: { 'content-type': 'image/png' },
    });
    expect(answer.status).to.equal(200);
    expect(texts()).to.deep.equal([item(1), item(2)]);
    expect(running.events.map((event) => event.item)).to.deep.equal([0, 1]);
  });

  it('takes chunked and gzip bodies', async () => {
    running = await runSource();
    const body = Buffer.from(list(item(1), item(2)));
    expect((await post(running.address, '', { parts: [body.subarray(0, 90), body.subarray(90)] })).status).to.equal(200);
    const packed = await post(running.address, gzipSync(list(item(3))), { headers: { 'content-encoding': 'gzip' } });
    expect(packed.status).to.equal(200);
    expect(texts()).to.deep.equal([item(1), item(2), item(3)]);
  });

  it('makes stubs of what cannot be read, and answers 200', async () => {
    running = await runSource();
    const send = async (body: Uint8Array | string, encoding?: string): Promise<void> => {
      const headers = encoding === undefined ? {} : { 'content-encoding': encoding };
      expect((await post(running?.address ?? '', body, { headers })).status).to.equal(200);
    };
    await send(list(item(1)), 'br');
    await send(gzipSync(list(item(1))).subarray(0, 40), 'gzip');
    await send(gzipSync(Buffer.alloc(64 * 1024 * 1024)), 'gzip');
    await send('{"kind":"EventList","items":[{"auditID":"1"},{"auditID');
    await send('');
    expect(running.events.map((event) => event.reason).filter((reason) => reason !== 'none')).to.deep.equal([
      'unsupported-format',
      'torn',
      'too-big',
      'torn',
    ]);
  });

  it('answers 404, 405 and 413 without taking anything', async () => {
    running = await runSource({ path: '/audit', limits: { bodyBytes: 1_000 } });
    expect((await post(running.address, list(item(1)))).status).to.equal(404);
    expect((await post(running.address, list(item(1)), { path: '/audit', method: 'PUT' })).status).to.equal(405);
    const large = list(...Array.from({ length: 100 }, (_, n) => item(n)));
    expect((await post(running.address, large, { path: '/audit' })).status).to.equal(413);
    expect(texts()).to.deep.equal([]);
  });

  it('answers 503 with Retry-After before the body where the log would refuse, and after it where it did', async () => {
    let why: string | undefined = 'log-full';
    running = await runSource({ refuses: () => why });
    const before = await post(running.address, list(item(1)));
    expect([before.status, before.headers['retry-after'], texts().length]).to.deep.equal([503, '1', 0]);
    why = undefined;
    running.outcome = () => ({ status: 'errored', fault: new Fault('full', { code: 'E_LOG_FULL', retryable: true }) });
    const after = await post(running.address, list(item(1)));
    expect([after.status, after.headers['retry-after']]).to.deep.equal([503, '1']);
    running.outcome = () => ({ status: 'delivered' });
    expect((await post(running.address, list(item(1)))).status).to.equal(200);
  });

  it('gives an incomplete body no answer, and a body that stops in the middle no time', async () => {
    running = await runSource({ limits: { bodyIdleMs: 300 } });
    const [host = '', port = ''] = running.address.split(':');
    const socket = connect(Number(port), host);
    let said = '';
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n${list(item(1))}`);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(said).to.equal('');
    expect(running.answers).to.deep.equal(['0 slow']);
  });

  it('asks for a token, takes any of several, and takes up another file without a restart', async () => {
    const file = join(folder, 'token');
    const [first, second, third] = ['a', 'b', 'c'].map((letter) => letter.repeat(32)) as [string, string, string];
    writeFileSync(file, `${first}\n${second}\n`);
    running = await runSource({ tokenFiles: [file] });
    const { address, source } = running;
    const status = async (token?: string): Promise<number> =>
      (await post(address, list(item(1)), { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })).status;
    expect(await status()).to.equal(401);
    expect(await status(third)).to.equal(401);
    expect([await status(first), await status(second)]).to.deep.equal([200, 200]);
    expect(running.clients).to.deep.equal(['token:token', 'token:token']);
    writeFileSync(file, third);
    await source.reload();
    expect([await status(first), await status(third)]).to.deep.equal([401, 200]);
    writeFileSync(file, 'short');
    await source.reload();
    expect(await status(third)).to.equal(200);
    expect(running.notices).to.include('credentials-not-reloaded');
  });

  it('lets a new connection in where idle ones fill its address', async () => {
    running = await runSource({ limits: { connectionsPerAddress: 8, headerMs: 20_000 } });
    const [host = '', port = ''] = running.address.split(':');
    const idle = Array.from({ length: 40 }, () => connect(Number(port), host).on('error', () => undefined));
    await wait(100);
    expect((await post(running.address, list(item(1)))).status).to.equal(200);
    expect(running.answers).to.include('made-room');
    for (const socket of idle) socket.destroy();
  });

  it('finishes a body in flight after the stop, and takes no new connection', async () => {
    running = await runSource();
    const { address } = running;
    const [host = '', port = ''] = address.split(':');
    const body = list(item(1), item(2));
    const socket = connect(Number(port), host);
    let said = '';
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 50)}`);
    await wait(50);
    const stopped = running.stop();
    await wait(20);
    expect((await post(address, body)).status).to.equal(0);
    socket.write(body.slice(50));
    await Promise.all([stopped, closed]);
    expect(said).to.match(/^HTTP\/1\.1 200 /);
    expect(texts()).to.deep.equal([item(1), item(2)]);
    running = undefined;
  });

  it('splits real bodies into their 735 events', async function () {
    const file = sharedData(this, 'data/audit-logs/kube-apiserver-1.20.2-local/webhook-eventlists.jsonl');
    running = await runSource();
    for (const line of readFileSync(file, 'utf8')
      .split('\n')
      .filter((text) => text !== ''))
      expect((await post(running.address, line)).status).to.equal(200);
    expect(texts().length).to.equal(735);
    expect(texts().every((text) => (JSON.parse(text) as { auditID?: string }).auditID !== undefined)).to.equal(true);
  });

  it('answers 200 to every file of JSONTestSuite', async function () {
    this.timeout(60_000);
    const directory = sharedData(this, 'data/json-torture/JSONTestSuite/test_parsing');
    running = await runSource();
    const wrong: string[] = [];
    const files = readdirSync(directory);
    for (const name of files) {
      const { status } = await post(running.address, readFileSync(join(directory, name)));
      if (status !== 200) wrong.push(`${name} ${status}`);
    }
    expect(wrong).to.deep.equal([]);
    expect(files.length).to.be.greaterThan(300);
  });

  it('takes a list of 40 MB within its bounds, and an event of 2 MB whole', async () => {
    running = await runSource();
    const event = `{"auditID":"x","requestObject":"${'y'.repeat(100_000)}"}`;
    expect((await post(running.address, list(...Array.from({ length: 400 }, () => event)))).status).to.equal(200);
    expect([running.events.length, new Set(texts()).size]).to.deep.equal([400, 1]);
    const large = `{"auditID":"x","requestObject":"${'z'.repeat(2_000_000)}"}`;
    expect((await post(running.address, list(item(1), large, item(2)))).status).to.equal(200);
    expect(texts().slice(400)).to.deep.equal([item(1), large, item(2)]);
  });
});
