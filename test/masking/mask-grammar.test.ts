import { expect } from 'chai';
import { parseMask } from '../../src/masking/mask-grammar.ts';

const token = '[MASKED:email:k1:0123456789abcdef]';

describe('masking/mask-grammar', () => {
  it('reads redactions, pseudonyms and base64 of either', () => {
    expect(parseMask('[MASKED:private-key]')).to.deep.equal({ kind: 'private-key', keyId: undefined });
    expect(parseMask(token)).to.deep.equal({ kind: 'email', keyId: 'k1' });
    expect(parseMask(Buffer.from(token).toString('base64'))).to.deep.equal({ kind: 'email', keyId: 'k1' });
  });

  it('takes nothing for a mask that has more or less in it', () => {
    for (const text of [
      `${token}hunter2`,
      `a${token}`,
      '[MASKED:]',
      '[MASKED:Email]',
      '[MASKED:email:k1:0123]',
      `${token}\n`,
      Buffer.from(`${token}x`).toString('base64'),
      '',
    ]) {
      expect(parseMask(text), text).to.equal(undefined);
    }
  });
});
