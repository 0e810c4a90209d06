import { expect } from 'chai';
import { habitsOf } from '../../web/plots/unusual-hours.ts';

const at = (...hours: readonly number[]): readonly number[] =>
  Array.from({ length: 24 }, (_, hour) => (hours.includes(hour) ? 5 : 0));
const row = (user: string, now: readonly number[], usual: readonly number[], days: number) => ({
  ...{ user, hours: now, days: 1 },
  usual: { hours: usual, days },
});

describe('page/unusual-hours', () => {
  const unusualOf = (...rows: ReturnType<typeof row>[]) =>
    [...habitsOf(rows)].map(([user, { unusual, isNew }]) => [user, unusual.flatMap((is, hour) => (is ? [hour] : [])), isNew]);

  it('marks hours at which an actor never did anything near, over midnight too', () => {
    expect(unusualOf(row('alice', at(3, 10, 18), at(9, 10, 17), 10))).to.deep.equal([['alice', [3], false]]);
    expect(unusualOf(row('bob', at(0, 2), at(23), 5))).to.deep.equal([['bob', [2], false]]);
  });

  it('tells who was not there before, and marks no hours of them or of those who were there hardly', () => {
    const rows = [row('alice', at(9), at(9), 10), row('eve', at(3), at(), 0), row('carl', at(3), at(12), 2)];
    expect(unusualOf(...rows)).to.deep.equal([
      ['alice', [], false],
      ['eve', [], true],
      ['carl', [], false],
    ]);
  });

  it('marks nothing where the log holds no days before', () => {
    expect(unusualOf(row('alice', at(3), at(12), 2), row('eve', at(3), at(), 0))).to.deep.equal([]);
    expect(habitsOf([{ user: 'alice', hours: at(3), days: 1 }]).size).to.equal(0);
  });
});
