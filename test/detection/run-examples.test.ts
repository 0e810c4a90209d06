import { expect } from 'chai';
import { runExamples } from '../../src/detection/run-examples.ts';
import { countEpisodes } from '../../src/state/count-episodes.ts';
import { load, ruleOf } from '../support/rules.ts';

const rule = ruleOf('sel: { verb: get }\ncondition: sel', 1, 'name: a\n');
const correlation = `---\ntitle: C\nid: 00000000-0000-4000-8000-000000000009\ncorrelation: { type: event_count, rules: [a], group-by: [user.username], timespan: 1m, condition: { gte: 3 } }\n`;
const run = (text: string) => runExamples(load(text), { countEpisodes });

describe('detection/run-examples', () => {
  it('says of each example whether it came out as written', () => {
    const tests =
      'tests:\n  - { name: x, match: true, event: { verb: get } }\n  - { name: y, match: true, event: { verb: hidden-value } }\n  - { name: z, match: false, event: { verb: get } }\n';
    expect(run(rule + tests).map(({ example, passed }) => [example, passed])).to.deep.equal([
      ['x', true],
      ['y', false],
      ['z', false],
    ]);
  });

  it('never quotes the event', () => {
    const results = run(`${rule}tests: [{ name: y, match: true, event: { verb: hidden-value } }]\n`);
    expect(JSON.stringify(results)).not.to.include('hidden-value');
  });

  it('counts the episodes of a stream', () => {
    const events = 'events: [{ at: 0, repeat: { count: 3, every: 5 }, verb: get, user: { username: u } }]';
    const tests = `tests: [{ name: x, findings: 1, ${events} }, { name: y, findings: 2, ${events} }]\n`;
    const results = run(rule + correlation + tests);
    expect(results.map(({ passed }) => passed)).to.deep.equal([true, false]);
    expect(results[1]?.why).to.equal('should give 2 findings and gives 1');
  });
});
