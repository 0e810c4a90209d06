import { expect } from 'chai';
import { SipHash } from '../../src/crypto/siphash.ts';

const count = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => i & 0xff);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Of the authors' list for the key 00 … 0f and the message 00, 01, 02, …; checked against OpenSSL's SIPHASH. */
const known: readonly (readonly [number, string])[] = [
  [0, 'a3817f04ba25a8e66df67214c7550293'],
  [1, 'da87c1d86b99af44347659119b22fc45'],
  [7, 'a1f1ebbed8dbc153c0b84aa61ff08239'],
  [8, '3b62a9ba6258f5610f83e264f31497b4'],
  [9, '264499060ad9baabc47f8b02bb6d71ed'],
  [15, '5493e99933b0a8117e08ec0f97cfc3d9'],
  [63, '5150d1772f50834a503e069a973fbd7c'],
];

describe('crypto/siphash', () => {
  for (const [length, want] of known) {
    it(`gives the published answer for a message of ${length} bytes`, () => {
      expect(hex(new SipHash(count(16)).digest(count(length)))).to.equal(want);
    });
  }

  it('hashes a span of a larger array as if it were an array of its own', () => {
    const hash = new SipHash(count(16));
    expect(hex(hash.digest(count(40), 8, 31))).to.equal(hex(hash.digest(count(40).slice(8, 31))));
  });

  it('has no state between calls and depends on every key byte', () => {
    const hash = new SipHash(count(16));
    const first = hex(hash.digest(count(20)));
    hash.digest(count(3));
    expect(hex(hash.digest(count(20)))).to.equal(first);
    for (let i = 0; i < 16; i++) {
      const key = count(16);
      key[i]! ^= 1;
      expect(hex(new SipHash(key).digest(count(20)))).not.to.equal(first);
    }
  });

  it('refuses a key that is not 16 bytes long', () => {
    expect(() => new SipHash(count(15))).to.throw(RangeError);
  });
});
