import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { expect } from 'chai';
import { accessTokenHash } from '../../src/crypto/access-token.ts';
import { makeCertificates } from '../../src/crypto/certificate-authority.ts';
import { startWeb, type TestWeb, WebFolder } from '../support/web-fixture.ts';

const token = 'token-of-carol';
const tokens = [{ name: 'carol', role: 'auditor' as const, hash: accessTokenHash(token) }];

describe('web: over TLS', () => {
  let folder: WebFolder;
  let web: TestWeb;
  let ca = '';
  before(async () => {
    folder = await WebFolder.make();
    const days = { now: new Date(), authorityDays: 2, leafDays: 1 };
    const made = await makeCertificates({ ...days, authorityName: 'test', serverNames: ['localhost'], clientName: 'none' });
    ca = made.authority.certificate;
    const tls = { certFile: join(folder.path, 'server.pem'), keyFile: join(folder.path, 'server.key') };
    await writeFile(tls.certFile, made.server.certificate);
    await writeFile(tls.keyFile, made.server.privateKey, { mode: 0o600 });
    web = await startWeb(folder.path, { config: { tls, tokens } });
  });
  after(async () => {
    await web.server.close();
    await folder.remove();
  });

  const post = (host: string, maxVersion: 'TLSv1.1' | 'TLSv1.3') =>
    new Promise<{ status: number | undefined; cookie: string }>((resolve, reject) => {
      const { port } = new URL(web.url);
      const headers = { host, 'content-type': 'application/json' };
      const options = {
        ca,
        port,
        host: 'localhost',
        path: '/api/v1/session',
        method: 'POST',
        headers,
        maxVersion,
        minVersion: 'TLSv1' as const,
      };
      request({ ...options, servername: 'localhost' }, (response) => {
        response.resume();
        resolve({ status: response.statusCode, cookie: String(response.headers['set-cookie']) });
      })
        .on('error', reject)
        .end(JSON.stringify({ token }));
    });

  it('gives a cookie that is sent back over TLS only, to this host only', async () => {
    const { status, cookie } = await post('audit.example.com', 'TLSv1.3');
    expect(status).to.equal(200);
    expect(cookie).to.match(/^__Host-auditveil=av_[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
  });

  it('speaks nothing older than TLS 1.2, and no plain HTTP', async () => {
    expect(await post('localhost', 'TLSv1.1').catch((error: Error) => error)).to.be.instanceOf(Error);
    expect(await fetch(web.url.replace('https', 'http')).catch((error: Error) => error)).to.be.instanceOf(Error);
  });
});
