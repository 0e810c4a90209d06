import { expect } from 'chai';
import type { Hit } from '../../src/state/hits.ts';
import { Window, type WindowRule } from '../../src/state/window.ts';

const hits = (items: readonly (readonly [number, string | number | undefined])[]): readonly Hit[] =>
  items.map(([timeUs, value], i) => ({ timeUs, digest: String(i).padStart(4, '0'), value }));
const run = (rule: WindowRule, list: readonly Hit[]): readonly boolean[] => {
  const window = new Window(rule, list, 0);
  return list.map((_, i) => window.add(i));
};
const rule = (type: WindowRule['type'], atLeast: number, steps = 0): WindowRule => ({ type, windowUs: 10, atLeast, steps });

describe('state/window', () => {
  it('counts the events that lie no more than the window back', () => {
    const list = hits([
      [0, undefined],
      [5, undefined],
      [10, undefined],
      [16, undefined],
      [40, undefined],
    ]);
    expect(run(rule('event_count', 3), list)).to.deep.equal([false, false, true, false, false]);
  });

  it('counts each value once, until its last hit has left', () => {
    const list = hits([
      [0, 'a'],
      [1, 'a'],
      [2, 'b'],
      [11, 'c'],
      [12, 'd'],
    ]);
    expect(run(rule('value_count', 3), list)).to.deep.equal([false, false, false, true, true]);
    expect(run(rule('value_count', 4), list)).to.deep.equal([false, false, false, false, false]);
  });

  it('wants every rule of a temporal correlation, in any order', () => {
    expect(
      run(
        rule('temporal', 2, 2),
        hits([
          [0, 1],
          [3, 1],
          [9, 0],
          [30, 1],
        ]),
      ),
    ).to.deep.equal([false, false, true, false]);
  });

  it('wants the rules of an ordered one in their order, from the latest start', () => {
    expect(
      run(
        rule('temporal_ordered', 3, 3),
        hits([
          [0, 1],
          [1, 0],
          [2, 2],
          [3, 1],
          [4, 2],
          [5, 2],
        ]),
      ),
    ).to.deep.equal([false, false, false, false, true, true]);
    expect(
      run(
        rule('temporal_ordered', 2, 2),
        hits([
          [0, 0],
          [11, 1],
        ]),
      ),
    ).to.deep.equal([false, false]);
    expect(
      run(
        rule('temporal_ordered', 2, 2),
        hits([
          [0, 0],
          [8, 0],
          [11, 1],
        ]),
      ),
    ).to.deep.equal([false, false, true]);
  });

  it('tells where the window begins', () => {
    const list = hits([
      [0, undefined],
      [5, undefined],
      [12, undefined],
    ]);
    const window = new Window(rule('event_count', 1), list, 0);
    for (const i of list.keys()) window.add(i);
    expect(window.from).to.equal(1);
  });
});
