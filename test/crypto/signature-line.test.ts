import { expect } from 'chai';
import { signatureLine, signerOfLine } from '../../src/crypto/signature-line.ts';
import { newSigningKey } from '../support/sealed-log.ts';

describe('crypto/signature-line', () => {
  const [key, other] = [newSigningKey(), newSigningKey()];
  const line = signatureLine(key, 'text');

  it('names the key that signed, of those given', () => {
    expect(signerOfLine(line, 'text', [other.publicPem, key.publicPem])).to.equal(key.publicPem);
    expect(signerOfLine(line, 'texts', [key.publicPem])).to.equal(undefined);
    expect(signerOfLine(line, 'text', [other.publicPem])).to.equal(undefined);
  });

  it('takes no line of which any bit is another', () => {
    const bytes = Buffer.from(line);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(signerOfLine(changed.toString('utf8'), 'text', [key.publicPem]), `bit ${bit}`).to.equal(undefined);
    }
    for (const text of ['', '{}', `${line} `, line.replace(',', ', ')])
      expect(signerOfLine(text, 'text', [key.publicPem])).to.equal(undefined);
  });
});
