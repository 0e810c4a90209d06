import { expect } from 'chai';
import fc from 'fast-check';
import { Group, type GroupSnapshot, type Run } from '../../src/state/group.ts';
import { type Hit, insertHit } from '../../src/state/hits.ts';
import type { WindowRule } from '../../src/state/window.ts';

const rule: WindowRule = {
  type: 'event_count',
  windowUs: 10,
  atLeast: 3,
  bounds: [],
  percentile: undefined,
  steps: 0,
  exactPeak: true,
  feeds: false,
};
const hitAt = (timeUs: number, name = timeUs): Hit => ({ timeUs, digest: String(name), value: undefined });
const shown = (group: Group): readonly (readonly unknown[])[] =>
  [...group.runs].sort((a, b) => a.firstUs - b.firstUs).map((run) => [run.firstUs, run.lastUs, group.countOf(run), run.peak]);

/** The definition, computed from the whole set: windows that qualify, joined where they are no more than a window apart. */
function expectedRuns(items: readonly Hit[], { windowUs, atLeast }: WindowRule): readonly unknown[] {
  const list: Hit[] = [];
  for (const item of items) insertHit(list, item);
  const runs: { first: number; last: number; peak: number }[] = [];
  for (const [i, hit] of list.entries()) {
    const window = list.slice(0, i + 1).filter((other) => hit.timeUs - other.timeUs <= windowUs);
    if (window.length < atLeast) continue;
    const first = window[0]?.timeUs ?? 0;
    const open = runs.at(-1);
    if (open && first - open.last <= windowUs) {
      open.last = hit.timeUs;
      open.peak = Math.max(open.peak, window.length);
    } else runs.push({ first, last: hit.timeUs, peak: window.length });
  }
  return runs.map((run) => [
    run.first,
    run.last,
    list.filter((hit) => hit.timeUs >= run.first && hit.timeUs <= run.last).length,
    run.peak,
  ]);
}

