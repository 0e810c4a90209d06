import { expect } from 'chai';
import { AddressPseudonym } from '../../src/crypto/address-pseudonym.ts';
import { pseudonymiseAddress } from '../../src/masking/address.ts';
import { parseReverse, pseudonymiseReverse } from '../../src/masking/reverse-address.ts';
import { testRing } from './support/mask-lines.ts';

const pan = new AddressPseudonym(testRing.derive('address'));
const forward = (text: string): string => pseudonymiseAddress(text, pan)!;
const reverse = (text: string): string | undefined => pseudonymiseReverse(text, pan);

describe('masking/reverse-address', () => {
  it('joins an address with its reverse name', () => {
    const name = reverse('7.113.0.203.in-addr.arpa')!;
    expect(name.replace('.in-addr.arpa', '').split('.').reverse().join('.')).to.equal(forward('203.0.113.7'));
    const six = '7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa';
    const digits = reverse(six)!.replace('.ip6.arpa', '').split('.').reverse().join('');
    const groups = digits.match(/.{4}/g)!.map((group) => Number.parseInt(group, 16).toString(16));
    const spelled = forward('2001:db8::7').split('::');
    expect(groups.join(':').startsWith(spelled[0]!)).to.equal(true);
    expect(groups.at(-1)).to.equal(forward('2001:db8::7').split(':').at(-1));
  });

  it('keeps the labels of a zone', () => {
    const zone = reverse('113.0.203.IN-ADDR.ARPA.')!;
    expect(zone).to.match(/^[0-9]+\.[0-9]+\.[0-9]+\.IN-ADDR\.ARPA\.$/);
    expect(zone.split('.').slice(0, 3).reverse().join('.')).to.equal(forward('203.0.113.0/24').split('.').slice(0, 3).join('.'));
  });

  it('leaves special ranges and other names', () => {
    expect(reverse('1.0.0.127.in-addr.arpa')).to.equal(undefined);
    for (const name of [
      '256.0.0.1.in-addr.arpa',
      '07.1.1.1.in-addr.arpa',
      '1.2.3.4.5.in-addr.arpa',
      'a.in-addr.arpa',
      'g.ip6.arpa',
      'x',
    ])
      expect(parseReverse(name), name).to.equal(undefined);
  });
});
