import { expect } from 'chai';
import fc from 'fast-check';
import { compareHits, type Hit, insertHit } from '../../src/state/hits.ts';

const hit: fc.Arbitrary<Hit> = fc.record({
  timeUs: fc.nat(5),
  digest: fc.constantFrom('a', 'b', 'c'),
  value: fc.constantFrom(undefined, 'x', 'y'),
});

describe('state/hits', () => {
  it('keeps the same sorted list whatever the order of arrival, each hit once', () => {
    const build = (items: readonly Hit[]): readonly Hit[] => {
      const list: Hit[] = [];
      for (const item of items) insertHit(list, item);
      return list;
    };
    fc.assert(
      fc.property(fc.array(hit, { maxLength: 30 }), fc.array(fc.nat(), { minLength: 30, maxLength: 30 }), (items, keys) => {
        const list = build(items);
        const shuffled = items.map((item, i) => ({ item, key: keys[i] ?? 0 })).sort((a, b) => a.key - b.key);
        expect(build([...shuffled.map(({ item }) => item), ...items])).to.deep.equal(list);
        expect([...list].sort(compareHits)).to.deep.equal(list);
      }),
    );
  });

  it('says where it put a hit, and -1 for one that is there', () => {
    const list: Hit[] = [];
    const at = (timeUs: number): number => insertHit(list, { timeUs, digest: 'a', value: undefined });
    expect([at(5), at(9), at(7), at(7), at(1)]).to.deep.equal([0, 1, 1, -1, 0]);
  });
});
