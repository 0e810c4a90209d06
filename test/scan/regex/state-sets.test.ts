import { expect } from 'chai';
import fc from 'fast-check';
import { StateSets } from '../../../src/scan/regex/state-sets.ts';

const state = fc.record({ members: fc.array(fc.nat(40), { maxLength: 6 }), context: fc.nat(3) });

describe('scan/regex/state-sets', () => {
  it('numbers equal sets alike and others apart, however many there are', () => {
    fc.assert(
      fc.property(fc.array(state, { maxLength: 400 }), (states) => {
        const sets = new StateSets();
        const known = new Map<string, number>();
        for (const { members, context } of states) {
          const key = `${context}:${members.join()}`;
          const number = sets.numberOf(members, context);
          expect(number).to.equal(known.get(key) ?? known.size);
          known.set(key, number);
        }
        expect(sets.size).to.equal(known.size);
        for (const [key, number] of known) expect(`${sets.contextOf(number)}:${sets.membersOf(number).join()}`).to.equal(key);
      }),
    );
  });

  it('keeps members up to 65,535, and a set longer than the room for it', () => {
    const sets = new StateSets();
    const long = Array.from({ length: 5_000 }, (_, i) => 65_535 - i);
    expect(sets.numberOf(long, 1)).to.equal(0);
    expect(sets.numberOf([], 1)).to.equal(1);
    expect(sets.numberOf(long, 1)).to.equal(0);
    expect(sets.membersOf(0)).to.deep.equal(long);
  });
});
