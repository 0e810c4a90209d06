import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import type { FeedEvent } from '../../../src/cli/tail/feed.ts';
import { openRemoteFeed } from '../../../src/cli/tail/open-remote-feed.ts';
import { RemoteFeed, type RemoteFeedOptions } from '../../../src/cli/tail/remote-feed.ts';
import { accessTokenHash } from '../../../src/crypto/access-token.ts';
import { makeCertificates } from '../../../src/crypto/certificate-authority.ts';
import type { FindingItem, FindingsPage } from '../../../src/web/api.ts';
import { until } from '../../support/until.ts';
import { makeFinding, makeReview, startWeb, type TestWeb, WebFolder } from '../../support/web-fixture.ts';

const token = 'a-token-of-an-analyst';
const tokens = [{ name: 'ann', role: 'auditor' as const, hash: accessTokenHash(token) }];
const choice = { severity: 'informational' } as const;

/** Passes a connection on, and cuts it when it is told to. */
class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  cuts = 0;

  constructor(port: number) {
    this.#server = createTcpServer((socket) => {
      const there = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [socket, there],
        [there, socket],
      ] as const) {
        this.#sockets.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
        from.pipe(to);
      }
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.cuts++;
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe('cli/tail/remote-feed', () => {
  let folder: WebFolder;
  let web: TestWeb;
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder.path, name), text);
    return join(folder.path, name);
  };
  const open = (server: string, more = {}): Promise<RemoteFeed> =>
    openRemoteFeed(server, { ...choice, tokenFile: file('token', `${token}\n`), ...more }, new AbortController().signal);
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'nothing',
      (error: unknown) => (error as { readonly code: string }).code,
    );

  /** Until the server has read so many findings. */
  const known = (count: number): Promise<void> =>
    until('the server', async () => ((await (await web.call('/findings')).json()) as FindingsPage).total === count);

  beforeEach(async () => {
    folder = await WebFolder.make();
    web = await startWeb(folder.path, { token, config: { tokens } });
  });
  afterEach(async () => {
    await web.server.close();
    await folder.remove();
  });

  it('tells what is there, the oldest first, then what comes, once each, whatever happens to the connection', async () => {
    await folder.write(makeFinding(1), makeFinding(2), makeFinding(3), makeReview('f000002', 'acknowledge'));
    await known(3);
    const proxy = new CuttingProxy(Number(new URL(web.url).port));
    const feed = await open(await proxy.start());
    const stop = new AbortController();
    const told: string[] = [];
    const events: FeedEvent[] = [];
    const reading = (async () => {
      for await (const batch of feed.read(stop.signal, true)) {
        events.push(...batch);
        for (const event of batch)
          if (event.type === 'finding' && event.isNew) told.push(`${event.item.finding.id}.${event.item.finding.revision}`);
      }
    })();
    await until('the list', () => events.some(({ type }) => type === 'current'));
    expect(told).to.deep.equal(['f000001.1', 'f000002.1', 'f000003.1']);
    for (let i = 0; i < 4; i++) {
      await folder.write(makeFinding(10 + i));
      proxy.cut();
      await folder.write(makeFinding(20 + i), makeFinding(3, { revision: 2 + i }));
      await until(
        () => told.join(' '),
        () => told.includes(`f00002${i}.1`) && told.includes(`f000003.${2 + i}`),
        10_000,
      );
    }
    await folder.write(makeReview('f000001', 'close'));
    await until('the review', () =>
      events.some((event) => event.type === 'finding' && !event.isNew && event.item.state === 'closed'),
    );
    stop.abort();
    await reading;
    expect(new Set(told).size).to.equal(told.length);
    expect(told).to.include.members(['f000010.1', 'f000011.1', 'f000012.1', 'f000013.1']);
    expect(events.some((event) => event.type === 'said' && event.text.includes('trying again'))).to.equal(true);
    const status = events.findLast(({ type }) => type === 'status');
    // No agent runs in this process: nothing is known, and that is said.
    expect(status).to.have.deep.nested.property('status.problems[0]').and.to.include('agent');
    await feed.close();
    await proxy.close();
  });

  it('reads details, ends without following, and knows that a token only reads', async () => {
    await folder.write(makeFinding(1, {}, 'high'), makeFinding(2, {}, 'low'));
    await known(2);
    const feed = await open(web.url, { severity: 'high' });
    const events: FeedEvent[] = [];
    for await (const batch of feed.read(new AbortController().signal, false)) events.push(...batch);
    expect(events.map(({ type }) => type)).to.deep.equal(['finding', 'current']);
    expect((await feed.detail(makeFinding(1), new AbortController().signal)).item.finding.id).to.equal('f000001');
    expect(feed.readOnly).to.include('auditor');
    expect(await codeOf(feed.review('f000001', 'close', ''))).to.match(/^E_REMOTE_/);
    await feed.close();
  });

  it('says what is wrong: token, address, redirect, plain HTTP, what is no API', async () => {
    expect(await codeOf(open(web.url, { tokenFile: file('wrong', 'some-other-token') }))).to.equal('E_REMOTE_TOKEN');
    expect(await codeOf(open(web.url, { tokenFile: file('two', 'two tokens') }))).to.equal('E_USAGE_SERVER');
    expect(await codeOf(open('http://127.0.0.1:9'))).to.equal('E_REMOTE_NETWORK');
    expect(await codeOf(open('http://audit.example.com:8090'))).to.equal('E_USAGE_SERVER');
    expect(await codeOf(open('https://user:secret@127.0.0.1'))).to.equal('E_USAGE_SERVER');
    const asked: string[] = [];
    const other = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (asked.length === 1) response.writeHead(302, { location: web.url }).end();
      else response.end('<html>Sign in with your company account</html>');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    expect(await codeOf(open(address))).to.equal('E_REMOTE_ANSWER');
    expect(asked).to.deep.equal(['/api/v1/session']);
    expect(await codeOf(open(address)), 'a page of something else').to.equal('E_REMOTE_ANSWER');
    await new Promise((resolve) => other.close(resolve));
  });

  it('trusts the authority it is given, and no other', async () => {
    const { authority, server } = await makeCertificates({
      ...{ authorityName: 'a', serverNames: ['127.0.0.1'], clientName: 'c', now: new Date(), authorityDays: 2, leafDays: 1 },
    });
    const tls = { certFile: file('crt', server.certificate), keyFile: file('key', server.privateKey) };
    const safe = await startWeb(folder.path, { token, config: { tokens, tls } as never });
    expect(await codeOf(open(safe.url))).to.equal('E_REMOTE_TLS');
    const feed = await open(safe.url, { caFile: file('ca', authority.certificate) });
    expect(feed.title).to.match(/^test at 127\.0\.0\.1:/);
    await feed.close();
    await safe.server.close();
  });

  it('asks for the list anew when too much changed, and tells only what is new in it', async () => {
    const lists: (readonly FindingItem[])[] = [
      [{ finding: makeFinding(1), state: 'open' }],
      [
        { finding: makeFinding(2), state: 'open' },
        { finding: makeFinding(1), state: 'open' },
      ],
    ];
    let streams = 0;
    const client = {
      title: 'x',
      get: async (path: string) =>
        path === '/findings'
          ? ({ items: lists.shift() ?? [], total: 0, position: '1-1' } satisfies FindingsPage)
          : path === '/session'
            ? { role: 'analyst', cluster: 'c' }
            : [],
      post: async () => ({}),
      async *stream() {
        if (streams++ === 0) yield Buffer.from('event: reset\ndata: {}\n\n');
        else stop.abort();
      },
      close: async () => undefined,
    };
    const stop = new AbortController();
    const waits: number[] = [];
    const options = { client, query: {}, nowMs: () => 0, random: () => 1, wait: async (ms: number) => void waits.push(ms) };
    const feed = await RemoteFeed.open(options as unknown as RemoteFeedOptions, stop.signal);
    const told: string[] = [];
    for await (const batch of feed.read(stop.signal, true))
      for (const event of batch) if (event.type === 'finding') told.push(event.item.finding.id);
    expect(told).to.deep.equal(['f000001', 'f000002']);
    expect([waits, feed.readOnly]).to.deep.equal([[], undefined]);
  });
});
