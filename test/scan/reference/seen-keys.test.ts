import { expect } from 'chai';
import fc from 'fast-check';
import { SeenKeys } from '../../../src/scan/reference/seen-keys.ts';

const step = fc.oneof(
  { weight: 12, arbitrary: fc.nat(70) },
  { weight: 2, arbitrary: fc.constant('open' as const) },
  { weight: 2, arbitrary: fc.constant('close' as const) },
);

describe('scan/reference/seen-keys', () => {
  it('knows of every open object which names it has had', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const seen = new SeenKeys(64);
        const model: Set<number>[] = [new Set()];
        seen.open(0);
        for (const one of steps) {
          const innermost = model.length - 1;
          if (one === 'open') {
            if (model.length === 64) continue;
            seen.open(model.length);
            model.push(new Set());
          } else if (one === 'close') {
            if (model.length === 1) continue;
            seen.close(innermost);
            model.pop();
          } else {
            expect(seen.repeats(innermost, one)).to.equal(model[innermost]?.has(one));
            model[innermost]?.add(one);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes time in proportion to the names of a large object', () => {
    const seen = new SeenKeys(4);
    seen.open(0);
    for (let name = 0; name < 200_000; name++) expect(seen.repeats(0, name * 32)).to.equal(false);
    expect(seen.repeats(0, 32)).to.equal(true);
  });
});
