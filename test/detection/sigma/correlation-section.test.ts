import { expect } from 'chai';
import { parseTimespan } from '../../../src/detection/sigma/timespan.ts';
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

  it('asks sums, means, medians and percentiles in every window, decimals included', () => {
    const read = rule('type: value_avg, rules: [a], timespan: 1m, condition: { field: x, gt: 1.5, lte: 3 }');
    expect([read?.bounds, read?.limits]).to.deep.equal([
      [
        { operator: 'gt', value: 1.5 },
        { operator: 'lte', value: 3 },
      ],
      [],
    ]);
    const percentile = rule('type: value_percentile, rules: [a], timespan: 1m, condition: { field: x, percentile: 95, gt: 1 }');
    expect(percentile?.percentile).to.equal(95);
    expect(rule('type: value_percentile, rules: [a], timespan: 1m, condition: { field: x, lte: 1 }')?.percentile).to.equal(
      undefined,
    );
  });

  it('counts several fields together, and follows aliases in the counted field', () => {
    const read = rule(
      'type: value_count, rules: [a, b], timespan: 1m, condition: { field: [who, y], gte: 2 }, aliases: { who: { a: u, b: v } }',
    );
    expect(read?.counted.map(({ fields }) => fields)).to.deep.equal([
      ['u', 'v'],
      ['y', 'y'],
    ]);
  });

  it('reads the types of our own', () => {
    const first = rule('type: x-first-seen, rules: [a], group-by: [u], timespan: 30d, condition: { field: ip, learn: 7d }');
    expect([first?.windowUs, first?.learnUs, first?.counted[0]?.name]).to.deep.equal([30 * 86_400e6, 7 * 86_400e6, 'ip']);
    expect(rule('type: x-first-seen, rules: [a], group-by: [u], timespan: 1d')?.learnUs).to.equal(0);
    expect(rule('type: x-absence, rules: [a, b], timespan: 10m')?.rules).to.deep.equal(['a', 'b']);
  });

  it('refuses what it does not know or support', () => {
    const count = 'type: event_count, rules: [a], timespan: 1m';
    const wrong: readonly (readonly [string, string])[] = [
      ['type: event_counts, rules: [a], timespan: 1m, condition: { gte: 1 }', 'Did you mean `event_count`?'],
      ['rules: [a], timespan: 1m, condition: { gte: 1 }', 'unknown correlation type ""'],
      ['type: value_sum, rules: [a], timespan: 1m, condition: { gte: 1 }', 'needs a field'],
      ['type: value_sum, rules: [a], timespan: 1m, condition: { field: [x, y], gte: 1 }', 'takes one field'],
      ['type: value_avg, rules: [a], timespan: 1m, condition: { field: x }', 'a number to compare with'],
      ['type: value_avg, rules: [a], timespan: 1m, condition: { field: x, gt: many }', 'takes a number'],
      ['type: value_percentile, rules: [a], timespan: 1m, condition: { field: x, percentile: 101, gt: 1 }', 'up to 100'],
      ['type: value_avg, rules: [a], timespan: 1m, condition: { field: x, percentile: 9, gt: 1 }', 'unknown operator'],
      ['type: event_count, rules: [a], timespan: 1 m, condition: { gte: 1 }', 'timespan'],
      ['type: event_count, rules: [a], condition: { gte: 1 }', 'timespan'],
      ['type: event_count, rules: [], timespan: 1m, condition: { gte: 1 }', 'names no rules'],
      ['type: event_count, rules: [a, a], timespan: 1m, condition: { gte: 1 }', 'names a rule twice'],
      ['type: event_count, rules: [{ a: 1 }], timespan: 1m, condition: { gte: 1 }', 'lists names'],
      [count, 'needs a condition'],
      [`${count}, condition: {}`, 'a number to compare with'],
      [`${count}, condition: { gtee: 1 }`, 'Did you mean `gte`?'],
      [`${count}, condition: { gte: few }`, 'whole number'],
      [`${count}, condition: { gte: 1.5 }`, 'whole number'],
      [`${count}, condition: { gte: 1, field: x }`, 'value_count'],
      ['type: value_count, rules: [a], timespan: 1m, condition: { gte: 1 }', 'needs a field'],
      ['type: value_count, rules: [a], timespan: 1m, condition: { field: [], gte: 1 }', 'names a field'],
      ['type: temporal, rules: [a, b], timespan: 1m, condition: a and not b', 'map of operators'],
      ['type: temporal_ordered, rules: [a, b], timespan: 1m, condition: { gte: 1 }', 'takes no condition'],
      ['type: x-absence, rules: [a, b], timespan: 1m, condition: { gte: 1 }', 'takes no condition'],
      ['type: x-first-seen, rules: [a], timespan: 1m, condition: { gte: 1 }', 'takes no "gte"'],
      ['type: x-first-seen, rules: [a], timespan: 1m, condition: { learn: long }', 'For example 7d'],
      ['type: x-first-seen, rules: [a], timespan: 1m, condition: { lern: 7d }', 'Did you mean `learn`?'],
      [`${count}, condition: { gte: 1 }, window: 3`, 'unknown key'],
      [`${count}, condition: { gte: 1 }, generate: maybe`, 'true or false'],
      [`${count}, condition: { gte: 1 }, aliases: [a]`, 'a map of names'],
      ['type: temporal, rules: [a, b], timespan: 1m, aliases: { who: { a: x } }', 'no field for the rule "b"'],
      ['type: temporal, rules: [a], timespan: 1m, aliases: { who: { a: x, c: y } }', 'which is not in "rules"'],
    ];
    for (const [section, part] of wrong) {
      const faults = faultsOf(withSection(section));
      expect(faults.join('\n'), section)
        .to.match(/^1[6-9]:\d+ E_RULE_CORRELATION/)
        .and.to.include(part);
    }
  });
});
