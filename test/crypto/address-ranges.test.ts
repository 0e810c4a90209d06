import { expect } from 'chai';
import { parseIpv4, parseIpv6 } from '../../src/core/ip-address.ts';
import { RangeTrie, specialV4, specialV6 } from '../../src/crypto/address-ranges.ts';

const v4 = new RangeTrie(specialV4);
const v6 = new RangeTrie(specialV6);

describe('crypto/address-ranges', () => {
  it('fixes no bit beyond where an address leaves the ranges', () => {
    expect(v4.fixedBits(parseIpv4('203.0.113.7')!)).to.equal(5);
    expect(v4.fixedBits(parseIpv4('10.0.0.1')!)).to.equal(8);
    expect(v4.fixedBits(parseIpv4('192.168.0.1')!)).to.equal(16);
    expect(v4.fixedBits(parseIpv4('192.169.0.1')!)).to.equal(16);
    expect(v6.fixedBits(parseIpv6('2001:db8::1')!)).to.equal(3);
    expect(v6.fixedBits(parseIpv6('fe80::1')!)).to.equal(64);
    expect(v6.fixedBits(parseIpv6('fd00::1')!)).to.equal(7);
  });

  it('keeps whole addresses of kept ranges', () => {
    for (const kept of ['0.0.0.0', '127.1.2.3', '169.254.169.254', '239.1.1.1', '255.255.255.255']) {
      expect(v4.fixedBits(parseIpv4(kept)!), kept).to.equal(-1);
    }
    for (const kept of ['::', '::1', 'ff02::1', '::ffff:0:1']) expect(v6.fixedBits(parseIpv6(kept)!), kept).to.equal(-1);
  });
});
