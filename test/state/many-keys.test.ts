import { expect } from 'chai';
import { limits } from '../../src/core/limits.ts';
import type { CorrelatorSnapshot } from '../../src/state/correlator.ts';
import { aliveBytes } from '../support/alive-bytes.ts';
import { correlatorOf, matchAt } from '../support/correlation.ts';

const keys = 1_000_000;
const hex = (n: number): string =>
  Math.imul(n + 1, 0x9e3779b1)
    .toString(16)
    .padStart(8, '0')
    .slice(-8)
    .padEnd(32, (n % 16).toString(16));

// The mebibytes are measured (about half of them) and leave room for the tests that ran before.
describe('state/many-keys', function () {
  this.timeout(180_000);
  const table: readonly (readonly [string, string, number])[] = [
    ['counts', 'type: event_count, rules: [a], group-by: [user.username], timespan: 1d, condition: { gte: 5 }', 96],
    [
      'first-seen values',
      'type: x-first-seen, rules: [a], group-by: [user.username], timespan: 30d, condition: { learn: 10d }',
      96,
    ],
    ['absences', 'type: x-absence, rules: [a, b], group-by: [user.username], timespan: 1d', 96],
  ];
  for (const [name, section, mebibytes] of table) {
    it(`takes a million keys of ${name} within ${mebibytes} MiB, counts what it gives up, and goes on from a snapshot`, () => {
      const correlator = correlatorOf(section);
      const before = aliveBytes();
      for (let n = 0; n < keys; n++) {
        const group = hex(n);
        correlator.push(matchAt(n / 100, { group, digest: group, ...(name === 'absences' ? { value: 0 } : {}) }));
      }
      const grownMiB = (aliveBytes() - before) / 2 ** 20;
      expect(grownMiB).to.be.lessThan(mebibytes);
      const bound = name === 'absences' ? limits.absenceGroups : limits.correlationGroups;
      expect(correlator.stats().groups).to.equal(bound);
      expect(correlator.stats().evictedGroups).to.equal(keys - bound);
      const copy = JSON.parse(JSON.stringify(correlator.snapshot())) as CorrelatorSnapshot;
      expect(correlatorOf(section, {}, copy).stats().groups).to.equal(bound);
    });
  }

  it('gives up the stalest groups where all correlations together hold too much', () => {
    const section = 'type: event_count, rules: [a], group-by: [user.username], timespan: 30d, condition: { gte: 100000 }';
    const correlator = correlatorOf(section);
    const groups = 120;
    for (let n = 0; n < groups; n++)
      for (let i = 0; i < 9000; i++) correlator.push(matchAt(n * 100 + i / 100, { group: `g${n}`, digest: `${n} ${i}` }));
    const { entries, evictedGroups } = correlator.stats();
    expect(entries).to.be.at.most(limits.correlationEntries);
    expect(evictedGroups).to.be.greaterThan(0);
    expect(evictedGroups).to.be.lessThan(groups / 5);
  });
});
