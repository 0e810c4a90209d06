import { expect } from 'chai';
import { isBase58Check, isBech32, isCard, isIban, isWallet } from '../../src/masking/payment-numbers.ts';

describe('masking/payment-numbers', () => {
  it('knows cards by network, length and last digit', () => {
    for (const card of ['4111 1111 1111 1111', '5500-0000-0000-0004', '340000000000009', '6011000000000004', '3530111333300000'])
      expect(isCard(card), card).to.equal(true);
    for (const other of ['4111111111111112', '9111111111111111', '0000000000000000', '411111111111', 'text'])
      expect(isCard(other), other).to.equal(false);
  });

  it('knows account numbers by country, length and check digits', () => {
    for (const iban of [
      'DE89 3704 0044 0532 0130 00',
      'GB82WEST12345698765432',
      'NO93 8601 1117 947',
      'MT84MALT011000012345MTLCAST001S',
    ])
      expect(isIban(iban), iban).to.equal(true);
    for (const other of ['DE88370400440532013000', 'DE8937040044053201300', 'XX82WEST12345698765432', ''])
      expect(isIban(other), other).to.equal(false);
  });

  it('checks Base58Check and bech32 (examples of BIP 173 and of the first block)', () => {
    expect(isBase58Check('1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa')).to.equal(true);
    expect(isBase58Check('1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb')).to.equal(false);
    expect(isBase58Check('0OIl')).to.equal(false);
    expect(isBech32('bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4')).to.equal(true);
    expect(isBech32('BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4')).to.equal(true);
    expect(isBech32('bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5')).to.equal(false);
    expect(isBech32('Bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4')).to.equal(false);
    expect(isBech32('nothing')).to.equal(false);
  });

  it('knows wallets of three currencies', () => {
    expect(isWallet('0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359')).to.equal(true);
    expect(isWallet(`0x${'0'.repeat(40)}`)).to.equal(false);
    expect(isWallet(`4${'A'.repeat(94)}`)).to.equal(true);
    expect(isWallet('bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4')).to.equal(true);
    expect(isWallet('3words')).to.equal(false);
  });
});
