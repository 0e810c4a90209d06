import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { ApiserverWatch } from '../../src/apiserver/apiserver-watch.ts';
import { makeCertificates } from '../../src/crypto/certificate-authority.ts';

describe('apiserver/apiserver-watch', () => {
  let server: Server;
  let base: string;
  let folder: string;
  let counted = 0;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'auditveil-apiservers-'));
    server = createServer((request, response) => {
      response.writeHead(request.url === '/metrics' ? 200 : 403);
      response.end(
        `apiserver_audit_event_total ${counted}\napiserver_audit_error_total{plugin="webhook"} 3\napiserver_audit_error_total{plugin="log"} 0\napiserver_audit_requests_rejected_total 2\nprocess_start_time_seconds 1.7e+09\n`,
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('compares each apiserver with its sources, and says what cannot be read without a word of the token', async () => {
    const tokenFile = path.join(folder, 'token');
    writeFileSync(tokenFile, 'planted-token-of-metrics\n');
    const stored: Record<string, number> = { a: 5, b: 0 };
    let nowMs = Date.UTC(2026, 4, 4);
    const watch = new ApiserverWatch({
      apiservers: [
        { name: 'one', metrics: `${base}/metrics`, sources: ['a'] },
        { name: 'two', metrics: `${base}/secret?token=planted`, sources: ['b'], tokenFile },
        { name: 'three', metrics: `${base}/metrics`, sources: ['c'], tokenFile: path.join(folder, 'gone') },
      ],
      sources: ['a', 'b', 'c'],
      stored: (source) => stored[source] ?? 0,
      clock: { nowMs: () => nowMs },
    });
    expect(watch.counts()[0]).to.deep.equal({ name: 'one', sources: ['a'], lost: {}, refused: 0 });
    counted = 100;
    await watch.look();
    nowMs += 30_000;
    [counted, stored['a']] = [130, 33];
    await watch.look();
    const [one, two, three] = watch.counts();
    expect(one).to.deep.equal({
      ...{ name: 'one', sources: ['a'], at: '2026-05-04T00:00:30.000Z', started: '2023-11-14T22:13:20.000Z' },
      ...{ counted: 130, lost: { webhook: 3 }, refused: 2 },
      compared: {
        ...{ since: '2026-05-04T00:00:00.000Z', counted: 30, stored: 28, missing: 0, isSettled: false, together: ['one'] },
      },
    });
    expect(two?.problem?.message).to.contain('answers 403');
    expect(two?.problem?.remedy).to.contain('tokenFile');
    expect(three?.problem?.message).to.contain('gone');
    expect(JSON.stringify(watch.counts())).to.not.contain('planted');
  });

  it('shows nothing of a token or a key to whoever sees the page, whatever is answered', async () => {
    const planted = 'planted-token-of-metrics';
    const days = { now: new Date(), authorityDays: 2, leafDays: 1 };
    const made = await makeCertificates({ ...days, authorityName: 'test', serverNames: ['localhost'], clientName: 'none' });
    const shown = new Set<string | undefined>();
    const echo = createTlsServer({ cert: made.server.certificate, key: made.server.privateKey }, (request, response) => {
      const { authorization = '' } = request.headers;
      shown.add(authorization);
      response.writeHead(request.url === '/metrics' ? 200 : 403, authorization, { 'www-authenticate': authorization });
      response.end(
        `apiserver_audit_event_total{${authorization}} 1\napiserver_audit_error_total{plugin="${authorization}"} 3\n# ${authorization}\n`,
      );
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const write = (name: string, text: string): string => {
      const file = path.join(folder, name);
      writeFileSync(file, text);
      return file;
    };
    const url = `https://localhost:${(echo.address() as AddressInfo).port}`;
    const tls = { caFile: write('ca.pem', made.authority.certificate), allowUnverified: false };
    const tokenFile = write('echoed', planted);
    const pem = write('no.pem', `-----BEGIN PRIVATE KEY-----\n${planted}\n-----END PRIVATE KEY-----\n`);
    const watch = new ApiserverWatch({
      apiservers: [
        { name: 'counted', metrics: `${url}/metrics`, sources: ['a'], tokenFile, tls },
        { name: 'refused', metrics: `${url}/?${planted}`, sources: ['b'], tokenFile, tls },
        {
          name: 'no-header',
          metrics: `${url}/metrics`,
          sources: ['c'],
          tokenFile: write('lines', `${planted}\n${planted}`),
          tls,
        },
        { name: 'no-key', metrics: `${url}/metrics`, sources: ['d'], tls: { ...tls, certFile: pem, keyFile: pem } },
        { name: 'no-name', metrics: `${url.replace('localhost', '127.0.0.1')}/metrics`, sources: ['e'], tokenFile, tls },
      ],
      ...{ sources: ['a'], stored: () => 0, clock: { nowMs: Date.now } },
    });
    await watch.look();
    echo.close();
    const [counted, ...others] = watch.counts();
    expect(shown).to.deep.equal(new Set([`Bearer ${planted}`]));
    expect(counted?.problem).to.equal(undefined);
    expect(counted?.lost).to.deep.equal({ other: 3 });
    for (const { problem } of others) expect(problem?.message).to.be.a('string');
    expect(others[2]?.problem?.message).to.contain('no.pem: not usable for TLS');
    expect(JSON.stringify(watch.counts())).to.not.contain('planted');
  });

  it('counts apiservers of the same sources together', async () => {
    const apiservers = ['one', 'two'].map((name) => ({ name, metrics: `${base}/metrics` }));
    let nowMs = 0;
    const watch = new ApiserverWatch({ apiservers, sources: ['a'], stored: () => counted * 2, clock: { nowMs: () => nowMs } });
    counted = 10;
    await watch.look();
    [counted, nowMs] = [15, 30_000];
    await watch.look();
    for (const { compared } of watch.counts())
      expect(compared).to.deep.include({ counted: 10, stored: 10, together: ['one', 'two'] });
  });
});
