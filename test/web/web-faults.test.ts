import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { accessTokenHash } from '../../src/crypto/access-token.ts';
import { until } from '../support/until.ts';
import { makeFinding, startWeb, type TestWeb, WebFolder } from '../support/web-fixture.ts';
import { readStream } from './read-stream.ts';

const token = 'token-of-carol';
const tokens = [{ name: 'carol', role: 'auditor' as const, hash: accessTokenHash(token) }];
const stalledMs = 500;

describe('web: clients that misbehave', () => {
  let folder: WebFolder;
  let web: TestWeb;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    folder = await WebFolder.make();
    web = await startWeb(folder.path, { token, config: { tokens }, stalledMs });
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await web.server.close();
    await folder.remove();
  });

  const open = (request: string): Socket => {
    const socket = connect(Number(new URL(web.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(request);
    sockets.push(socket);
    return socket;
  };
  const get = (path: string): string =>
    `GET /api/v1${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n\r\n`;
  const state = (what: string): number =>
    web.server.readings.state().find(({ labels }) => labels?.['what'] === what)?.value ?? -1;
  const lost = (kind: string): number =>
    web.server.readings.losses().find(({ labels }) => labels?.['kind'] === kind)?.value ?? -1;

  it('ends a client that reads nothing, keeps little for it, and serves others meanwhile', async () => {
    const deaf = open(get('/stream'));
    deaf.pause();
    await until('it is open', () => state('streams') === 1, 5_000);
    const stop = new AbortController();
    const other = readStream(await web.call('/stream', { signal: stop.signal }), stop);
    const evidence = { 'objectRef.name': ['x'.repeat(20_000)] };
    for (let i = 0; i < 600; i += 60)
      await folder.write(...Array.from({ length: 60 }, (_, k) => makeFinding(i + k, { evidence })));
    await until('the other has all', () => new Set(other.findings()).size === 600, 20_000);
    await until('the deaf one is ended', () => lost('stalled') === 1 && state('streams') === 1, 10_000);
    stop.abort();
  });

  it('serves two hundred clients at once, and forgets them when they go', async () => {
    const stop = new AbortController();
    const streams = await Promise.all(
      Array.from({ length: 200 }, async () => readStream(await web.call('/stream', { signal: stop.signal }), stop)),
    );
    await folder.write(makeFinding(1));
    await until('all have it', () => streams.every((stream) => stream.findings().includes('f000001')), 20_000);
    stop.abort();
    await until('all are gone', () => state('streams') === 0, 10_000);
  });

  it('outlives half requests, garbage and clients that vanish', async () => {
    const halves = [
      'GET /api/v1/findings HTT',
      'POST /api/v1/session HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{',
      '\u0000\u0001\u0002',
      'GET / HTTP/9.9\r\n\r\n',
    ];
    for (const half of halves) for (let i = 0; i < 20; i++) open(half);
    for (let i = 0; i < 20; i++) open(get('/findings')).destroy();
    expect((await web.call('/findings')).status).to.equal(200);
  });
});