describe('state/group', () => {
  it('makes the same runs of the same hits in every order of arrival', () => {
    const hits = fc.array(fc.tuple(fc.nat(120), fc.nat(60)), { maxLength: 90 });
    fc.assert(
      fc.property(hits, (items) => {
        const list = items.map(([time, name]) => hitAt(time, name));
        const group = new Group(rule, 1000);
        for (const hit of list) group.add(hit);
        expect(shown(group)).to.deep.equal(expectedRuns(list, rule));
        const quick = new Group({ ...rule, exactPeak: false }, 1000);
        for (const hit of list) quick.add(hit);
        const withoutPeak = (runs: readonly (readonly unknown[])[]): readonly unknown[] => runs.map((run) => run.slice(0, 3));
        expect(withoutPeak(shown(quick))).to.deep.equal(withoutPeak(shown(group)));
      }),
      { numRuns: 300 },
    );
  });

  it('makes the same runs of the same sequences in every order of arrival', () => {
    const sequence: WindowRule = { ...rule, type: 'temporal_ordered', atLeast: 3, steps: 3, exactPeak: false };
    const hits = fc.uniqueArray(fc.tuple(fc.nat(60), fc.nat(2)), { maxLength: 30, selector: String });
    fc.assert(
      fc.property(hits, fc.array(fc.nat(), { minLength: 30, maxLength: 30 }), (items, places) => {
        const ordered = [...items].sort(([a, x], [b, y]) => a - b || x - y);
        const shuffled = ordered.map((item, i) => ({ item, at: places[i] ?? 0 })).sort((a, b) => a.at - b.at);
        const runsOf = (list: readonly (readonly [number, number])[]): readonly unknown[] => {
          const group = new Group(sequence, 1000);
          for (const [timeUs, step] of list) group.add({ timeUs, digest: `${timeUs}`, value: step });
          return shown(group);
        };
        expect(runsOf(shuffled.map(({ item }) => item))).to.deep.equal(runsOf(ordered));
      }),
      { numRuns: 300 },
    );
  });

  it('tells rules that stand on it of the same windows in every order of arrival', () => {
    const times = fc.uniqueArray(fc.nat(120), { maxLength: 60 });
    for (const type of ['event_count', 'value_count'] as const)
      fc.assert(
        fc.property(times, fc.nat(5), (items, values) => {
          const endsOf = (list: readonly number[]): readonly number[] => {
            const group = new Group({ ...rule, type, exactPeak: false, feeds: true }, 1000);
            const ends = list.flatMap((time) => group.add({ ...hitAt(time), value: time % (values + 1) }).qualified);
            return [...new Set(ends.map(([endUs]) => endUs))].sort((a, b) => a - b);
          };
          expect(endsOf(items)).to.deep.equal(endsOf([...items].sort((a, b) => a - b)));
        }),
        { numRuns: 300 },
      );
  });

  it('keeps the count of a long run when its beginning is forgotten', () => {
    const group = new Group(rule, 1000);
    for (let time = 0; time < 100; time++) {
      group.add(hitAt(time));
      expect(group.prune(time - 25)).to.deep.equal([]);
    }
    expect(shown(group)).to.deep.equal([[0, 99, 100, 11]]);
    expect(group.size).to.equal(26);
  });

  it('keeps the count of a run when the bound of entries is reached, and says how many left', () => {
    const group = new Group(rule, 16);
    for (let time = 0; time < 100; time++) group.add(hitAt(time));
    expect(group.size).to.be.at.most(16);
    expect(shown(group)[0]).to.include.members([0, 99, 100]);
    expect(group.overflow).to.be.at.least(84);
  });

  it('counts every hit that is on time, in any order, though most of the run is forgotten', () => {
    const times = Array.from({ length: 97 }, (_, i) => i + 3);
    fc.assert(
      fc.property(fc.shuffledSubarray(times, { minLength: 97 }), (order) => {
        const group = new Group({ ...rule, windowUs: 100, exactPeak: false }, 16);
        for (const time of [0, 1, 2, ...order]) group.add(hitAt(time), 0);
        expect(group.size).to.be.at.most(16);
        expect(shown(group)[0]?.slice(0, 3)).to.deep.equal([0, 99, 100]);
      }),
    );
  });

  it('calls a hit late that is before its time and whose neighbours are forgotten', () => {
    const group = new Group(rule, 16);
    for (let time = 0; time < 100; time += 2) group.add(hitAt(time), 50);
    expect(group.add(hitAt(49), 50).kind).to.equal('late');
    expect(group.add(hitAt(51), 50).kind).to.equal('new');
    expect(group.add(hitAt(-1), -5).kind).to.equal('late', 'in no run');
    expect(shown(group)[0]?.slice(0, 3)).to.deep.equal([0, 98, 51]);
  });

  it('joins two runs when a late hit fills the gap, and says which goes on', () => {
    const group = new Group(rule, 1000);
    const add = (times: readonly number[]): readonly (readonly [Run, Run])[] =>
      times.flatMap((time) => group.add(hitAt(time)).merged);
    expect(add([100, 101, 102])).to.deep.equal([]);
    expect(add([60, 61, 62])).to.deep.equal([]);
    expect(add([78, 79, 80])).to.deep.equal([]);
    expect(group.runs).to.have.length(3);
    const merged = add([70, 71, 90, 91, 92]);
    expect(merged).to.have.length(2);
    expect(merged.map(([, into]) => into.order)).to.include(0);
    expect(shown(group)).to.deep.equal([[60, 102, 14, 5]]);
  });

  it('closes a run that ended before, and calls what arrives for it late', () => {
    const group = new Group(rule, 1000);
    for (const time of [0, 1, 2]) group.add(hitAt(time));
    expect(group.prune(50)).to.have.length(1);
    expect(group.runs).to.deep.equal([]);
    expect(group.add(hitAt(3)).kind).to.equal('late');
    expect(group.add(hitAt(60)).kind).to.equal('new');
    expect(group.add(hitAt(60)).kind).to.equal('duplicate');
  });

  it('goes on after a snapshot as if nothing had happened', () => {
    const first = new Group(rule, 1000);
    for (const time of [0, 1, 2, 5]) first.add(hitAt(time));
    const copy = JSON.parse(JSON.stringify({ group: first.snapshot(), runs: first.runs })) as {
      group: GroupSnapshot;
      runs: readonly Run[];
    };
    const second = new Group(rule, 1000, copy.group, copy.runs);
    for (const group of [first, second]) for (const time of [9, 3, 40, 41, 42]) group.add(hitAt(time));
    expect(shown(second)).to.deep.equal(shown(first));
    expect(second.add(hitAt(41)).kind).to.equal('duplicate');
  });
});
