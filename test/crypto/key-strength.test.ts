import { expect } from 'chai';
import { weaknessOf } from '../../src/crypto/key-strength.ts';
import { systemRandom } from '../../src/crypto/random.ts';

describe('crypto/key-strength', () => {
  for (const [what, key] of [
    ['zeros', new Uint8Array(32)],
    ['one value', new Uint8Array(32).fill(0xa7)],
    ['a counter', Uint8Array.from({ length: 32 }, (_, i) => 200 + i)],
    ['a counter backwards', Uint8Array.from({ length: 32 }, (_, i) => 31 - i)],
    ['typed text', Buffer.from('correct horse battery staple 123')],
    ['hex digits', Buffer.from('0123456789abcdef00112233445566ff')],
    ['a repeated half', Buffer.concat([systemRandom(16), new Uint8Array(16)])],
    ['a word and zeros', Buffer.concat([Buffer.from('changeme'), new Uint8Array(24)])],
  ] as const) {
    it(`finds ${what} weak`, () => {
      expect(weaknessOf(key)).to.be.a('string');
    });
  }

  it('takes random bytes for a key, every time', () => {
    for (let i = 0; i < 20_000; i++) expect(weaknessOf(systemRandom(32))).to.equal(undefined);
  });
});
