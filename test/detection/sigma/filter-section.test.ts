import { expect } from 'chai';
import { faultsOf, head, matches, ruleOf } from '../../support/rules.ts';

const rule = ruleOf('sel: { verb: get }\ncondition: sel', 1, 'name: reads\n');
const filterOf = (rules: string, condition: string, id = 2): string =>
  `${head(id)}filter:\n  rules: ${rules}\n  a: { user: adm }\n  b: { user: bot }\n  condition: ${condition}\n`;
const kept = (condition: string, user: string): boolean =>
  matches(`${rule}---\n${filterOf('[reads]', condition)}`, { verb: 'get', user });

describe('detection/sigma/filter-section', () => {
  it('leaves out what a condition without negation describes, and keeps what a negated one describes: both spellings mean the same', () => {
    for (const condition of ['a or b', '1 of them', 'not a and not b', 'not (a or b)', 'not 1 of them']) {
      expect(kept(condition, 'adm'), condition).to.equal(false);
      expect(kept(condition, 'bot'), condition).to.equal(false);
      expect(kept(condition, 'eve'), condition).to.equal(true);
    }
    expect(kept('not (a and not b)', 'adm')).to.equal(false);
    expect(kept('not (a and not b)', 'bot')).to.equal(true);
  });

  it('refuses a condition that could mean either', () => {
    const [fault = ''] = faultsOf(`${rule}---\n${filterOf('[reads]', 'a and not b')}`);
    expect(fault)
      .to.match(/^\d+:14 E_RULE_FILTER/)
      .and.to.include('not (…)');
  });

  it('narrows rules by name, by id or all of them, before or after them in the files', () => {
    for (const rules of ['[reads]', '[00000000-0000-4000-8000-000000000001]', 'any', 'reads']) {
      expect(matches(`${filterOf(rules, 'not a')}---\n${rule}`, { verb: 'get', user: 'adm' }), rules).to.equal(false);
      expect(matches(`${filterOf(rules, 'not a')}---\n${rule}`, { verb: 'get', user: 'eve' }), rules).to.equal(true);
    }
  });

  it('adds up: several filters of one rule all apply', () => {
    const text = [rule, filterOf('any', 'not a'), filterOf('[reads]', 'b', 3)].join('---\n');
    expect(matches(text, { verb: 'get', user: 'adm' })).to.equal(false);
    expect(matches(text, { verb: 'get', user: 'bot' })).to.equal(false);
    expect(matches(text, { verb: 'get', user: 'eve' })).to.equal(true);
  });

  it('leaves the fields a finding shows to the rule', () => {
    expect(matches(`${rule}---\n${filterOf('any', 'not a')}`, { verb: 'list', user: 'eve' })).to.equal(false);
  });

  it('refuses rules that are not loaded, correlations, and sections that are none', () => {
    const correlation = `title: C\nname: many\ncorrelation: { type: event_count, rules: [reads], timespan: 1m, condition: { gte: 2 } }\n`;
    const wrong: readonly (readonly [string, string])[] = [
      [filterOf('[nosuch]', 'not a'), 'the rule "nosuch" does not exist'],
      [filterOf('[many]', 'not a'), 'is a correlation'],
      [filterOf('[]', 'not a'), 'names no rules'],
      [`${head(2)}filter: { a: { user: x }, condition: not a }\n`, 'names no rules'],
      [`${head(2)}filter: { rules: any, a: { user: x } }\n`, 'no condition'],
      [`${head(2)}filter: [a]\n`, 'must be a map'],
      [`${head(2)}level: low\nfilter: { rules: any, a: { user: x }, condition: a }\n`, 'a filter has no "level"'],
      [filterOf('any', '[a, b]'), 'one condition'],
      [filterOf('any', 'not c'), 'the selection "c" does not exist'],
    ];
    for (const [text, part] of wrong) {
      const faults = faultsOf([rule, correlation, text].join('---\n'));
      expect(faults, part).to.have.length(1);
      expect(faults[0]).to.include(part);
    }
  });
});
