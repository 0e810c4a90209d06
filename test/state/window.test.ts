import { expect } from 'chai';
import type { Hit } from '../../src/state/hits.ts';
import { Window, type WindowRule } from '../../src/state/window.ts';

const hits = (items: readonly (readonly [number, string | number | undefined])[]): readonly Hit[] =>
  items.map(([timeUs, value], i) => ({ timeUs, digest: String(i).padStart(4, '0'), value }));
const run = (rule: WindowRule, list: readonly Hit[]): readonly boolean[] => {
  const window = new Window(rule, list, 0);
  return list.map((_, i) => window.add(i));
};
const rule = (type: WindowRule['type'], atLeast: number, steps = 0): WindowRule => ({
  type,
  windowUs: 10,
  atLeast,
  bounds: [],
  percentile: undefined,
  steps,
  exactPeak: true,
  feeds: false,
});

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

  it('takes in a hit that arrives for a time before its last one', () => {
    const list = [
      ...hits([
        [0, 'a'],
        [6, 'b'],
        [12, 'c'],
      ]),
    ];
    const window = new Window(rule('value_count', 3), list, 0);
    for (const i of list.keys()) window.add(i);
    expect([window.from, window.size]).to.deep.equal([1, 2]);
    list.splice(1, 0, ...hits([[1, 'x']]));
    expect(window.insert(1, 3)).to.equal(true);
    expect([window.from, window.size]).to.deep.equal([2, 2]);
    list.splice(2, 0, ...hits([[5, 'y']]));
    expect(window.insert(2, 4)).to.equal(true);
    expect([window.from, window.size]).to.deep.equal([2, 3]);
    expect(new Window(rule('temporal_ordered', 2, 2), list, 0).insert(1, 4)).to.equal(false);
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
    const steps = hits([
      [0, 0],
      [5, 1],
      [6, 0],
      [7, 0],
      [12, 1],
    ]);
    const ordered = new Window(rule('temporal_ordered', 2, 2), steps, 0);
    for (const i of steps.keys()) ordered.add(i);
    expect(ordered.from).to.equal(2, 'the earliest start that is near enough');
  });
});
