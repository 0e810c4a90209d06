import { expect } from 'chai';
import { KeyedMaskTexts, type MaskTextRule } from '../../src/masking/mask-texts.ts';
import { testRing } from './support/mask-lines.ts';

const rule = (kind: string, more: Partial<MaskTextRule> = {}): MaskTextRule => ({
  kind,
  action: 'redact',
  pseudonym: 'token',
  encode: undefined,
  ...more,
});
const rules = [
  rule('password'),
  rule('secret-data', { encode: 'base64' }),
  rule('email', { action: 'pseudonymise' }),
  rule('ip', { action: 'pseudonymise', pseudonym: 'address' }),
];
const texts = new KeyedMaskTexts(rules, testRing);
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();

describe('masking/mask-texts', () => {
  it('writes redactions, in base64 where the consumer decodes it', () => {
    expect(text(texts.redaction(0))).to.equal('[MASKED:password]');
    expect(Buffer.from(text(texts.redaction(1))!, 'base64').toString()).to.equal('[MASKED:secret-data]');
  });

  it('leaves a value that is a pseudonym of the same kind, and no other mask', () => {
    const once = text(texts.pseudonym(2, 'jane.doe@example.com'))!;
    expect(texts.pseudonym(2, once)).to.equal(undefined);
    expect(text(texts.pseudonym(2, once.replace('email', 'user')))).to.match(/^\[MASKED:email:/);
    expect(text(texts.pseudonym(2, `${once}x`))).to.match(/^\[MASKED:email:/);
  });

  it('writes addresses as addresses', () => {
    expect(text(texts.pseudonym(3, '203.0.113.7'))).to.match(/^[0-9.]+$/);
    expect(texts.pseudonym(3, '127.0.0.1')).to.equal(undefined);
  });

  it('asks the validators by name', () => {
    expect(texts.validate('email', 'jane@example.com')).to.equal(true);
    expect(texts.validate('email', 'jane')).to.equal(false);
    expect(texts.validate('unheard-of', 'jane')).to.equal(false);
  });
});
