import net from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { inNetwork, parseAddress, parseNetwork } from '../../src/detection/cidr.ts';

const inside = (address: string, network: string): boolean => {
  const bytes = parseAddress(address);
  const parsed = parseNetwork(network);
  if (!bytes || !parsed) throw new Error('not an address or network');
  return inNetwork(bytes, parsed);
};

describe('detection/cidr', () => {
  it('accepts exactly the addresses that the platform accepts', () => {
    const odd = fc.constantFrom(
      '::',
      '::1',
      '1::',
      '1::2::3',
      '1:2:3:4:5:6:7:8:9',
      '01.2.3.4',
      '1.2.3',
      '::ffff:192.0.2.1',
      ':::',
      '1:2:3:4:5:6:7::',
      '12345::',
      '',
    );
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), odd, fc.string({ maxLength: 12 })), (text) => {
        if (text.includes('%')) return;
        expect(parseAddress(text) !== undefined, text).to.equal(net.isIP(text) !== 0);
      }),
    );
  });

  it('agrees with the platform about what lies in a network', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.nat(32), (address, base, bits) => {
        const list = new net.BlockList();
        list.addSubnet(base, bits, 'ipv4');
        expect(inside(address, `${base}/${bits}`)).to.equal(list.check(address));
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), fc.nat(128), (address, base, bits) => {
        const list = new net.BlockList();
        list.addSubnet(base, bits, 'ipv6');
        expect(inside(address, `${base}/${bits}`)).to.equal(list.check(address, 'ipv6'));
      }),
    );
  });

  it('sees an IPv4 address in its IPv6 form', () => {
    expect(inside('::ffff:192.0.2.9', '192.0.2.0/24')).to.equal(true);
    expect(inside('2001:db8::1', '192.0.2.0/24')).to.equal(false);
  });

  it('refuses what is no network', () => {
    for (const text of ['192.0.2.0/33', '2001:db8::/129', '192.0.2/24', 'example.com', '192.0.2.0/', ''])
      expect(parseNetwork(text), text).to.equal(undefined);
  });
});
