import { expect } from 'chai';
import { Secret } from '../../src/core/secret.ts';
import { hkdfSha256 } from '../../src/crypto/hkdf.ts';

describe('crypto/hkdf', () => {
  it('gives the answer of RFC 5869, test case 1', () => {
    const key = new Secret(new Uint8Array(22).fill(0x0b));
    const derived = hkdfSha256(
      key,
      Buffer.from('000102030405060708090a0b0c', 'hex'),
      Buffer.from('f0f1f2f3f4f5f6f7f8f9', 'hex'),
      42,
    );
    expect(Buffer.from(derived.reveal()).toString('hex')).to.equal(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    );
  });
});
