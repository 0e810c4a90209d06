import { expect } from 'chai';
import fc from 'fast-check';
import { StalestMap } from '../../src/core/stalest-map.ts';
import { aliveBytes } from '../support/alive-bytes.ts';

const action = fc.oneof(
  fc.record({ type: fc.constant('set' as const), key: fc.nat(8) }),
  fc.record({ type: fc.constant('within' as const), key: fc.nat(8) }),
  fc.record({ type: fc.constant('delete' as const), key: fc.nat(8) }),
  fc.record({ type: fc.constant('take' as const), key: fc.constant(0) }),
);

describe('core/stalest-map', () => {
  it('gives entries up in the order in which they were set last', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(8)), fc.array(action), (first, actions) => {
        const model: string[] = [...new Set(first.map(String))];
        const map = new StalestMap<number>(model.map((key) => [key, 0]));
        for (const [i, { type, key }] of actions.entries()) {
          const name = String(key);
          const at = model.indexOf(name);
          if (type !== 'take' && at >= 0) model.splice(at, 1);
          if (type === 'set') {
            model.push(name);
            map.set(name, i);
          } else if (type === 'within') {
            model.push(name);
            expect(map.setWithin(4, name, i)?.[0]).to.equal(model.length > 4 ? model.shift() : undefined);
          } else if (type === 'delete') map.delete(name);
          else expect(map.takeStalest()?.[0]).to.equal(model.shift());
          expect(map.size).to.equal(model.length);
          expect([...map].map(([one]) => one)).to.deep.equal(model);
        }
      }),
    );
  });

  it('takes as long for the last of many as for the first', () => {
    const map = new StalestMap<number>();
    for (let i = 0; i < 100_000; i++) map.set(String(i), i);
    const startedMs = performance.now();
    for (let i = 100_000; i < 400_000; i++) {
      map.takeStalest();
      map.set(String(i), i);
    }
    // With a walk over what was removed this takes minutes.
    expect(performance.now() - startedMs).to.be.lessThan(10_000);
    expect(map.takeStalest()?.[1]).to.equal(300_000);
  });

  for (const takes of [0, 1])
    it(`takes no more memory for entries that are set again and again${takes > 0 ? ' after one was taken' : ''}`, () => {
      const map = new StalestMap<number>(Array.from({ length: 100 }, (_, i) => [String(i), i]));
      for (let i = 0; i < takes; i++) map.takeStalest();
      const before = aliveBytes();
      for (let i = 0; i < 300_000; i++) map.set(String(i % 100), i & 1023);
      // An iterator that stands still kept 13 MB of tables.
      expect(aliveBytes() - before).to.be.lessThan(6_000_000);
      expect(map.takeStalest()?.[0]).to.equal('0');
    });
});
