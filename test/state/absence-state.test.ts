import { expect } from 'chai';
import fc from 'fast-check';
import type { Finding } from '../../src/core/finding.ts';
import { limits } from '../../src/core/limits.ts';
import type { CorrelationInput } from '../../src/detection/rule-set.ts';
import type { Correlator, CorrelatorSnapshot } from '../../src/state/correlator.ts';
import { createWatermark } from '../../src/state/watermark.ts';
import { correlatorOf, feed, finalEpisodes, matchAt, second } from '../support/correlation.ts';

const pair = 'type: x-absence, rules: [a, b], group-by: [user.username], timespan: 10m';
const pulse = 'type: x-absence, rules: [a], group-by: [user.username], timespan: 10m';

describe('state/absence-state', () => {
  it('fires when the second rule does not follow within the time span, and only once the watermark has passed it', () => {
    const correlator = correlatorOf(pair);
    correlator.push(matchAt(0, { value: 0 }));
    correlator.push(matchAt(30, { value: 1 }));
    correlator.push(matchAt(100, { value: 0 }));
    expect(correlator.advance(700 * second)).to.have.length(0);
    const [finding] = correlator.advance(701 * second);
    expect(finding?.episode).to.include({ count: 1, first: '1970-01-01T00:01:40.000000Z' });
    expect(correlator.advance(5000 * second)).to.have.length(0);
  });

  it('takes an answer at the very end of the span, and in its own group only', () => {
    const correlator = correlatorOf(pair);
    correlator.push(matchAt(0, { value: 0, group: 'g' }));
    correlator.push(matchAt(600, { value: 1, group: 'g' }));
    correlator.push(matchAt(0, { value: 0, group: 'h' }));
    expect(correlator.advance(2000 * second)).to.have.length(1);
  });

  it('with one rule, expects the next event of the group: a pulse', () => {
    const correlator = correlatorOf(pulse);
    for (const at of [0, 300, 600, 900]) correlator.push(matchAt(at));
    expect(correlator.advance(1500 * second)).to.have.length(0);
    expect(correlator.advance(1501 * second)).to.have.length(1);
  });

  it('says at the end of the input only what the input can know', () => {
    const open = correlatorOf(pair);
    expect(feed(open, [matchAt(0, { value: 0 }), matchAt(500, { value: 0, group: 'h' })])).to.have.length(0);
    const over = correlatorOf(pair);
    expect(feed(over, [matchAt(0, { value: 0 }), matchAt(601, { value: 0, group: 'h' })])).to.have.length(1);
  });

  it('rolls repeated silence of one group into one finding', () => {
    const correlator = correlatorOf(pair);
    const found = feed(
      correlator,
      Array.from({ length: 20 }, (_, i) => matchAt(i * 300, { value: 0 })),
    );
    expect(finalEpisodes(found)).to.have.length(1);
  });

  it('makes the same episodes whether time moves on in small steps or at once', () => {
    const starts = [0, 500, 1100, 5000].map((at) => matchAt(at, { value: 0 }));
    const found = [1, 10_000].map((step) => {
      const correlator = correlatorOf(pair);
      for (const start of starts) correlator.push(start);
      const all: Finding[] = [];
      for (let at = 0; at <= 10_000; at += step) all.push(...correlator.advance(at * second));
      return finalEpisodes(all);
    });
    expect(found[1]).to.deep.equal(found[0]);
    expect(found[0]).to.have.length(2);
  });

  it('ends with the same episodes in order and shuffled within the lateness', () => {
    const lateness = Math.floor(limits.latenessMs / 1000) - 1;
    const record = fc.tuple(fc.nat(6000), fc.constantFrom('g', 'h'), fc.nat(1), fc.nat(lateness));
    fc.assert(
      fc.property(fc.array(record, { maxLength: 40 }), fc.constantFrom(pair, pulse), (items, section) => {
        const all = items.map(([at, group, value, delay], i) => ({
          at,
          arrives: at + delay,
          record: matchAt(at, { group, digest: String(i).padStart(4, '0'), ...(section === pair ? { value } : {}) }),
        }));
        const inOrder = [...all].sort((a, b) => a.at - b.at).map((item) => item.record);
        const shuffled = [...all].sort((a, b) => a.arrives - b.arrives).map((item) => item.record);
        const ends = (records: readonly CorrelationInput[]): readonly string[] =>
          finalEpisodes(feed(correlatorOf(section), records));
        expect(ends(shuffled)).to.deep.equal(ends(inOrder));
      }),
      { numRuns: 100 },
    );
  });

  it('goes on after a restart as if there had been none, and fires nothing twice', () => {
    const records = Array.from({ length: 40 }, (_, i) => matchAt(i * 97, { value: i % 5 === 0 ? 1 : 0, group: `g${i % 3}` }));
    const expected = feed(correlatorOf(pair), records).map(({ id, revision }) => `${id} ${revision}`);
    for (const cut of [3, 17, 39]) {
      const first = correlatorOf(pair);
      const watermark = createWatermark();
      const step = (correlator: Correlator<CorrelationInput>, record: CorrelationInput): readonly Finding[] => {
        const out = [...correlator.push(record)];
        watermark.observe('s', record.eventTimeUs, 1e15);
        return [...out, ...correlator.advance(watermark.currentUs(1e15))];
      };
      const before = records.slice(0, cut).flatMap((record) => step(first, record));
      const next = correlatorOf(pair, {}, JSON.parse(JSON.stringify(first.snapshot())) as CorrelatorSnapshot);
      const after = [...records.slice(cut).flatMap((record) => step(next, record)), ...next.close()];
      expect([...before, ...after].map(({ id, revision }) => `${id} ${revision}`)).to.deep.equal(expected);
    }
  });

  it('keeps to its bounds and counts what it gives up', () => {
    const correlator = correlatorOf(pair, { maxGroups: 10, maxGroupEntries: 5 });
    for (let i = 0; i < 30; i++) correlator.push(matchAt(i, { value: 0, group: `g${i}` }));
    expect(correlator.stats()).to.include({ groups: 10, evictedGroups: 20 });
    for (let i = 0; i < 9; i++) correlator.push(matchAt(100 + i, { value: 0, group: 'g29' }));
    expect(correlator.stats().droppedEntries).to.equal(5);
    expect(correlator.advance(100_000 * second)).not.to.have.length(0);
    expect(correlator.stats().groups).to.equal(0);
    correlator.push(matchAt(1, { value: 0, group: 'late' }));
    expect(correlator.stats().late).to.equal(1);
  });
});
