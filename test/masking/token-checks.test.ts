import { expect } from 'chai';
import { crc16, crc32, crc32Base62 } from '../../src/masking/checksums.ts';
import {
  hasAtlassianChecksum,
  hasBase62Checksum,
  isBasicAuth,
  isJsonBase64,
  isJwt,
  isNkey,
  isNumberedSecret,
  isPemBase64,
  isPrivateDer,
} from '../../src/masking/token-checks.ts';

const b64 = (bytes: string | readonly number[]): string => Buffer.from(bytes as string).toString('base64');

describe('masking/token-checks', () => {
  it('tells private keys in DER from certificates and public keys', () => {
    expect(isPrivateDer(b64([0x30, 0x82, 1, 0x3a, 2, 1, 0, 2, 0x41, 0]))).to.equal(true);
    expect(isPrivateDer(b64([0x30, 0x82, 4, 0xbd, 2, 1, 0, 0x30, 0x0d, 6]))).to.equal(true);
    expect(isPrivateDer(b64([0x30, 0x77, 2, 1, 1, 4, 0x20, 1]))).to.equal(true);
    expect(isPrivateDer(b64([0x30, 0x82, 3, 0x77, 0x30, 0x82, 2, 0x5f]))).to.equal(false);
    expect(isPrivateDer(b64([0x30, 0x82, 1, 0x0a, 2, 0x82, 1, 1]))).to.equal(false);
    expect(isPrivateDer('')).to.equal(false);
  });

  it('checks the six last characters of GitHub and npm tokens', () => {
    const body = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5';
    expect(hasBase62Checksum(`ghp_${body}${crc32Base62(body)}`)).to.equal(true);
    expect(hasBase62Checksum(`ghp_${body}000000`)).to.equal(false);
    expect(hasBase62Checksum('ghp_')).to.equal(false);
  });

  it('checks the hexadecimal end of Atlassian tokens', () => {
    const secret = 'ATATT3xFfGF0example';
    expect(hasAtlassianChecksum(`${secret}=${crc32(secret).toString(16).toUpperCase().padStart(8, '0')}`)).to.equal(true);
    expect(hasAtlassianChecksum(`${secret}=00000000`)).to.equal(false);
  });

  it('checks the end of nkey seeds', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    const bytes = [0x90 | 5, 0x00, ...Array.from({ length: 32 }, (_, i) => i * 7)];
    const crc = crc16(Uint8Array.from(bytes));
    const bits = [...bytes, crc & 255, crc >> 8].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const seed = (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
    expect(seed).to.match(/^S/);
    expect(isNkey(seed)).to.equal(true);
    expect(isNkey(seed.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')))).to.equal(false);
    expect(isNkey(`${seed.slice(0, 20)}${seed[20] === 'B' ? 'C' : 'B'}${seed.slice(21)}`)).to.equal(false);
    expect(isNkey('seed-1')).to.equal(false);
  });

  it('looks into base64', () => {
    expect(isJsonBase64(b64('{"k": 1}'))).to.equal(true);
    expect(isJsonBase64(b64('plain'))).to.equal(false);
    expect(isBasicAuth(b64('user:pass'))).to.equal(true);
    expect(isBasicAuth(b64('user'))).to.equal(false);
    expect(isNumberedSecret(b64('123456789012:abc'))).to.equal(true);
    expect(isNumberedSecret(b64('12:abc'))).to.equal(false);
    expect(isPemBase64(b64('-----BEGIN EC PRIVATE KEY-----'))).to.equal(true);
    expect(isPemBase64(b64('-----BEGIN CERTIFICATE-----'))).to.equal(false);
  });

  it('reads the two parts of a JSON Web Token', () => {
    const url = (text: string): string => Buffer.from(text).toString('base64url');
    expect(isJwt(`${url('{"alg":"none"}')}.${url('{}')}.`)).to.equal(true);
    expect(isJwt(`${url('{"typ":"JWT"}')}.${url('{}')}.`)).to.equal(false);
  });
});
