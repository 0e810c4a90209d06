import { expect } from 'chai';
import { correlationOf, correlatorOf, matchAt } from '../support/correlation.ts';

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
});
