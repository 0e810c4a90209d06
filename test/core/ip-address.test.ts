import { isIPv4, isIPv6 } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../../src/core/ip-address.ts';

const octets = fc.uint8Array({ minLength: 4, maxLength: 4 });
const sixteen = fc.oneof(
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  fc.array(fc.constantFrom(0, 0, 0, 1, 0xab), { minLength: 16, maxLength: 16 }).map((bytes) => Uint8Array.from(bytes)),
);

describe('core/ip-address', () => {
  it('reads what it writes, and agrees with the platform on what an address is', () => {
    fc.assert(fc.property(octets, (bytes) => void expect(parseIpv4(formatIpv4(bytes))).to.deep.equal(bytes)));
    fc.assert(
      fc.property(sixteen, (bytes) => {
        expect(isIPv6(formatIpv6(bytes))).to.equal(true);
        expect(parseIpv6(formatIpv6(bytes))).to.deep.equal(bytes);
      }),
    );
    const near = fc.string({ unit: fc.constantFrom(...'0129af:.'), maxLength: 24 });
    fc.assert(
      fc.property(near, (text) => {
        expect(parseIpv4(text) !== undefined, text).to.equal(isIPv4(text));
        expect(parseIpv6(text) !== undefined, text).to.equal(isIPv6(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('writes IPv6 as RFC 5952 says', () => {
    for (const [text, want] of [
      ['2001:0DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
      ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
      ['0:0:0:0:0:0:0:0', '::'],
      ['::FFFF:c000:0201', '::ffff:192.0.2.1'],
    ] as const) {
      expect(formatIpv6(parseIpv6(text)!)).to.equal(want);
    }
  });
});
