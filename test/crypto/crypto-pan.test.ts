import { createCipheriv } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../../src/core/ip-address.ts';
import { Secret } from '../../src/core/secret.ts';
import { CryptoPan } from '../../src/crypto/crypto-pan.ts';

interface Vectors {
  readonly crypto_pan: { readonly key_bytes: readonly number[]; readonly vectors: readonly { ip: string; out: string }[] };
}

describe('crypto/crypto-pan', () => {
  it('gives the published answers for IPv4 and IPv6', function () {
    const file = '../shared/data/masking/ip-pseudonym-vectors.json';
    if (!existsSync(file) && process.env['CI'] !== 'true') return this.skip();
    const { crypto_pan: known } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
    const pan = new CryptoPan(new Secret(Uint8Array.from(known.key_bytes)));
    expect(known.vectors.length).to.equal(75);
    for (const { ip, out } of known.vectors) {
      const four = isIPv4(ip);
      const address = four ? parseIpv4(ip)! : parseIpv6(ip)!;
      const got = pan.pseudonym(address);
      expect(four ? formatIpv4(got) : formatIpv6(got), ip).to.equal(four ? out : formatIpv6(parseIpv6(out)!));
    }
  });

  it('agrees with the published answer for the documented key (kept here so that it runs everywhere)', () => {
    const key = [21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16];
    const pad = [216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2];
    const pan = new CryptoPan(new Secret(Uint8Array.from([...key, ...pad])));
    expect(formatIpv4(pan.pseudonym(parseIpv4('128.11.68.132')!))).to.equal('135.242.180.132');
    expect(formatIpv4(pan.pseudonym(parseIpv4('192.102.249.13')!))).to.equal('252.138.62.131');
  });

  it('flips each bit by the bits before it and, where asked for, by its number', () => {
    const key = Uint8Array.from({ length: 32 }, (_, i) => i * 7);
    const cipher = createCipheriv('aes-128-ecb', key.subarray(0, 16), null).setAutoPadding(false);
    const pad = cipher.update(key.subarray(16));
    const isSet = (bytes: Uint8Array, bit: number): boolean => ((bytes[bit >> 3]! >> (7 - (bit & 7))) & 1) === 1;
    /** The definition, a bit at a time. */
    const flipped = (address: Uint8Array, bit: number, positioned: boolean): boolean => {
      const block = Uint8Array.from(pad);
      for (let i = 0; i < bit; i++) {
        block[i >> 3]! &= ~(0x80 >> (i & 7));
        if (isSet(address, i)) block[i >> 3]! |= 0x80 >> (i & 7);
      }
      if (positioned) block[15]! ^= bit + 1;
      return isSet(cipher.update(block), 0);
    };
    const bytes = fc.constantFrom(4, 16).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
    for (const positioned of [false, true]) {
      const pan = new CryptoPan(new Secret(key), positioned);
      fc.assert(
        fc.property(bytes, fc.nat(128), fc.nat(128), (address, a, b) => {
          const [from, to] = [Math.min(a, b, address.length * 8), Math.min(Math.max(a, b), address.length * 8)];
          const flips = pan.flips(address, from, to);
          for (let bit = 0; bit < address.length * 8; bit++) {
            const expected = bit >= from && bit < to && flipped(address, bit, positioned);
            expect(isSet(flips, bit), `bit ${bit}`).to.equal(expected);
          }
        }),
      );
    }
  });

  it('refuses a key that is not 32 bytes long', () => {
    expect(() => new CryptoPan(new Secret(new Uint8Array(31)))).to.throw(RangeError);
  });
});
