import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { limits } from '../../src/core/limits.ts';
import { accessTokenHash } from '../../src/crypto/access-token.ts';
import type { ApiError, FindingDetail, FindingsPage, SessionView } from '../../src/web/api.ts';
import { until } from '../support/until.ts';
import { makeFinding, makeReview, startWeb, type TestWeb, WebFolder } from '../support/web-fixture.ts';
import { readStream } from './read-stream.ts';

const token = 'a-token-of-a-program';
const tokens = [{ name: 'siem', role: 'auditor' as const, hash: accessTokenHash(token) }];
const asJson = { 'content-type': 'application/json' };

describe('web/web-server', () => {
  let folder: WebFolder;
  let web: TestWeb;

  beforeEach(async () => {
    folder = await WebFolder.make();
    web = await startWeb(folder.path, { token, config: { tokens } });
  });
  afterEach(async () => {
    await web.server.close();
    await folder.remove();
  });

  const login = async (given: string, headers = {}) =>
    fetch(`${web.url}/api/v1/session`, {
      method: 'POST',
      headers: { ...asJson, ...headers },
      body: JSON.stringify({ token: given }),
    });
  const linkToken = () => web.server.link('', { name: 'alice', role: 'analyst' }).replace(/.*token=/, '');
  const codeOf = async (response: Response) => ((await response.json()) as ApiError).error.code;
  const page = async (query = '') => (await (await web.call(`/findings${query}`)).json()) as FindingsPage;

  it('opens a session for the token of a link once, and ends it', async () => {
    const given = linkToken();
    const first = await login(given);
    const view = (await first.json()) as SessionView;
    expect(view).to.include({ name: 'alice', role: 'analyst', cluster: 'test' });
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).to.match(/^auditveil-\d+=av_[\w-]+; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await login(given)).status).to.equal(401);
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    expect((await fetch(`${web.url}/api/v1/session`, { headers })).status).to.equal(200);
    const withoutCsrf = await fetch(`${web.url}/api/v1/session`, { method: 'DELETE', headers });
    expect(await codeOf(withoutCsrf)).to.equal('E_WEB_CSRF');
    const out = await fetch(`${web.url}/api/v1/session`, {
      method: 'DELETE',
      headers: { ...headers, 'x-auditveil-csrf': view.csrf ?? '' },
    });
    expect(out.headers.get('set-cookie')).to.include('Max-Age=0');
    expect((await fetch(`${web.url}/api/v1/session`, { headers })).status).to.equal(401);
  });

  it('takes no login from a page of another origin', async () => {
    const answer = await login(linkToken(), { origin: 'http://localhost:3000' });
    expect(await codeOf(answer)).to.equal('E_WEB_ORIGIN');
  });

  it('lets an address that sends wrong tokens wait', async () => {
    for (let i = 0; i < limits.webLoginFailures; i++) expect((await login(`wrong-${i}`)).status).to.equal(401);
    const refused = await web.call('/findings');
    expect([refused.status, await codeOf(refused)]).to.deep.equal([429, 'E_WEB_LOGIN_RATE']);
    expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 60);
    expect(web.server.guard.total).to.equal(limits.webLoginFailures);
  });

  it('lists findings, newest first, and says what is not a filter', async () => {
    await folder.write(...Array.from({ length: 5 }, (_, i) => makeFinding(i)), makeReview('f000003', 'close'));
    await until('the findings are there', async () => (await page()).total === 5, 5_000);
    const { items, next } = await page('?limit=2');
    expect(items.map(({ finding, state }) => [finding.id, state])).to.deep.equal([
      ['f000004', 'open'],
      ['f000003', 'closed'],
    ]);
    expect((await page(`?limit=9&before=${next}`)).items.map(({ finding }) => finding.id)).to.have.length(3);
    for (const query of ['?sevrity=high', '?severity=loud', '?limit=0', '?since=yesterday', '?user=a&user=b', '?<script>=1']) {
      const answer = await web.call(`/findings${query}`);
      expect([query, answer.status, await codeOf(answer.clone())]).to.deep.equal([query, 400, 'E_WEB_QUERY']);
      expect(await answer.text()).not.to.include('script');
    }
  });

  it('shows a finding with its revisions and reviews', async () => {
    await folder.write(makeFinding(1), makeReview('f000001', 'acknowledge', 'mine'), makeFinding(1, { revision: 2 }));
    await until('the review is there', async () => (await page()).items[0]?.finding.revision === 2, 5_000);
    const detail = (await (await web.call('/findings/f000001')).json()) as FindingDetail;
    expect(detail.revisions.map(({ revision }) => revision)).to.deep.equal([1, 2]);
    expect(detail.reviews[0]).to.include({ action: 'acknowledge', text: 'mine' });
    expect(detail.item.state).to.equal('acknowledged');
    expect((await web.call('/findings/none')).status).to.equal(404);
  });

  it('streams what changes, and continues without loss where a client left', async () => {
    const stop = new AbortController();
    const first = readStream(await web.call('/stream', { signal: stop.signal }), stop);
    await folder.write(makeFinding(1));
    await until('the first is there', () => first.findings().includes('f000001'), 5_000);
    stop.abort();
    await folder.write(makeFinding(2), makeReview('f000001', 'close'), makeFinding(3));
    await until('all are there', async () => (await page()).total === 3, 5_000);
    const again = new AbortController();
    const headers = { 'last-event-id': first.lastId() };
    const second = readStream(await web.call('/stream', { signal: again.signal, headers }), again);
    await until(
      'what was missed is there',
      () => ['f000001', 'f000002', 'f000003'].every((id) => second.findings().includes(id)),
      5_000,
    );
    again.abort();
  });

  it('continues a stream after the server was started anew', async () => {
    await folder.write(makeFinding(1));
    await until('it is there', async () => (await page()).total === 1, 5_000);
    const { position } = await page();
    await web.server.close();
    await folder.write(makeFinding(2));
    web = await startWeb(folder.path, { token, config: { tokens } });
    const stop = new AbortController();
    const stream = readStream(await web.call(`/stream?from=${position}`, { signal: stop.signal }), stop);
    await until('the second is there', () => stream.findings().includes('f000002'), 5_000);
    stop.abort();
  });

  it('ends the streams of a session with the session', async () => {
    const answer = await login(linkToken());
    const { csrf = '' } = (await answer.json()) as SessionView;
    const headers = { cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '', 'x-auditveil-csrf': csrf };
    const stop = new AbortController();
    const stream = readStream(await fetch(`${web.url}/api/v1/stream`, { headers, signal: stop.signal }), stop);
    await until('it has begun', () => stream.names().includes('status'), 5_000);
    await fetch(`${web.url}/api/v1/session`, { method: 'DELETE', headers });
    await until('it has ended', () => stream.isOver(), 5_000);
  });

  it('refuses names that are not its own, and answers with headers that shut everything else out', async () => {
    const answer = await new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]> }>(
      (resolve, reject) => {
        const { port } = new URL(web.url);
        httpRequest({ port, host: '127.0.0.1', path: '/', headers: { host: 'evil.example' } }, (response) => {
          response.resume();
          resolve({ status: response.statusCode, headers: response.headers });
        })
          .on('error', reject)
          .end();
      },
    );
    expect(answer.status).to.equal(421);
    const csp = String(answer.headers['content-security-policy']);
    expect(csp).to.include("default-src 'self'").and.to.include("frame-ancestors 'none'").and.not.to.include('unsafe-inline');
    expect(answer.headers['access-control-allow-origin']).to.equal(undefined);
    for (const name of [
      'x-content-type-options',
      'cross-origin-opener-policy',
      'cross-origin-resource-policy',
      'referrer-policy',
    ])
      expect(answer.headers[name], name).to.be.a('string');
  });

  it('holds bodies, targets and files to what they may be', async () => {
    const post = (body: string, headers = asJson) => fetch(`${web.url}/api/v1/session`, { method: 'POST', headers, body });
    expect((await post('x'.repeat(limits.webBodyBytes + 1))).status).to.equal(413);
    expect((await post('{"token":')).status).to.equal(400);
    expect((await post('[]')).status).to.equal(400);
    expect((await post('{}', { 'content-type': 'text/plain' })).status).to.equal(415);
    expect((await web.call(`/findings?text=${'x'.repeat(limits.webTargetBytes)}`)).status).to.equal(414);
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/api', '/x', '//evil.example/x'])
      expect((await fetch(`${web.url}${path}`)).status, path).to.equal(404);
    expect((await fetch(`${web.url}/`, { method: 'POST' })).status).to.equal(405);
  });

  it('ends requests that never come whole', async () => {
    const { port } = new URL(web.url);
    const socket = connect(Number(port), '127.0.0.1');
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => undefined);
    socket.end(
      'POST /api/v1/session HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"tok',
    );
    socket.resume();
    await closed;
    expect((await fetch(`${web.url}/`)).status).to.equal(200);
  });
});
