import { createHash } from 'node:crypto';
import { expect } from 'chai';
import {
  entropyBits,
  isBase64Line,
  isChosen,
  isJumbled,
  isKeyLike,
  isLabelled,
  isRandomToken,
  isReadableBase64,
} from '../../src/masking/randomness.ts';

const random = (i: number, length: number): string =>
  createHash('sha512').update(`seed ${i}`).digest('base64').replace(/[+/=]/g, '').slice(0, length);

/** What stands in events and is no secret. */
const harmless: readonly string[] = [
  ...[
    'app-7d9c6b5f4d-x7k2p',
    'kube-controller-manager-node-1.example.com',
    'coredns-5d78c9869d-abcde',
    'my-very-long-deployment-name-v2',
  ],
  ...['7f3c2a10-9b1d-4e5f-8a6b-0c1d2e3f4a5b', 'd48fb6b308f29c3298036ce69a3183ceece24b02bd28874bdfc0115f2d53b3ed'],
  ...[
    'registry.example.com/team/app:v1.2.3-rc4',
    'v1.29.3+rke2r1',
    'GetObjectV2RequestHandler',
    'X25519.KeyPair',
    'rbac.authorization.k8s.io/v1',
  ],
  ...['2026-05-04T09:12:33.127649Z', 'system:serviceaccount:kube-system:token-cleaner', 'aGVsbG8gd29ybGQsIHBsYWlu', '3067938383'],
  ...[
    'COMMUNICATION_API_VERSION',
    'org.slf4j.slf4j-api',
    'kubernetes.io/config.hash',
    'id-Gost28147-89-None-KeyMeshing',
    '7f3c2a10-9b1d-4e5f-8a6b-0c1d2e3f4a5b/ResponseComplete',
  ],
];

describe('masking/randomness', () => {
  it('says of random characters that they are, and of harmless values that they are not', () => {
    let found = 0;
    for (let i = 0; i < 400; i++) if (isRandomToken(random(i, 24 + (i % 30)))) found++;
    expect(found / 400).to.be.greaterThan(0.95);
    expect(harmless.filter(isRandomToken)).to.deep.equal([]);
  });

  it('takes what follows a telling word only where it is no name', () => {
    const names = harmless.filter((text) => !text.endsWith('Complete') && /[.:/]|-[a-z0-9]{5}$|^my-/.test(text));
    expect(names.length).to.be.greaterThan(9);
    expect(names.filter(isLabelled)).to.deep.equal([]);
    for (const text of [
      '8gNfR3bC7mJ6p9eK4t8wQ2',
      '0123456789abcdef0123456789abcdef',
      'abcde123-fghij456-klmno789-pqrst012',
      '12345678901234567890123456',
    ])
      expect(isLabelled(text), text).to.equal(true);
  });

  it('takes values under names of keys that look like keys', () => {
    for (const text of ['AIhq5Xyb1Gga9Q29', 'b1946ac92492d2347c6235b4d2611184', random(1, 40)])
      expect(isKeyLike(text), text).to.equal(true);
    for (const text of [
      'short1',
      'DatabaseConnectionString',
      's_rsa1024_priv.pem',
      'https://example.com/a1',
      '1.2.3-4',
      'os.environ.get(x)',
      '000000000000',
    ])
      expect(isKeyLike(text), text).to.equal(false);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
    expect(isKeyLike(alphabet)).to.equal(false);
  });

  it('takes chosen passwords and no words, hosts and versions', () => {
    for (const text of ['IhqSb1Gg', 'dipPr15Gg!', 'hunter2', 'correct!horse']) expect(isChosen(text), text).to.equal(true);
    for (const text of ['true', 'required', 'app-7d9c6b5f4d', '10.0.0.1', 'db.example.com:5432', '1.2.3', 'getenv(x1)', '123456'])
      expect(isChosen(text), text).to.equal(false);
  });

  it('tells generated passwords from words with a number', () => {
    for (const text of ['fgvs92WMir8sa', 'plain8cQ1z']) expect(isJumbled(text), text).to.equal(true);
    for (const text of ['sha256', 'argon2id', 'hunter2', 'app1234x', 'v1beta1', 'team/app@v1'])
      expect(isJumbled(text), text).to.equal(false);
  });

  it('tells lines of keys from other base64', () => {
    expect(isBase64Line('zMBgJI3W9qLDYFY69rN/xnL68wg5B1xv62ChNo4eTLlppGmNlLfX6YleXLYK2pTj')).to.equal(true);
    expect(isBase64Line(Buffer.from('settings that anybody may read, at some length 123').toString('base64'))).to.equal(false);
    expect(isBase64Line('A'.repeat(64))).to.equal(false);
  });

  it('knows readable base64 and bits per character', () => {
    expect(isReadableBase64('aGVsbG8gd29ybGQsIHBsYWlu')).to.equal(true);
    expect(isReadableBase64(random(3, 24))).to.equal(false);
    expect(entropyBits('aaaa')).to.equal(0);
    expect(entropyBits('abcd')).to.equal(2);
  });

  it('takes time in proportion to the length, whatever the text', () => {
    const texts = ['a', 'aB3', 'a.', 'a-', '1', 'x1-', '/', '+'].map((part) => `${part.repeat(200_000)}!`);
    for (const check of [isRandomToken, isLabelled, isKeyLike, isChosen, isJumbled, isBase64Line, isReadableBase64])
      for (const text of texts) expect(check(text)).to.be.a('boolean');
  });
});
