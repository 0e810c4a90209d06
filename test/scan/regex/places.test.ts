import { expect } from 'chai';
import fc from 'fast-check';
import { Places } from '../../../src/scan/regex/places.ts';

describe('scan/regex/places', () => {
  it('gives what was added, in order, and nothing of the text before', () => {
    const places = new Places();
    const places$ = fc.tuple(fc.nat(5000), fc.array(fc.nat(5000), { maxLength: 40 }));
    fc.assert(
      fc.property(places$, ([last, added]) => {
        const within = [...new Set(added.filter((at) => at <= last))].sort((a, b) => a - b);
        places.clear(last);
        for (const at of within.toReversed()) places.add(at);
        const found: number[] = [];
        for (let at = places.next(0); at >= 0; at = places.next(at + 1)) found.push(at);
        expect(found).to.deep.equal(within);
      }),
    );
  });

  it('has no place beyond the last one', () => {
    const places = new Places();
    places.clear(31);
    places.add(31);
    expect(places.next(31)).to.equal(31);
    expect(places.next(32)).to.equal(-1);
  });
});
