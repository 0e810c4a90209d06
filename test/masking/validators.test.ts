import { expect } from 'chai';
import { idChecks } from '../../src/masking/national-ids.ts';
import { validators } from '../../src/masking/validators.ts';

const b64 = (text: string): string => Buffer.from(text).toString('base64');
const url = (text: string): string => Buffer.from(text).toString('base64url');

/** By validator: texts it accepts, texts it refuses. */
const cases: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  ipv4: [
    ['203.0.113.7', '203.0.113.7:443', '203.0.113.0/24', '203-0-113-7'],
    ['1.2.3.4.5', '::1', '01.2.3.4'],
  ],
  ipv6: [
    ['2001:db8::7', 'fe80::1%eth0', '::ffff:203.0.113.7', 'dead:beef:cafe::babe'],
    ['a::b', '12:34:56', '203.0.113.7'],
  ],
  jwt: [[`${url('{"alg":"none"}')}.${url('{"sub":"x"}')}.`], [`${url('{"typ":"JWT"}')}.${url('{}')}.x`, 'eyJhbGci.x.y', '']],
  jwtBase64: [[b64(`${url('{"alg":"none"}')}.${url('{"sub":"x"}')}.`)], [b64('eyJ only'), '']],
  privateKeyBase64: [[b64('-----BEGIN EC PRIVATE KEY-----\nabc')], [b64('-----BEGIN CERTIFICATE-----')]],
  luhn: [
    ['4111111111111111', '4111-1111-1111-1111'],
    ['4111111111111112', '411111', 'x'.repeat(16)],
  ],
  base64: [
    ['YWJjZA==', 'YWJj', 'ab-_cd'],
    ['a', 'ab.cd', 'YWJjZ'],
  ],
  encodedPhrase: [
    [b64('super secret data'), b64('The Password is heron\n')],
    [b64('secret'), b64('secretName: a b'), b64('just some words'), b64('secret "db" not found'), b64('the secrets of it')],
  ],
  basicAuth: [[b64('user:pass')], [b64('userpass'), 'authentication']],
  pem: [['-----BEGIN PRIVATE KEY-----\nabc'], ['-----BEGIN CERTIFICATE-----']],
  email: [
    ['jane.doe@example.com', 'j+x@a.b.example.org', 'joe%40example.net'],
    [
      'git@github.com',
      'getty@tty1.service',
      'app@sha256',
      'a..b@example.com',
      'a@-x.com',
      '@example.com',
      `${'a'.repeat(65)}@example.com`,
      'app@db.prod.svc',
    ],
  ],
  entropy3: [['aB3xK9qLm2'], ['aaaaaaaaaa', '']],
  entropy4: [['wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYab'], ['aaaabbbbccccddddaaaabbbbccccddddaaaabbbb']],
  notHex: [['xyz123'], ['0123abcdef', 'ABCDEF']],
  notPlaceholder: [
    ['hunter2', 'postgres://user:secret@db', '5x'],
    [
      '$(PASSWORD)',
      `$\{PASSWORD}`,
      '$PASSWORD',
      '{{ .Values.password }}',
      '<your password>',
      'true',
      '12',
      '30s',
      '/run/secrets/db',
      'https://sso.example.com',
      '',
    ],
  ],
  tokenLike: [
    ['abc123def', 'abcdefghijABCDEFGHIJ'],
    ['authentication', '123456'],
  ],
  mixed: [['Ab3deFgh'], ['parallel', '8080', 'ABC123']],
  jsonBase64: [[b64('{"k": 1}')], [b64('plain'), '']],
  privateDer: [['MIIBOgIBAAJBAJtFfagSXdo0JmX6EdwWGvFM'], ['MIIDdzCCAl+gAwIBAgIEexample', '']],
  numberedSecret: [[b64('123456789012:abc')], [b64('12:abc'), '']],
  base62Checksum: [[], ['ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5000000', '']],
  atlassianChecksum: [[], ['ATATT3xFfGF0example=00000000', '']],
  nkey: [[], ['SUAAAA', '']],
  card: [['4111-1111-1111-1111'], ['4111111111111112', '']],
  iban: [['DE89 3704 0044 0532 0130 00'], ['DE88370400440532013000', '']],
  wallet: [['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'], ['3words', '']],
  base58Check: [['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'], ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb', '']],
  bech32: [['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'], ['bc1', '']],
  keyLike: [['AIhq5Xyb1Gga9Q29'], ['short1', 'app-7d9c6b5f4d', '']],
  labelled: [['8gNfR3bC7mJ6p9eK4t8wQ2'], ['default-token-x7k2p', '']],
  chosen: [
    ['IhqSb1Gg', 'dipPr15Gg!'],
    ['required', '1.2.3', ''],
  ],
  jumbled: [
    ['IhqSb1Gg', 'fgvs92WMir8sa'],
    ['hunter2', 'argon2id', 'app-7d9c6b5f4d-x7k2p', ''],
  ],
  reverseAddress: [
    ['7.113.0.203.in-addr.arpa', '113.0.203.in-addr.arpa'],
    ['203.0.113.7', 'in-addr.arpa', '7.113.0.300.in-addr.arpa', ''],
  ],
  randomToken: [['k3J9dLw0QpZ7vRt2Xb5N'], ['GetObjectV2RequestHandler', '']],
  base64Line: [['zMBgJI3W9qLDYFY69rN/xnL68wg5B1xv62ChNo4eTLlppGmNlLfX6YleXLYK2pTj'], ['A'.repeat(64), '']],
  phoneNumber: [
    ['(415) 555-0132', '+44 20 7946 0958', '4155550134'],
    ['2026-01-02', '10.0.0.1', '1234', '1111111111', '20260102030405678', ''],
  ],
};

describe('masking/validators', () => {
  it('has cases for every validator; those of ids are tested beside them', () => {
    const tested = [...Object.keys(cases), ...Object.keys(idChecks)];
    expect(tested.sort()).to.deep.equal(Object.keys(validators).sort());
  });

  for (const [name, [accepted, refused]] of Object.entries(cases)) {
    it(`tells ${name} from what is not`, () => {
      for (const text of accepted) expect(validators[name]!(text), text).to.equal(true);
      for (const text of refused) expect(validators[name]!(text), text).to.equal(false);
    });
  }

  it('never throws, whatever the text', () => {
    for (const validate of Object.values(validators)) {
      for (const text of ['', '.', '\u0000', '\ud800', '@', '%', ':'.repeat(200), '.'.repeat(1000)])
        expect(validate(text)).to.be.a('boolean');
    }
  });
});
