import { expect } from 'chai';
import fc from 'fast-check';
import { Secret } from '../../src/core/secret.ts';
import { hmacSha256, KeyedHmac } from '../../src/crypto/hmac.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('crypto/hmac', () => {
  const answers: readonly [Uint8Array, string, string][] = [
    [new Uint8Array(20).fill(0x0b), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
    [Buffer.from('Jefe'), 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  ];
  it('gives the answers of RFC 4231, test cases 1 and 2', () => {
    for (const [key, data, answer] of answers) {
      expect(hex(hmacSha256(new Secret(key), data))).to.equal(answer);
      expect(new KeyedHmac(new Secret(key)).hex(data)).to.equal(answer);
    }
  });

  it('gives the same for texts one after another as for each by itself, whatever is in them and however long', () => {
    const key = new Secret(Uint8Array.from({ length: 32 }, (_, i) => i * 7));
    const keyed = new KeyedHmac(key);
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('a', '€', '\ud800'), maxLength: 40 }));
    fc.assert(
      fc.property(text, fc.nat({ max: 40 }), (one, times) => {
        const value = one.repeat(times + 1);
        expect(keyed.hex(value)).to.equal(hex(hmacSha256(key, value)));
      }),
    );
    for (const length of [511, 512, 513]) {
      expect(keyed.hex('€'.repeat(length))).to.equal(hex(hmacSha256(key, '€'.repeat(length))));
    }
  });

  it('refuses a key that is longer than a block', () => {
    expect(() => new KeyedHmac(new Secret(new Uint8Array(65)))).to.throw(RangeError);
  });
});
