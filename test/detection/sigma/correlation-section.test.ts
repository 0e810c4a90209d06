import { expect } from 'chai';
import { parseTimespan } from '../../../src/detection/sigma/correlation-section.ts';
import { faultsOf, load, ruleOf } from '../../support/rules.ts';

const bases = ['a', 'b'].map((name, i) => ruleOf('sel: { verb: get }\ncondition: sel', i + 1, `name: ${name}\n`)).join('---\n');
const withSection = (section: string): string =>
  `${bases}---\ntitle: C\nid: 00000000-0000-4000-8000-000000000009\ncorrelation: { ${section} }\n`;
const rule = (section: string) => load(withSection(section)).correlations[0]?.rule;

describe('detection/sigma/correlation-section', () => {
  it('reads time spans', () => {
    expect(parseTimespan('5m')).to.equal(300e6);
    expect(parseTimespan('2d')).to.equal(172_800e6);
    for (const text of ['5', 'm', '5 minutes', '0s', '-1m', '1w']) expect(parseTimespan(text), text).to.equal(undefined);
  });

  it('turns operators into a lower bound and limits', () => {
    const bounds = (condition: string) => {
      const read = rule(`type: event_count, rules: [a], timespan: 1m, condition: ${condition}`);
      return [read?.atLeast, read?.limits];
    };
    expect(bounds('{ gte: 5 }')).to.deep.equal([5, []]);
    expect(bounds('{ gt: 5 }')).to.deep.equal([6, []]);
    expect(bounds('{ gte: 5, lt: 9 }')).to.deep.equal([5, [{ operator: 'lt', value: 9 }]]);
    expect(bounds('{ eq: 4 }')).to.deep.equal([4, [{ operator: 'eq', value: 4 }]]);
    expect(bounds('{ lte: 4 }')).to.deep.equal([1, [{ operator: 'lte', value: 4 }]]);
  });

  it('asks a sequence for all of its rules', () => {
    expect(rule('type: temporal_ordered, rules: [a, b], timespan: 1m')?.atLeast).to.equal(2);
    expect(rule('type: temporal, rules: [a, b], timespan: 1m, condition: { gte: 1 }')?.atLeast).to.equal(1);
  });

  it('lets an alias name another field for each rule', () => {
    const read = rule(
      'type: temporal, rules: [a, b], group-by: [who], timespan: 1m, aliases: { who: { a: user.username, b: objectRef.name } }',
    );
    expect(read?.groupBy[0]?.fields).to.deep.equal(['user.username', 'objectRef.name']);
  });

  it('refuses what it does not know or support', () => {
    const wrong: readonly (readonly [string, string])[] = [
      ['type: event_counts, rules: [a], timespan: 1m, condition: { gte: 1 }', 'Did you mean `event_count`?'],
      ['type: value_sum, rules: [a], timespan: 1m, condition: { gte: 1 }', 'not supported'],
      ['type: event_count, rules: [a], timespan: 1 m, condition: { gte: 1 }', 'timespan'],
      ['type: event_count, rules: [a], condition: { gte: 1 }', 'timespan'],
      ['type: event_count, rules: [], timespan: 1m, condition: { gte: 1 }', 'names no rules'],
      ['type: event_count, rules: [a], timespan: 1m', 'needs a condition'],
      ['type: event_count, rules: [a], timespan: 1m, condition: { gtee: 1 }', 'Did you mean `gte`?'],
      ['type: event_count, rules: [a], timespan: 1m, condition: { gte: few }', 'whole number'],
      ['type: event_count, rules: [a], timespan: 1m, condition: { gte: 1, field: x }', 'value_count'],
      ['type: value_count, rules: [a], timespan: 1m, condition: { gte: 1 }', 'needs a field'],
      ['type: value_count, rules: [a], timespan: 1m, condition: { gte: 1, field: [x, y] }', 'several fields'],
      ['type: temporal, rules: [a, b], timespan: 1m, condition: a and not b', 'map of operators'],
      ['type: temporal_ordered, rules: [a, b], timespan: 1m, condition: { gte: 1 }', 'takes no condition'],
      ['type: event_count, rules: [a], timespan: 1m, condition: { gte: 1 }, window: 3', 'unknown key'],
      ['type: event_count, rules: [a], timespan: 1m, condition: { gte: 1 }, generate: maybe', 'true or false'],
      ['type: temporal, rules: [a, b], timespan: 1m, aliases: { who: { a: x } }', 'no field for the rule "b"'],
    ];
    for (const [section, part] of wrong) {
      const faults = faultsOf(withSection(section));
      expect(faults.join('\n'), section)
        .to.match(/^1[6-9]:\d+ E_RULE_CORRELATION/)
        .and.to.include(part);
    }
  });
});
