import { expect } from 'chai';
import { correlationOf, correlatorOf, feed, matchAt } from '../support/correlation.ts';

// How episodes come about is tested in correlator.test.ts; here is what a finding of one looks like.
describe('state/rule-state', () => {
  const section = 'type: event_count, rules: [a], group-by: [user.username], timespan: 1m, condition: { gte: 2 }';

  it('makes findings that carry rule, view and episode', () => {
    const [correlation] = correlationOf(section).correlations;
    const correlator = correlatorOf(section);
    const [finding] = [0, 3].flatMap((at) => correlator.push(matchAt(at)));
    expect(finding?.rule).to.deep.equal(correlation?.rule.info);
    expect(finding).to.include({ revision: 1, cluster: 'c', time: '1970-01-01T00:00:03.000000Z' });
    expect(finding?.episode).to.deep.equal({
      id: finding?.id,
      count: 2,
      first: '1970-01-01T00:00:00.000000Z',
      last: '1970-01-01T00:00:03.000000Z',
      group: {},
    });
  });

  it('asks for the view once per episode', () => {
    let asked = 0;
    const view = { cluster: '', event: {} as never, group: {} };
    const correlator = correlatorOf(section, {
      view: () => {
        asked++;
        return view;
      },
    });
    for (let at = 0; at < 30; at++) correlator.push(matchAt(at));
    expect(asked).to.equal(1);
  });
  describe('sums, means and ranks, and events that come late', () => {
    const mean = 'type: value_avg, rules: [a], group-by: [user.username], timespan: 1m, condition: { field: size, gt: 10 }';
    const sizes = (list: readonly (readonly [at: number, size: number])[]) => list.map(([at, value]) => matchAt(at, { value }));

    it('keep what held when it held, and report what a late event adds', () => {
      // In order of time the mean of 0 and 20 is not above 10.
      expect(
        feed(
          correlatorOf(mean),
          sizes([
            [0, 0],
            [5, 20],
          ]),
        ),
      ).to.deep.equal([]);
      const findings = feed(
        correlatorOf(mean),
        sizes([
          [5, 20],
          [0, 0],
          [6, 30],
        ]),
      );
      expect(findings.map(({ revision, episode }) => [revision, episode?.count, episode?.mergedInto])).to.deep.equal([
        [1, 1, undefined],
        [2, 3, undefined],
      ]);
      expect(new Set(findings.map(({ id }) => id)).size).to.equal(1);
    });

    it('find what holds only with the late event', () => {
      expect(
        feed(
          correlatorOf(mean),
          sizes([
            [5, 8],
            [0, 20],
          ]),
        ),
      ).to.have.length.above(0);
      const sum = mean.replace('value_avg', 'value_sum').replace('gt: 10', 'gte: 10');
      expect(
        feed(
          correlatorOf(sum),
          sizes([
            [5, 6],
            [0, 4],
          ]),
        ),
      ).to.have.length.above(0);
      const rank = mean.replace('value_avg', 'value_percentile').replace('gt: 10', 'percentile: 50, lte: 3');
      expect(
        feed(
          correlatorOf(rank),
          sizes([
            [5, 9],
            [0, 3],
          ]),
        ),
      ).to.have.length.above(0);
    });

    it('are withdrawn by none', () => {
      const rank = mean.replace('value_avg', 'value_percentile').replace('gt: 10', 'percentile: 50, gte: 50');
      const findings = feed(
        correlatorOf(rank),
        sizes([
          [30, 50],
          [1, 1],
          [2, 1],
          [3, 1],
          [4, 1],
          [5, 1],
          [6, 1],
          [7, 1],
          [8, 1],
          [9, 1],
          [10, 1],
        ]),
      );
      expect(findings.map(({ episode }) => episode?.count)).to.deep.equal([1]);
    });
  });
});
