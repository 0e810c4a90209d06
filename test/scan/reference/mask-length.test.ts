import { expect } from 'chai';
import { maskLength } from '../../../src/scan/reference/mask-length.ts';

describe('scan/reference/mask-length', () => {
  const length = (text: string, at = 0): number => maskLength(Buffer.from(text), at, Buffer.byteLength(text));

  it('measures redactions and pseudonyms', () => {
    expect(length('[MASKED:password] x')).to.equal(17);
    expect(length('x [MASKED:email:k1:0123456789abcdef]', 2)).to.equal(34);
  });

  it('takes nothing else for one', () => {
    for (const text of ['', '[MASKED', '[MASKED:password', '[MASKED:Pass]', '[masked:x]', '[MASKED:a b]', 'x'])
      expect(length(text), text).to.equal(0);
  });
});
