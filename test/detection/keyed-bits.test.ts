import { expect } from 'chai';
import fc from 'fast-check';
import { KeyedBits } from '../../src/detection/keyed-bits.ts';

describe('detection/keyed-bits', () => {
  const space = {};

  it('gives back what was last remembered for each key, and nothing for others', () => {
    const step = fc.tuple(fc.nat(5000), fc.array(fc.nat(3), { minLength: 2, maxLength: 2 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(6000), (steps, other) => {
        const keyed = new KeyedBits(2);
        keyed.begin(space);
        const expected = new Map<number, readonly number[]>();
        for (const [key, bits] of steps) {
          keyed.learn(key, Uint32Array.from([9, ...bits]), 1);
          expected.set(key, bits);
        }
        for (const [key, bits] of expected) {
          const at = keyed.find(key);
          expect([...keyed.bits.subarray(at, at + 2)]).to.deep.equal(bits);
        }
        if (!expected.has(other)) expect(keyed.find(other)).to.be.below(0);
        expect(keyed.find(-1)).to.be.below(0);
      }),
    );
  });

  it('forgets everything where keys mean something else', () => {
    const keyed = new KeyedBits(1);
    keyed.begin(space);
    keyed.learn(7, Uint32Array.of(5), 0);
    keyed.begin(space);
    expect(keyed.bits[keyed.find(7)]).to.equal(5);
    keyed.begin({});
    expect(keyed.find(7)).to.be.below(0);
  });

  it('says which keys have been met often', () => {
    const keyed = new KeyedBits(1);
    keyed.begin(space);
    const often = Array.from({ length: 10 }, () => keyed.isOften(3000));
    expect(often).to.deep.equal([...Array<boolean>(7).fill(false), true, true, true]);
    expect(keyed.isOften(2)).to.equal(false);
    expect(keyed.isOften(-1)).to.equal(false);
    keyed.begin({});
    expect(keyed.isOften(3000)).to.equal(false);
  });

  it('starts over where there are too many distinct bitmaps, and stays right', () => {
    const keyed = new KeyedBits(1);
    keyed.begin(space);
    for (let key = 0; key < 10_000; key++) {
      const at = keyed.learn(key, Uint32Array.of(key * 3), 0);
      expect(keyed.bits[at]).to.equal(key * 3);
      expect(keyed.bits[keyed.find(key)]).to.equal(key * 3);
    }
    expect(keyed.find(0)).to.be.below(0);
    expect(keyed.bits.length).to.be.below(10_000);
  });
});
