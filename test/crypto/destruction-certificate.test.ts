import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { rotated, withoutEpoch } from '../../src/crypto/change-keys.ts';
import { certifyDestruction, signedText, verifyCertificate } from '../../src/crypto/destruction-certificate.ts';
import { formatKeyFile, parseKeyFile } from '../../src/crypto/key-ring.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { isSignedBy, loadOrCreateSigningKey, publicKeyId } from '../../src/crypto/signing-key.ts';

const startMs = Date.parse('2026-01-01T00:00:00Z');
const ring = withoutEpoch(
  rotated(parseKeyFile(formatKeyFile(systemRandom(32), '2026-01-01T00:00:00Z', 'prod'), 'keys.json'), {
    key: systemRandom(32),
    nowMs: startMs,
    fromMs: startMs + 1000,
    overlapMs: 0,
  }),
  'k1',
  startMs + 2000,
);

describe('crypto/destruction-certificate', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sign-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const signingKey = () => loadOrCreateSigningKey(join(folder, 'signing.pem'), join(folder, 'signing.pub.pem'));

  it('is made once and the same again, and says what was destroyed when', async () => {
    const key = await signingKey();
    const certificate = certifyDestruction(ring, 'k1', key);
    expect(certifyDestruction(ring, 'k1', await signingKey())).to.deep.equal(certificate);
    expect(certificate.body).to.include({
      clusterGroup: 'prod',
      epoch: 'k1',
      from: '2026-01-01T00:00:00Z',
      until: '2026-01-01T00:00:01.000Z',
      destroyed: '2026-01-01T00:00:02.000Z',
    });
    expect(certificate.body.statement).to.include('can no longer be computed from a candidate value');
    expect(() => certifyDestruction(ring, 'k2', key)).to.throw(Fault);
    expect(readdirSync(folder).sort()).to.deep.equal(['signing.pem', 'signing.pub.pem']);
    expect(statSync(join(folder, 'signing.pem')).mode & 0o777).to.equal(0o600);
  });

  it('verifies with its key, and no longer after a change of any member', async () => {
    const key = await signingKey();
    const certificate = certifyDestruction(ring, 'k1', key);
    const text = JSON.stringify(certificate);
    expect(verifyCertificate(text, key.publicPem).keyId).to.equal(publicKeyId(key.publicPem));
    expect(verifyCertificate(text, undefined).body.epoch).to.equal('k1');
    for (const name of Object.keys(certificate.body)) {
      if (name === 'type') continue;
      const changed = { ...certificate, body: { ...certificate.body, [name]: name === 'version' ? 2 : 'x' } };
      expect(() => verifyCertificate(JSON.stringify(changed), key.publicPem), name).to.throw(Fault, /signature/);
    }
    const other = await loadOrCreateSigningKey(join(folder, 'other.pem'), join(folder, 'other.pub.pem'));
    expect(() => verifyCertificate(text, other.publicPem)).to.throw(Fault, /signature/);
    for (const broken of [
      '',
      '{}',
      'null',
      '[]',
      text.replace('auditveil.', 'other.'),
      text.replace('"version":1', '"version":1.5'),
    ])
      expect(() => verifyCertificate(broken, key.publicPem)).to.throw(Fault);
  });

  it('verifies with OpenSSL over the canonical statement', async function () {
    if (spawnSync('openssl', ['version']).status !== 0) return this.skip();
    const key = await signingKey();
    const certificate = certifyDestruction(ring, 'k1', key);
    writeFileSync(join(folder, 'body.json'), signedText(certificate.body));
    writeFileSync(join(folder, 'body.sig'), Buffer.from(certificate.signature, 'base64'));
    const said = execFileSync(
      'openssl',
      ['pkeyutl', '-verify', '-pubin', '-inkey', 'signing.pub.pem', '-rawin', '-in', 'body.json', '-sigfile', 'body.sig'],
      {
        cwd: folder,
      },
    );
    expect(said.toString()).to.include('Success');
  });

  it('refuses a signing key that others can read, or that is none', async () => {
    await signingKey();
    chmodSync(join(folder, 'signing.pem'), 0o644);
    let code = '';
    await signingKey().catch((error: unknown) => {
      code = (error as Fault).code;
    });
    expect(code).to.equal('E_KEY_SIGNING');
    chmodSync(join(folder, 'signing.pem'), 0o600);
    writeFileSync(join(folder, 'signing.pem'), 'no key');
    await signingKey().catch((error: unknown) => {
      code = (error as Fault).message;
    });
    expect(code).to.match(/no Ed25519 key/);
    expect(isSignedBy('no key', 'x', new Uint8Array(64))).to.equal(false);
  });
});
