import { expect } from 'chai';
import { Secret } from '../../src/core/secret.ts';
import { hmacSha256 } from '../../src/crypto/hmac.ts';

describe('crypto/hmac', () => {
  it('gives the answers of RFC 4231, test cases 1 and 2', () => {
    const hex = (key: Uint8Array, data: string): string => Buffer.from(hmacSha256(new Secret(key), data)).toString('hex');
    expect(hex(new Uint8Array(20).fill(0x0b), 'Hi There')).to.equal(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    );
    expect(hex(Buffer.from('Jefe'), 'what do ya want for nothing?')).to.equal(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});
