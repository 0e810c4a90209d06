import { expect } from 'chai';
import { BodyOpening } from '../../../src/sources/webhook/body-opening.ts';

describe('sources/webhook/body-opening', () => {
  it('is looked at a few times its length in all, in parts of one byte', () => {
    const opening = new BodyOpening();
    const text = Buffer.from('abcdefgh'.repeat(8_192));
    let looked = 0;
    for (const byte of text) {
      const seen = opening.add(Buffer.of(byte));
      if (seen === undefined) continue;
      looked += seen.length;
      opening.keep(seen);
    }
    expect(opening.text.equals(text)).to.equal(true);
    expect(looked).to.be.within(1, 4 * text.length);
  });

  it('gives a first chunk back as it is, and everything that was kept with the next', () => {
    const opening = new BodyOpening();
    expect(opening.add(Buffer.from('ab'))?.toString()).to.equal('ab');
    opening.keep(Buffer.from('ab'));
    expect(opening.add(Buffer.from('cd'))?.toString()).to.equal('abcd');
    opening.clear();
    expect([opening.length, opening.add(Buffer.from('x'))?.toString()]).to.deep.equal([0, 'x']);
  });
});
