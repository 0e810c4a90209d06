import { expect } from 'chai';
import fc from 'fast-check';
import { parseIpv4 } from '../../src/core/ip-address.ts';
import { Secret } from '../../src/core/secret.ts';
import { AddressPseudonym } from '../../src/crypto/address-pseudonym.ts';
import { specialV4, specialV6 } from '../../src/crypto/address-ranges.ts';

const pan = new AddressPseudonym(new Secret(Uint8Array.from({ length: 32 }, (_, i) => i * 7 + 3)));
const bit = (a: Uint8Array, i: number): number => (a[i >> 3]! >> (7 - (i & 7))) & 1;
const mapped = (a: Uint8Array): Uint8Array => pan.map(a) ?? a;

function sharedBits(a: Uint8Array, b: Uint8Array): number {
  let n = 0;
  while (n < a.length * 8 && bit(a, n) === bit(b, n)) n++;
  return n;
}

/** Names of the special ranges an address is in. */
function rangesOf(a: Uint8Array): string {
  const ranges = a.length === 4 ? specialV4 : specialV6;
  return ranges
    .filter((range) => sharedBits(a, range.network) >= range.prefixBits)
    .map((range) => `${Buffer.from(range.network).toString('hex')}/${range.prefixBits}`)
    .join();
}

const ranges = [...specialV4, ...specialV6];
/** Random addresses, and as many at and near special ranges, where mistakes would be. */
const address = (size: 4 | 16): fc.Arbitrary<Uint8Array> => {
  const free = fc.uint8Array({ minLength: size, maxLength: size });
  const special = ranges.filter((range) => range.network.length === size);
  const near = fc.tuple(fc.constantFrom(...special), free, fc.nat(size * 8)).map(([range, tail, at]) => {
    const out = tail.slice();
    for (let i = 0; i < Math.min(at, size * 8); i++) {
      const mask = 0x80 >> (i & 7);
      out[i >> 3] = (out[i >> 3]! & ~mask) | (range.network[i >> 3]! & mask);
    }
    return out;
  });
  return fc.oneof(free, near);
};

describe('crypto/address-pseudonym', () => {
  for (const size of [4, 16] as const) {
    const family = size === 4 ? 'IPv4' : 'IPv6';

    it(`keeps every special range and keeps public ${family} addresses out of them`, () => {
      fc.assert(fc.property(address(size), (a) => void expect(rangesOf(mapped(a))).to.equal(rangesOf(a))));
    });

    it(`is one to one and preserves prefixes for ${family}`, () => {
      fc.assert(
        fc.property(
          address(size),
          address(size),
          (a, b) => void expect(sharedBits(mapped(a), mapped(b))).to.equal(sharedBits(a, b)),
        ),
      );
    });

    it(`maps only the given leading bits of an ${family} network address`, () => {
      fc.assert(
        fc.property(address(size), fc.nat(size * 8), (a, bits) => {
          const part = pan.map(a, bits) ?? a;
          expect(sharedBits(part, mapped(a))).to.be.at.least(bits);
          for (let i = bits; i < size * 8; i++) expect(bit(part, i)).to.equal(bit(a, i));
        }),
      );
    });
  }

  it('leaves kept ranges alone and moves hosts inside private ones', () => {
    for (const kept of ['0.0.0.0', '127.0.0.1', '169.254.169.254', '224.0.0.1', '255.255.255.255']) {
      expect(pan.map(parseIpv4(kept)!), kept).to.equal(undefined);
    }
    for (const moved of ['10.1.2.3', '172.20.3.4', '192.168.7.9', '100.64.9.9', '198.51.100.7']) {
      expect(pan.map(parseIpv4(moved)!), moved).not.to.deep.equal(parseIpv4(moved)!);
    }
  });

  it('gives different pseudonyms under different keys', () => {
    const other = new AddressPseudonym(new Secret(new Uint8Array(32)));
    const a = parseIpv4('198.51.100.7')!;
    expect(other.map(a)).not.to.deep.equal(pan.map(a));
  });
});

describe('crypto/address-pseudonym over many keys', () => {
  it('leaves hardly any private address as it is', () => {
    let same = 0;
    for (let key = 0; key < 200; key++) {
      const pan = new AddressPseudonym(new Secret(Uint8Array.from({ length: 32 }, (_, i) => (key * 31 + i * 7) & 255)));
      for (let host = 0; host < 50; host++) {
        const address = Uint8Array.from([10, host, (host * 37) & 255, key & 255]);
        if (Buffer.compare(pan.map(address) as Uint8Array, address) === 0) same++;
      }
    }
    // 10,000 addresses with 24 free bits: the published function leaves about ten.
    expect(same).to.equal(0);
  });
});
