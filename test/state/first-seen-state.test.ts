import { expect } from 'chai';
import type { CorrelatorSnapshot } from '../../src/state/correlator.ts';
import { correlatorOf, finalEpisodes, matchAt, second } from '../support/correlation.ts';

const section = (condition = 'field: sourceIPs, learn: 100s', span = '1h'): string =>
  `type: x-first-seen, rules: [a], group-by: [user.username], timespan: ${span}, condition: { ${condition} }`;
const hash = (n: number): string => n.toString(16).padStart(16, '0').repeat(2);

describe('state/first-seen-state', () => {
  it('learns first, then fires for a value that its group has not had', () => {
    const correlator = correlatorOf(section());
    const push = (at: number, value: number, group = hash(1)) => correlator.push(matchAt(at, { value: hash(value), group }));
    expect(push(0, 1)).to.have.length(0);
    expect(push(50, 2)).to.have.length(0);
    expect(push(150, 1)).to.have.length(0);
    const [finding] = push(160, 3);
    expect(finding?.episode).to.include({ count: 1, first: '1970-01-01T00:02:40.000000Z' });
    expect(push(170, 3)).to.have.length(0);
    expect(push(180, 1, hash(2))).to.have.length(1);
  });

  it('takes the group itself for the value where no field is named', () => {
    const correlator = correlatorOf(section('learn: 10s'));
    expect(correlator.push(matchAt(0, { group: hash(1) }))).to.have.length(0);
    expect(correlator.push(matchAt(20, { group: hash(2) }))).to.have.length(1);
    expect(correlator.push(matchAt(30, { group: hash(1) }))).to.have.length(0);
  });

  it('forgets a value that was not seen for a time span, and counts from when it was seen last', () => {
    const correlator = correlatorOf(section('field: x'));
    const push = (at: number) => correlator.push(matchAt(at, { value: hash(1) })).length;
    expect([push(0), push(3000), push(6000), push(9000), push(12_601)]).to.deep.equal([1, 0, 0, 0, 1]);
  });

  it('is not fooled by events that come late: a value seen since is no news', () => {
    const correlator = correlatorOf(section('field: x'));
    expect(correlator.push(matchAt(500, { value: hash(1) }))).to.have.length(1);
    expect(correlator.push(matchAt(400, { value: hash(1) }))).to.have.length(0);
  });

  it('reports many new values of one group as one finding that grows', () => {
    const correlator = correlatorOf(section('field: x'));
    const found = Array.from({ length: 100 }, (_, i) => correlator.push(matchAt(i, { value: hash(i + 1) }))).flat();
    expect(found.map(({ episode }) => episode?.count)).to.deep.equal([1, 2, 4, 8, 16, 32, 64]);
    const all = [...found, ...correlator.close()];
    expect(finalEpisodes(all)).to.deep.equal(['100 00:00:00 00:01:39']);
    expect(correlator.close()).to.have.length(0);
  });

  it('goes on after a restart in the middle of it as if there had been none', () => {
    const records = Array.from({ length: 60 }, (_, i) => matchAt(i * 100, { value: hash((i * 7) % 23), group: hash(i % 3) }));
    for (const bound of [{}, { maxGroups: 8 }]) {
      const whole = correlatorOf(section('field: x, learn: 300s'), bound);
      const expected = [...records.flatMap((record) => whole.push(record)), ...whole.advance(9000 * second), ...whole.close()];
      for (const cut of [1, 20, 59]) {
        const first = correlatorOf(section('field: x, learn: 300s'), bound);
        const before = records.slice(0, cut).flatMap((record) => first.push(record));
        const copy = JSON.parse(JSON.stringify(first.snapshot())) as CorrelatorSnapshot;
        const next = correlatorOf(section('field: x, learn: 300s'), bound, copy);
        // What was read after the snapshot and before the crash comes again.
        const again = records.slice(cut).flatMap((record) => next.push(record));
        const after = [...again, ...next.advance(9000 * second), ...next.close()];
        expect([...before, ...after].map(({ id, revision }) => `${id} ${revision}`)).to.deep.equal(
          expected.map(({ id, revision }) => `${id} ${revision}`),
        );
      }
    }
  });

  it('knows values beyond its bound by the filter, and says how often', () => {
    const correlator = correlatorOf(section('field: x, learn: 1s', '30d'), { maxGroups: 100 });
    const value = (i: number): string =>
      Math.imul(i + 1, 0x9e3779b1)
        .toString(16)
        .replace('-', '')
        .padStart(8, '0')
        .repeat(4);
    for (let i = 0; i < 400; i++) correlator.push(matchAt(i / 1000, { value: value(i) }));
    const again = Array.from({ length: 400 }, (_, i) => correlator.push(matchAt(10 + i, { value: value(i) }))).flat();
    expect(again).to.have.length(0);
    expect(correlator.stats().evictedGroups).to.be.greaterThan(300);
    expect(correlator.stats().estimated).to.be.greaterThan(300);
    expect(correlator.stats().groups).to.equal(100);
  });

  it('drops what is older than the time span as time goes on', () => {
    const correlator = correlatorOf(section('field: x'));
    for (let i = 0; i < 10; i++) correlator.push(matchAt(i, { value: hash(i) }));
    correlator.advance(3605 * second);
    expect(correlator.stats().groups).to.equal(5);
  });
});
