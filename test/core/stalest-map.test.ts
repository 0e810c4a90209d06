import { expect } from 'chai';
import fc from 'fast-check';
import { StalestMap } from '../../src/core/stalest-map.ts';

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
});
