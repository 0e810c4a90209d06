import { expect } from 'chai';
import { AddressPseudonym } from '../../src/crypto/address-pseudonym.ts';
import { parseAddress, pseudonymiseAddress } from '../../src/masking/address.ts';
import { testRing } from './support/mask-lines.ts';

const pan = new AddressPseudonym(testRing.derive('address'));
const map = (text: string): string | undefined => pseudonymiseAddress(text, pan);
describe('masking/address', () => {
  it('refuses what only looks like an address', () => {
    for (const text of [
      '010.0.0.1',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '1.2.3.4/33',
      '1.2.3.4:65536',
      '::/129',
      ':::',
      '1::2::3',
      '[::1',
      '::1]',
      '12:34:56',
      '2001:db8::1%',
      '1.2-3.4',
      '',
    ]) {
      expect(parseAddress(text), text).to.equal(undefined);
    }
  });

  it('keeps what stands around an address', () => {
    expect(map('203.0.113.7:443')).to.match(/^[0-9.]+:443$/);
    expect(map('203-0-113-7')).to.match(/^[0-9]+-[0-9]+-[0-9]+-[0-9]+$/);
    expect(map('[2001:db8::7]:443')).to.match(/^\[[0-9a-f:]+\]:443$/);
    expect(map('fe80::1%eth0')).to.match(/^fe80::[0-9a-f:]+%eth0$/);
    expect(map('2001:db8::/32')).to.match(/^[0-9a-f]+:[0-9a-f]+::\/32$/);
    expect(map('203.0.113.0/24')).to.match(/^[0-9]+\.[0-9]+\.[0-9]+\.0\/24$/);
  });

  it('joins every spelling of one address, and an address with its network', () => {
    expect(map('2001:DB8:0:0:0:0:0:7')).to.equal(map('2001:db8::7'));
    expect(map('::ffff:203.0.113.7')).to.equal(`::ffff:${map('203.0.113.7')}`);
    expect(map('::ffff:cb00:7107')).to.equal(map('::ffff:203.0.113.7'));
    const network = map('203.0.113.0/24')!.replace(/0\/24$/, '');
    expect(map('203.0.113.77')!.startsWith(network)).to.equal(true);
  });

  it('leaves special addresses and other text alone', () => {
    for (const text of ['127.0.0.1', '0.0.0.0/0', '::/0', '::1', '::ffff:127.0.0.1', '10.0.0.0/8', 'abc']) {
      expect([undefined, text], text).to.include(map(text));
    }
  });
});
