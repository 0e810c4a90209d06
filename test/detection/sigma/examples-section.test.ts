import { expect } from 'chai';
import { faultsOf, load, ruleOf } from '../../support/rules.ts';

const base = ruleOf('sel: { verb: get }\ncondition: sel', 1, 'name: a\n');
const stream = (tests: string): string =>
  `${base}---\ntitle: C\nid: 00000000-0000-4000-8000-000000000009\ncorrelation: { type: event_count, rules: [a], timespan: 1m, condition: { gte: 1 } }\n${tests}`;

describe('detection/sigma/examples-section', () => {
  it('reads events, with anchors and merge keys', () => {
    const tests =
      'tests:\n  - { name: x, match: true, event: &e { verb: get, a: 1 } }\n  - { name: y, match: false, event: { <<: *e, verb: list } }\n';
    expect(load(base + tests).rules[0]?.rule.tests).to.deep.equal([
      { name: 'x', match: true, event: { verb: 'get', a: 1 } },
      { name: 'y', match: false, event: { verb: 'list', a: 1 } },
    ]);
  });

  it('writes an example out for each value, as a value of its own or inside a text', () => {
    const set = load(
      `${ruleOf('s: { verb: get }\ncondition: s')}tests:\n  - { name: x, match: true, each: [200, a], event: { code: '{each}', list: ['is {each}!'], deep: { 'n-{each}': '{each}' } } }\n`,
    );
    expect(set.rules[0]?.rule.tests).to.deep.equal([
      { name: 'x (200)', match: true, event: { code: 200, list: ['is 200!'], deep: { 'n-200': 200 } } },
      { name: 'x (a)', match: true, event: { code: 'a', list: ['is a!'], deep: { 'n-a': 'a' } } },
    ]);
  });

  it('refuses "each" that would write out nothing, or the same event again', () => {
    for (const example of ['each: [], event: { a: "{each}" }', 'each: x, event: { a: "{each}" }', 'each: [x], event: { a: b }']) {
      const text = `${ruleOf('s: { verb: get }\ncondition: s')}tests:\n  - { name: x, match: true, ${example} }\n`;
      expect(faultsOf(text).join(), example).to.include('E_RULE_TESTS');
    }
  });

  it('writes repeated events out, each with its time and number', () => {
    const tests =
      'tests:\n  - name: x\n    findings: 1\n    events: [{ at: 10, repeat: { count: 3, every: 5 }, name: "n-{n}" }, { at: 99, name: z }]\n';
    expect(load(stream(tests)).correlations[0]?.rule.tests[0]?.events).to.deep.equal([
      { at: 10, event: { name: 'n-0' } },
      { at: 15, event: { name: 'n-1' } },
      { at: 20, event: { name: 'n-2' } },
      { at: 99, event: { name: 'z' } },
    ]);
  });

  it('refuses examples of another shape', () => {
    for (const test of [
      '{ match: true, event: {} }',
      '{ name: x, event: {} }',
      '{ name: x, match: true }',
      '{ name: x, match: true, event: {}, evnet: {} }',
    ]) {
      expect(faultsOf(`${base}tests: [${test}]\n`).join(), test).to.include('E_RULE_TESTS');
    }
    for (const test of [
      '{ name: x, findings: 1 }',
      '{ name: x, findings: 1, events: [{ verb: get }] }',
      '{ name: x, findings: one, events: [{ at: 1 }] }',
    ]) {
      expect(faultsOf(stream(`tests: [${test}]\n`)).join(), test).to.include('E_RULE_TESTS');
    }
    expect(faultsOf(`${base}tests: { name: x }\n`).join()).to.include('list of examples');
  });
});
