import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../../src/core/faults.ts';
import { Secret } from '../../../src/core/secret.ts';
import { type Certificates, makeCertificates } from '../../../src/crypto/certificate-authority.ts';
import { HttpClient } from '../../../src/sinks/http/http-client.ts';
import type { HttpOptions } from '../../../src/sinks/http/http-options.ts';
import { type HttpServer, startHttpServer } from '../../support/http-server.ts';

const never = new AbortController().signal;
const request = {
  authorityName: 'lab',
  serverNames: ['server.example.com'],
  clientName: 'auditveil',
  authorityDays: 10,
  leafDays: 5,
};

describe('sinks/http/http-endpoint', () => {
  let folder = '';
  let made: Certificates;
  let server: HttpServer | undefined;
  let nowMs = 0;
  const clients: HttpClient[] = [];
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const client = (url: string, more: Partial<HttpOptions> = {}): HttpClient => {
    const options = { allowUnprotected: false, connectTimeoutMs: 2_000, answerTimeoutMs: 2_000, gzip: false, ...more };
    clients.push(new HttpClient({ url: new Secret(Buffer.from(url)), ...options }, () => nowMs));
    return clients.at(-1)!;
  };
  const get = (from: HttpClient) => from.request({ method: 'GET' }, never);
  const codeOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'answered',
      (error: unknown) => (error instanceof Fault ? error.code : `${error}`),
    );

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-http-'));
    made = await makeCertificates({ ...request, now: new Date() });
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(() => {
    nowMs = 1_000_000;
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((one) => one.close()));
    await server?.close();
    server = undefined;
  });

  it('speaks TLS with an authority and a client certificate out of files', async () => {
    const { certificate: cert, privateKey: key } = made.server;
    server = await startHttpServer(() => ({ status: 200 }), {
      cert,
      key,
      ca: made.authority.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const caFile = await file('ca.pem', made.authority.certificate);
    const pair = {
      certFile: await file('client.pem', made.client.certificate),
      keyFile: await file('client.key', made.client.privateKey),
    };
    const serverName = 'server.example.com';
    expect((await get(client(server.url, { tls: { caFile, serverName, ...pair } }))).status).to.equal(200);
    expect(await codeOf(get(client(server.url, { tls: { serverName, ...pair } })))).to.equal('E_SINK_TLS');
    expect(await codeOf(get(client(server.url, { tls: { caFile, ...pair } })))).to.equal('E_SINK_TLS');
    const unknown = await get(client(server.url, { tls: { caFile, serverName } })).catch((error: unknown) => error);
    expect((unknown as Fault).remedy).to.match(/certFile/);
    expect((await get(client(server.url, { tls: { allowUnverified: true, ...pair } }))).status).to.equal(200);
  });

  it('reads files again when they change, at once after it was refused, and keeps what it has where they are no use', async () => {
    server = await startHttpServer(({ headers }) => ({ status: headers.authorization === 'Bearer new' ? 200 : 401 }));
    const token = await file('token', 'old\n');
    const sender = client(server.url, { auth: { type: 'bearer', token: { file: token } } });
    expect((await get(sender)).status).to.equal(401);
    await file('token', 'new\n');
    expect((await get(sender)).status).to.equal(200);
    await file('token', 'two\nlines\n');
    nowMs += 1_000;
    expect((await get(sender)).status).to.equal(200);
    nowMs += 10_000;
    expect((await get(sender)).status).to.equal(200);
    await rm(token);
    nowMs += 10_000;
    expect((await get(sender)).status).to.equal(200);
    expect(await codeOf(client(server.url, { auth: { type: 'bearer', token: { file: token } } }).open())).to.equal('E_FILE_READ');
  });

  it('refuses addresses nobody meant, and plain HTTP beyond this machine unless told so', async () => {
    const codes: Record<string, string> = {};
    for (const url of [
      'https://example.com/x',
      'http://127.0.0.1:9093',
      'http://[::1]:9093',
      'http://localhost:9093',
      'http://example.com',
      'https://169.254.169.254/latest/meta-data',
      'https://0xa9fea9fe/',
      'https://[::ffff:169.254.169.254]/',
      'https://metadata.google.internal./',
      'https://user:pass@example.com/',
      'ftp://example.com/',
      'example.com',
    ])
      codes[url] = await codeOf(client(url).open());
    expect(codes).to.deep.equal({
      'https://example.com/x': 'answered',
      'http://127.0.0.1:9093': 'answered',
      'http://[::1]:9093': 'answered',
      'http://localhost:9093': 'answered',
      'http://example.com': 'E_SINK_URL',
      'https://169.254.169.254/latest/meta-data': 'E_SINK_ADDRESS',
      'https://0xa9fea9fe/': 'E_SINK_ADDRESS',
      'https://[::ffff:169.254.169.254]/': 'E_SINK_ADDRESS',
      'https://metadata.google.internal./': 'E_SINK_ADDRESS',
      'https://user:pass@example.com/': 'E_SINK_URL',
      'ftp://example.com/': 'E_SINK_URL',
      'example.com': 'E_SINK_URL',
    });
    expect(await codeOf(client('http://example.com', { allowUnprotected: true }).open())).to.equal('answered');
  });

  it('looks at what a name resolves to when it connects, each time', async () => {
    server = await startHttpServer(() => ({ status: 200 }));
    let address = '127.0.0.1';
    const options = { allowUnprotected: true, connectTimeoutMs: 500, answerTimeoutMs: 500, gzip: false };
    const sender = new HttpClient(
      { url: new Secret(Buffer.from(`http://rebound.example.com:${server.port}`)), ...options },
      () => nowMs,
      (_name, done) => done(null, [{ address, family: 4 }]),
    );
    clients.push(sender);
    expect((await get(sender)).status).to.equal(200);
    await server.close();
    address = '169.254.169.254';
    await codeOf(get(sender)); // may still find the old connection, closed
    expect(await codeOf(get(sender))).to.equal('E_SINK_ADDRESS');
  });
});
