import { expect } from 'chai';
import { formatKeyFile, parseKeyFile } from '../../src/crypto/key-ring.ts';
import { AddressPseudonymiser, redaction, TokenPseudonymiser } from '../../src/masking/pseudonym.ts';
import { testRing } from './support/mask-lines.ts';

describe('masking/pseudonym', () => {
  it('gives one value one pseudonym, and another under another kind or key', () => {
    const email = new TokenPseudonymiser(testRing, 'email');
    const first = email.pseudonym('jane.doe@example.com');
    expect(first).to.match(/^\[MASKED:email:k1:[0-9a-f]{16}\]$/);
    expect(email.pseudonym('jane.doe@example.com')).to.equal(first);
    expect(new TokenPseudonymiser(testRing, 'email').pseudonym('jane.doe@example.com')).to.equal(first);
    const other = parseKeyFile(formatKeyFile(new Uint8Array(32), '2026-01-02T03:04:05Z', 'test'), 'keys.json');
    const tag = (text: string): string => text.slice(-17);
    const tags = [
      first,
      new TokenPseudonymiser(testRing, 'user').pseudonym('jane.doe@example.com'),
      new TokenPseudonymiser(other, 'email').pseudonym('jane.doe@example.com'),
      email.pseudonym('Jane.doe@example.com'),
    ];
    expect(new Set(tags.map(tag)).size).to.equal(4);
  });

  it('pseudonymises long values too, without keeping them', () => {
    const user = new TokenPseudonymiser(testRing, 'user');
    expect(user.pseudonym('x'.repeat(100_000))).to.equal(user.pseudonym('x'.repeat(100_000)));
  });

  it('gives addresses addresses, and nothing where the text stays', () => {
    const address = new AddressPseudonymiser(testRing);
    expect(address.pseudonym('203.0.113.7')).to.match(/^[0-9.]+$/);
    expect(address.pseudonym('203.0.113.7')).not.to.equal('203.0.113.7');
    expect([address.pseudonym('127.0.0.1'), address.pseudonym('127.0.0.1'), address.pseudonym('text')]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('says only the kind in a redaction', () => {
    expect(redaction('private-key')).to.equal('[MASKED:private-key]');
  });
});
