import { expect } from 'chai';
import { Fault } from '../../../src/core/faults.ts';
import { Secret } from '../../../src/core/secret.ts';
import { HttpClient } from '../../../src/sinks/http/http-client.ts';
import type { HttpOptions } from '../../../src/sinks/http/http-options.ts';
import { echoedSecret, type Handler, type HttpServer, startHttpServer } from '../../support/http-server.ts';

const secretOf = (text: string): Secret => new Secret(Buffer.from(text));
const never = new AbortController().signal;

const optionsFor = (url: string, more: Partial<HttpOptions> = {}): HttpOptions => ({
  url: secretOf(url),
  allowUnprotected: false,
  connectTimeoutMs: 2_000,
  answerTimeoutMs: 2_000,
  gzip: false,
  ...more,
});

describe('sinks/http/http-client', () => {
  let server: HttpServer | undefined;
  const clients: HttpClient[] = [];
  const start = async (handler: Handler): Promise<string> => {
    server = await startHttpServer(handler);
    return server.url;
  };
  const client = (url: string, more: Partial<HttpOptions> = {}): HttpClient => {
    const made = new HttpClient(optionsFor(url, more), Date.now);
    clients.push(made);
    return made;
  };
  const post = (to: HttpClient, body = '{}', signal = never) => to.request({ method: 'POST', body }, signal);
  const faultOf = async (promise: Promise<unknown>): Promise<Fault> => {
    const error = await promise.then(
      () => new Error('it was answered'),
      (thrown: unknown) => thrown as Error,
    );
    if (!(error instanceof Fault)) throw error;
    return error;
  };

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((made) => made.close()));
    await server?.close();
    server = undefined;
  });

  it('sends the body, keeps its connection, and joins paths', async () => {
    const sender = client(`${await start(() => ({ status: 200, body: 'ok' }))}/base/?a=1`);
    for (const n of [1, 2, 3]) expect((await post(sender, `{"n":${n}}`)).verdict.kind).to.equal('delivered');
    await sender.request({ method: 'POST', path: '/api/v2/alerts?x=1', body: '[]' }, never);
    expect(server?.requests.map(({ path }) => path)).to.deep.equal([
      '/base/?a=1',
      '/base/?a=1',
      '/base/?a=1',
      '/base/api/v2/alerts?x=1',
    ]);
    expect(server?.requests[1]?.body).to.equal('{"n":2}');
    expect(server?.requests[0]?.headers['user-agent']).to.equal('auditveil');
    expect(server?.connections()).to.equal(1);
  });

  it('says who it is, and its own headers win over those of a request', async () => {
    const url = await start(() => ({ status: 200 }));
    await post(client(url, { auth: { type: 'bearer', token: secretOf('tok-1\n') } }));
    await post(client(url, { auth: { type: 'basic', user: 'ann', password: secretOf('pw:2') } }));
    const own = client(url, { auth: { type: 'header', name: 'X-Api-Key', value: secretOf('key-3') } });
    await own.request({ method: 'POST', headers: { 'x-api-key': 'other' }, body: '' }, never);
    const [bearer, basic, header] = server?.requests ?? [];
    expect(bearer?.headers.authorization).to.equal('Bearer tok-1');
    expect(basic?.headers.authorization).to.equal(`Basic ${Buffer.from('ann:pw:2').toString('base64')}`);
    expect(header?.headers['x-api-key']).to.equal('key-3');
  });

  it('compresses bodies that gain from it', async () => {
    const sender = client(await start(() => ({ status: 200 })), { gzip: true });
    await post(sender, 'short');
    await post(sender, 'long '.repeat(1000));
    const [short, long] = server?.requests ?? [];
    expect(short?.headers['content-encoding']).to.equal(undefined);
    expect(long?.headers['content-encoding']).to.equal('gzip');
    expect(Number(long?.headers['content-length'])).to.be.lessThan(200);
    expect(long?.body).to.have.length(5000);
  });

  it('follows no redirect', async () => {
    const sender = client(await start(() => ({ status: 307, headers: { location: 'http://169.254.169.254/latest' } })));
    const { verdict } = await post(sender);
    expect(verdict.kind === 'errored' && verdict.fault.code).to.equal('E_SINK_REDIRECT');
    expect(server?.requests).to.have.length(1);
  });

  it('reads an answer up to its bound, and no message shows any of it', async () => {
    const sender = client(
      await start(({ path }) =>
        path === '/big'
          ? { status: 200, body: echoedSecret.repeat(10_000) }
          : { status: 500, headers: { 'x-echo': echoedSecret, 'retry-after': '7' }, body: `{"error":"${echoedSecret}"}` },
      ),
    );
    const big = await sender.request({ method: 'GET', path: '/big', answerBytes: 1000 }, never);
    expect([big.body.length, big.isCut]).to.deep.equal([1000, true]);
    const { verdict } = await post(sender);
    expect(verdict.kind === 'errored' && verdict.retryAfterMs).to.equal(7_000);
    expect(JSON.stringify(verdict)).not.to.contain(echoedSecret);
    expect(verdict.kind === 'errored' && `${verdict.fault.stack}${verdict.fault.cause}`).not.to.contain(echoedSecret);
  });

  it('gives up on a server that does not answer, answers for ever, or hangs up', async () => {
    const url = await start(({ path }, raw) => {
      if (path === '/cut') raw.destroy();
      if (path === '/drip') {
        raw.writeHead(200);
        const timer = setInterval(() => raw.write('.'), 20);
        raw.on('close', () => clearInterval(timer));
      }
      return undefined;
    });
    const quick = { connectTimeoutMs: 100, answerTimeoutMs: 200 };
    for (const [path, code] of [
      ['/silent', 'E_SINK_TIMEOUT'],
      ['/drip', 'E_SINK_TIMEOUT'],
      ['/cut', 'E_SINK_UNREACHABLE'],
    ] as const) {
      const fault = await faultOf(client(`${url}${path}`, quick).request({ method: 'GET', answerBytes: 1e9 }, never));
      expect([path, fault.code, fault.retryable]).to.deep.equal([path, code, true]);
    }
  });

  it('stops when told to, also before it began', async () => {
    const sender = client(await start(() => undefined));
    const controller = new AbortController();
    const fault = faultOf(post(sender, '{}', controller.signal));
    setTimeout(() => controller.abort(), 50);
    expect((await fault).code).to.equal('E_SINK_ABORTED');
    expect((await faultOf(post(sender, '{}', controller.signal))).code).to.equal('E_SINK_ABORTED');
  });

  it('says in words of its own that nobody listens, or that what listens speaks no HTTP', async () => {
    const { createServer } = await import('node:net');
    const other = createServer((socket) => socket.once('data', () => socket.end(`SSH-2.0-${echoedSecret}\r\n`)));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { readonly port: number };
    const fault = await faultOf(post(client(`http://127.0.0.1:${port}`)));
    await new Promise((resolve) => other.close(resolve));
    expect(fault.code).to.equal('E_SINK_PROTOCOL');
    expect(`${fault.stack}${fault.cause}${JSON.stringify(fault)}`).not.to.contain(echoedSecret);
    const gone = await faultOf(post(client(`http://127.0.0.1:${port}`)));
    expect(gone.message).to.equal(`127.0.0.1:${port}: nobody listens there`);
    expect(gone.remedy).to.match(/port/);
  });
});
