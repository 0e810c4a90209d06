import { expect } from 'chai';
import fc from 'fast-check';
import { unknownEvent } from '../../src/core/finding.ts';
import { limits } from '../../src/core/limits.ts';
import type { CorrelationInput } from '../../src/detection/rule-set.ts';
import { type CorrelatorSnapshot, createCorrelator } from '../../src/state/correlator.ts';
import { correlatorOf, feed, finalEpisodes, matchAt, second } from '../support/correlation.ts';
import { load, ruleOf } from '../support/rules.ts';

const burst = 'type: event_count, rules: [a], timespan: 5m, condition: { gte: 4 }';
const spray = 'type: value_count, rules: [a], timespan: 5m, condition: { gte: 3, field: x }';
const sequence = 'type: temporal_ordered, rules: [a, b, c], timespan: 5m';

describe('state/correlator', () => {
  const record = fc.tuple(fc.nat(4000), fc.constantFrom('g', 'h'), fc.nat(4), fc.nat(Math.floor(limits.latenessMs / 1000) - 1));
  for (const [name, section, valued] of [
    ['counts of events', burst, false],
    ['counts of values', spray, true],
    ['sequences', sequence, true],
  ] as const) {
    it(`ends with the same episodes in order, shuffled within the lateness, and doubled: ${name}`, () => {
      fc.assert(
        fc.property(fc.array(record, { maxLength: 120 }), (items) => {
          const all = items.map(([at, group, value, delay], i) => ({
            at,
            arrives: at + delay,
            record: matchAt(at, {
              group,
              digest: String(i).padStart(4, '0'),
              ...(valued ? { value: section === sequence ? value % 3 : `v${value}` } : {}),
            }),
          }));
          const inOrder = [...all].sort((a, b) => a.at - b.at).map((item) => item.record);
          const shuffled = [...all].sort((a, b) => a.arrives - b.arrives).map((item) => item.record);
          const expected = finalEpisodes(feed(correlatorOf(section), inOrder));
          expect(finalEpisodes(feed(correlatorOf(section), shuffled))).to.deep.equal(expected);
          expect(
            finalEpisodes(
              feed(
                correlatorOf(section),
                inOrder.flatMap((item) => [item, item]),
              ),
            ),
          ).to.deep.equal(expected);
        }),
        { numRuns: 150 },
      );
    });
  }

  it('counts episodes of another rule the same in order and shuffled: two that became one count once', () => {
    const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
    const correlation = (name: string, n: number, section: string): string =>
      `title: ${name}\nid: ${id(n)}\nname: ${name}\ncorrelation: { type: event_count, ${section} }\n`;
    const set = load(
      [
        ruleOf('sel: { verb: get }\ncondition: sel', 1, 'name: a\n'),
        correlation('burst', 8, 'rules: [a], group-by: [user.username], timespan: 10s, condition: { gte: 2 }'),
        correlation('bursts', 9, 'rules: [burst], group-by: [objectRef.namespace], timespan: 60s, condition: { gte: 1 }'),
      ].join('---\n'),
    );
    const view = { cluster: 'c', event: unknownEvent, group: {} };
    const episodes = (items: readonly CorrelationInput[]): readonly string[] =>
      finalEpisodes(feed(createCorrelator(set, { identify: (text) => text, view: () => view }), items));
    const at = fc.tuple(fc.nat(60), fc.constantFrom('g', 'h'), fc.nat(60));
    fc.assert(
      fc.property(fc.array(at, { minLength: 8, maxLength: 20 }), (items) => {
        const all = items.map(([seconds, group, delay], i) => {
          // Of its own rule, and of the link to the rule that stands on it.
          const keys = [
            { correlation: 0, group },
            { correlation: 2, group: 'n' },
          ];
          return { arrives: seconds + delay, record: { ...matchAt(seconds, { group, digest: `d${i}` }), stateKeys: keys } };
        });
        const inOrder = [...all].sort((a, b) => a.record.eventTimeUs - b.record.eventTimeUs).map(({ record }) => record);
        const shuffled = [...all].sort((a, b) => a.arrives - b.arrives).map(({ record }) => record);
        expect(episodes(shuffled)).to.deep.equal(episodes(inOrder));
      }),
      { numRuns: 300 },
    );
  });

  it('fires as soon as the condition holds, again when the count has doubled, and once more at the end', () => {
    const correlator = correlatorOf(burst);
    const counts = Array.from({ length: 11 }, (_, i) =>
      correlator.push(matchAt(i)).map((finding) => [finding.revision, finding.episode?.count]),
    );
    expect(counts.flat()).to.deep.equal([
      [1, 4],
      [2, 8],
    ]);
    const [last] = correlator.close();
    expect([last?.revision, last?.episode?.count]).to.deep.equal([3, 11]);
    expect(correlator.close()).to.deep.equal([]);
  });

  it('keeps the id of an episode over its revisions and gives another to the next one', () => {
    const findings = feed(
      correlatorOf(burst),
      [...Array(9).keys(), ...Array.from({ length: 5 }, (_, i) => 5000 + i)].map((at) => matchAt(at)),
    );
    expect(new Set(findings.map((finding) => finding.id)).size).to.equal(2);
    expect(finalEpisodes(findings)).to.deep.equal(['5 01:23:20 01:23:24', '9 00:00:00 00:00:08']);
  });

  it('withdraws the younger of two episodes that a late event makes one', () => {
    const times = [600, 601, 602, 603, 1210, 1211, 1212, 1213];
    const correlator = correlatorOf(burst);
    const findings = [...times, 900, 901, 902, 915].flatMap((at) => correlator.push(matchAt(at)));
    const withdrawn = findings.filter(({ episode }) => episode?.mergedInto !== undefined);
    expect(withdrawn).to.have.length(1);
    expect(withdrawn[0]?.episode?.mergedInto).to.equal(findings[0]?.id);
    expect(finalEpisodes([...findings, ...correlator.close()])).to.deep.equal(['12 00:10:00 00:20:13']);
  });

  it('reports an upper bound only when the episode is over, by the largest number a window reached', () => {
    const range = 'type: event_count, rules: [a], timespan: 10s, condition: { gte: 3, lt: 5 }';
    const low = feed(
      correlatorOf(range),
      [0, 1, 2].map((at) => matchAt(at)),
    );
    expect(finalEpisodes(low)).to.deep.equal(['3 00:00:00 00:00:02']);
    expect(
      finalEpisodes(
        feed(
          correlatorOf(range),
          [0, 1, 2, 3, 4, 5].map((at) => matchAt(at)),
        ),
      ),
    ).to.deep.equal([]);
    const correlator = correlatorOf(range);
    expect([0, 1, 2].flatMap((at) => correlator.push(matchAt(at)))).to.deep.equal([]);
    expect(correlator.advance(100 * second)).to.have.length(1);
  });

  it('goes on from a snapshot with the same ids and revisions', () => {
    const records = Array.from({ length: 40 }, (_, i) => matchAt(i * 20, { group: i % 3 ? 'g' : 'h' }));
    const whole = correlatorOf(burst);
    const expected = [...records.flatMap((item) => whole.push(item)), ...whole.close()];
    const first = correlatorOf(burst);
    const before = records.slice(0, 21).flatMap((item) => first.push(item));
    const copy = JSON.parse(JSON.stringify(first.snapshot())) as CorrelatorSnapshot;
    const later = correlatorOf(burst, {}, copy);
    const after = [...records.slice(21).flatMap((item) => later.push(item)), ...later.close()];
    expect(JSON.parse(JSON.stringify([...before, ...after]))).to.deep.equal(JSON.parse(JSON.stringify(expected)));
  });

  it('keeps no more groups than its bound, gives up the stalest, and counts them', () => {
    const correlator = correlatorOf(burst, { maxGroups: 10 });
    for (let i = 0; i < 50; i++) correlator.push(matchAt(i, { group: `g${i}` }));
    correlator.push(matchAt(60, { group: 'g41' }));
    for (let i = 50; i < 55; i++) correlator.push(matchAt(i, { group: `g${i}` }));
    expect(correlator.stats()).to.include({ groups: 10, evictedGroups: 45 });
    expect(JSON.stringify(correlator.snapshot())).to.include('"g41"');
    expect(JSON.stringify(correlator.snapshot())).not.to.include('"g40"');
  });

  it('counts duplicates, what came too late, and entries it had to drop', () => {
    const correlator = correlatorOf(burst, { maxGroupEntries: 8 });
    for (let i = 0; i < 20; i++) correlator.push(matchAt(i));
    correlator.push(matchAt(19));
    correlator.push(matchAt(1.5));
    expect(correlator.stats().late).to.equal(0);
    correlator.advance(1 * second);
    correlator.push(matchAt(0.5));
    expect(correlator.stats().duplicates).to.equal(1);
    expect(correlator.stats().late).to.equal(1);
    expect(correlator.stats().droppedEntries).to.be.at.least(12);
  });

  it('forgets groups that no event on time can reach', () => {
    const correlator = correlatorOf(burst);
    correlator.push(matchAt(0));
    correlator.advance(3600 * second);
    expect(correlator.stats().groups).to.equal(0);
  });

  it('finds the correlation of a record by the id in its plan, and leaves others alone', () => {
    const correlator = correlatorOf(burst);
    const plan = {
      type: 'plan' as const,
      rules: [],
      correlations: ['gone', '00000000-0000-4000-8000-000000000009'],
      kinds: [],
      actions: [],
    };
    const planned = (correlation: number): CorrelationInput => ({
      ...matchAt(correlation),
      plan,
      stateKeys: [{ correlation, group: 'g' }],
    });
    correlator.push(planned(0));
    expect(correlator.stats().entries).to.equal(0);
    correlator.push(planned(1));
    expect(correlator.stats().entries).to.equal(1);
  });
});
