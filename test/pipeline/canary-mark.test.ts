import { expect } from 'chai';
import { CanaryMark } from '../../src/pipeline/canary-mark.ts';

describe('pipeline/canary-mark', () => {
  const counting = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, i) => i * 7);

  it('is seen in bytes as it is and in base64, also in a part of a buffer', () => {
    const mark = new CanaryMark(counting);
    const at = (text: string): boolean => mark.isIn(Buffer.from(`xx${text}yy`).subarray(2, -2));
    expect(mark.text).to.match(/^[A-Za-z2-9]{24}$/);
    expect([at(`a ${mark.text} b`), at(Buffer.from(mark.text).toString('base64'))]).to.deep.equal([true, true]);
    expect([at('nothing'), at(mark.text.slice(1)), at('')]).to.deep.equal([false, false, false]);
  });

  it('stands in every event of its own, and in no other run', () => {
    const mark = new CanaryMark(counting);
    const other = new CanaryMark((bytes) => Uint8Array.from({ length: bytes }, (_, i) => i * 11 + 1));
    for (const { original } of mark.forms) {
      expect(mark.isIn(Buffer.from(original.text))).to.equal(true);
      expect(other.isIn(Buffer.from(original.text))).to.equal(false);
      expect(() => void JSON.parse(original.text)).not.to.throw();
    }
  });
});
