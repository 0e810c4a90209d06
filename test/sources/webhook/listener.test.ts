import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect } from 'chai';
import { post, type Running, runSource } from './post.ts';

const event = '{"kind":"EventList","items":[{"auditID":"1"}]}';

describe('sources/webhook/listener', () => {
  const folder = mkdtempSync(join(tmpdir(), 'auditveil-tls-'));
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  let running: Running | undefined;

  function authority(name: string): void {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-days',
      '2',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
    );
  }

  function issue(name: string, by: string, extension: string): void {
    writeFileSync(at(`${name}.ext`), extension);
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    );
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      `${by}.crt`,
      '-CAkey',
      `${by}.key`,
      '-CAcreateserial',
      '-days',
      '1',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.crt`,
    );
  }

  before(function () {
    this.timeout(30_000);
    try {
      openssl('version');
    } catch {
      if (process.env['CI'] === 'true') throw new Error('openssl is missing');
      process.stderr.write('      skipped: no openssl\n');
      this.skip();
    }
    for (const name of ['ca', 'other']) authority(name);
    issue('server', 'ca', 'subjectAltName=IP:127.0.0.1');
    issue('kube-apiserver', 'ca', 'extendedKeyUsage=clientAuth\nsubjectAltName=DNS:api.example.com');
    issue('stranger', 'other', 'extendedKeyUsage=clientAuth');
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });
  after(() => rmSync(folder, { recursive: true }));

  const start = (allowedNames: readonly string[]) =>
    runSource({
      tls: { certFile: at('server.crt'), keyFile: at('server.key'), clientCaFile: at('client-ca.crt'), allowedNames },
    });
  const send = (address: string, name?: string) => {
    const text = (file: string): string => readFileSync(at(file), 'utf8');
    const own = name === undefined ? {} : { cert: text(`${name}.crt`), key: text(`${name}.key`) };
    return post(address, event, { tls: { ca: text('ca.crt'), ...own } });
  };

  it('takes events of a certificate of the authority, under its name, and tells others why not', async () => {
    copyFileSync(at('ca.crt'), at('client-ca.crt'));
    running = await start(['api.example.com']);
    expect((await send(running.address, 'kube-apiserver')).status).to.equal(200);
    expect(running.clients).to.deep.equal(['api.example.com']);
    const none = await send(running.address);
    expect([none.status, none.text]).to.deep.equal([401, 'certificate-missing\n']);
    const other = await send(running.address, 'stranger');
    expect([other.status, other.text]).to.deep.equal([401, 'certificate-not-trusted\n']);
    expect(running.events.length).to.equal(1);
  });

  it('refuses a name that is not allowed', async () => {
    copyFileSync(at('ca.crt'), at('client-ca.crt'));
    running = await start(['scheduler']);
    expect((await send(running.address, 'kube-apiserver')).status).to.equal(403);
  });

  it('takes up another authority without a restart', async () => {
    copyFileSync(at('ca.crt'), at('client-ca.crt'));
    running = await start([]);
    copyFileSync(at('other.crt'), at('client-ca.crt'));
    await running.source.reload();
    expect((await send(running.address, 'kube-apiserver')).status).to.equal(401);
    expect((await send(running.address, 'stranger')).status).to.equal(200);
  });

  it('takes up a renewed certificate under load without leaving one request unanswered', async () => {
    copyFileSync(at('ca.crt'), at('client-ca.crt'));
    running = await start([]);
    const { address, source } = running;
    const text = (file: string): string => readFileSync(at(file), 'utf8');
    const own = { ca: text('ca.crt'), cert: text('kube-apiserver.crt'), key: text('kube-apiserver.key') };
    const agent = new Agent({ keepAlive: true, maxSockets: 3, ...own });
    const answers = new Set<number>();
    let isOver = false;
    const load = Array.from({ length: 3 }, async () => {
      while (!isOver) answers.add((await post(address, event, { tls: own, agent })).status);
    });
    for (let turn = 0; turn < 5; turn++) {
      issue('server', 'ca', 'subjectAltName=IP:127.0.0.1');
      await source.reload();
    }
    isOver = true;
    await Promise.all(load);
    agent.destroy();
    expect([...answers]).to.deep.equal([200]);
    const [host = '', port = ''] = address.split(':');
    const seen = connect({ host, port: Number(port), ca: own.ca });
    await once(seen, 'secureConnect');
    expect(seen.getPeerX509Certificate()?.toString()).to.equal(text('server.crt'));
    seen.destroy();
  });

  it('is not open to plain HTTP', async () => {
    copyFileSync(at('ca.crt'), at('client-ca.crt'));
    running = await start([]);
    expect((await post(running.address, event)).status).to.equal(0);
    expect(running.answers).to.deep.equal(['plain-http-on-tls-port']);
  });
});
