import { expect } from 'chai';
import { countEpisodes } from '../../src/state/count-episodes.ts';
import { matchAt } from '../support/correlation.ts';
import { load, ruleOf } from '../support/rules.ts';

describe('state/count-episodes', () => {
  it('counts each episode once, however often it was reported', () => {
    const correlation =
      'title: C\nid: 00000000-0000-4000-8000-000000000009\ncorrelation: { type: event_count, rules: [a], timespan: 1m, condition: { gte: 2 } }\n';
    const set = load(`${ruleOf('s: { verb: get }\ncondition: s', 1, 'name: a\n')}---\n${correlation}`);
    const records = [...Array(9).keys(), 1000, 1001].map((at) => matchAt(at));
    expect(countEpisodes(set, 0, records)).to.equal(2);
    expect(countEpisodes(set, 0, [matchAt(0)])).to.equal(0);
  });
});
