import { expect } from 'chai';
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
};

describe('masking/validators', () => {
  it('has cases for every validator', () => {
    expect(Object.keys(cases).sort()).to.deep.equal(Object.keys(validators).sort());
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
