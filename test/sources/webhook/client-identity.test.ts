import { expect } from 'chai';
import { TokenSet } from '../../../src/crypto/token-set.ts';
import { type ClientCertificate, identify } from '../../../src/sources/webhook/client-identity.ts';

const good: ClientCertificate = {
  authorized: true,
  error: undefined,
  names: ['kube-apiserver', 'api.example.com'],
  validToMs: 2_000,
};
const tokens = new TokenSet([{ name: 'token:a', token: 'a'.repeat(32) }]);
const bearer = `Bearer ${'a'.repeat(32)}`;
const nobody = { certificate: false, allowedNames: [], tokens: undefined };

describe('sources/webhook/client-identity', () => {
  const certificate = (allowedNames: readonly string[], shown: ClientCertificate | undefined, nowMs = 1_000) =>
    identify({ ...nobody, certificate: true, allowedNames }, shown, undefined, nowMs);

  it('takes the first name of a valid certificate, or the one that is allowed', () => {
    expect(certificate([], good)).to.deep.equal({ accepted: true, client: 'kube-apiserver' });
    expect(certificate(['api.example.com'], good)).to.deep.equal({ accepted: true, client: 'api.example.com' });
  });

  it('says why a certificate is refused', () => {
    const reason = (...given: Parameters<typeof certificate>): unknown => Object.values(certificate(...given)).slice(1);
    expect(reason([], undefined)).to.deep.equal([401, 'certificate-missing']);
    expect(reason([], good, 3_000)).to.deep.equal([401, 'certificate-expired']);
    expect(reason([], { ...good, authorized: false, error: 'SELF_SIGNED_CERT_IN_CHAIN' })).to.deep.equal([
      401,
      'certificate-not-trusted',
    ]);
    expect(reason(['kube-apiserver.'], good)).to.deep.equal([403, 'name-not-allowed']);
  });

  it('asks for both where both are required', () => {
    const both = { certificate: true, allowedNames: [], tokens };
    expect(identify(both, good, undefined, 1_000)).to.include({ accepted: false, reason: 'token-missing' });
    expect(identify(both, undefined, bearer, 1_000)).to.include({ accepted: false, reason: 'certificate-missing' });
    expect(identify(both, good, bearer, 1_000)).to.deep.equal({ accepted: true, client: 'kube-apiserver' });
  });

  it('accepts no beginning and no continuation of a token', () => {
    const onlyTokens = { ...nobody, tokens };
    for (const text of [bearer.slice(0, -1), `${bearer}a`, bearer.toUpperCase(), 'Bearer ', `Basic ${'a'.repeat(32)}`])
      expect(identify(onlyTokens, undefined, text, 1_000).accepted).to.equal(false);
    expect(identify(onlyTokens, undefined, bearer, 1_000)).to.deep.equal({ accepted: true, client: 'token:a' });
  });

  it('keeps names printable', () => {
    expect(certificate([], { ...good, names: ['a\u001b[31m\n'] })).to.deep.equal({ accepted: true, client: 'a?[31m?' });
  });
});
