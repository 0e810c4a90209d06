import { expect } from 'chai';
import { Faults } from '../../src/core/faults.ts';
import { checkExceptions, readExceptions, rulesOfException } from '../../src/detection/exceptions.ts';
import { noMapping } from '../../src/detection/field-mapping.ts';
import { loadRules } from '../../src/detection/load-rules.ts';
import { matchEvent } from '../../src/detection/run-examples.ts';
import { load, ruleOf } from '../support/rules.ts';

const read = (text: string) => readExceptions([{ file: 'e.yml', text }], noMapping);
const one = (members: string): string => `exceptions:\n  - { ${members} }\n`;
const whole = 'rule: Rule 1, where: { user.username: a }, owner: team@example.com, reason: test, expires: 2026-12-31';

function faults(action: () => unknown): readonly string[] {
  try {
    action();
    return [];
  } catch (error) {
    if (!(error instanceof Faults)) throw error;
    return error.faults.map(
      ({ location, code, message }) => `${location?.file}:${location?.line}:${location?.column} ${code} ${message}`,
    );
  }
}

describe('detection/exceptions', () => {
  it('reads rule, owner, reason and the end of its time', () => {
    const [exception] = read(one(whole)).exceptions;
    expect(exception).to.include({ rule: 'Rule 1', owner: 'team@example.com', reason: 'test' });
    expect(exception?.expiresUs).to.equal(Date.UTC(2026, 11, 31) * 1000);
    expect(exception?.location).to.deep.equal({ file: 'e.yml', line: 2, column: 5 });
  });

  it('makes a rule that finds the events, with all modifiers, and the same id for the same exception', () => {
    const { exceptions, rules } = read(
      one(whole.replace('user.username: a', "'user.username|startswith': a, objectRef.namespace: [x, y]")),
    );
    const set = loadRules(rules);
    expect(set.rules[0]?.rule.info.id).to.equal(exceptions[0]?.matchId);
    const matches = (username: string, namespace: string) =>
      matchEvent(set, { user: { username }, objectRef: { namespace } }).rules.length;
    expect([matches('ab', 'y'), matches('ab', 'z'), matches('ba', 'x')]).to.deep.equal([1, 0, 0]);
    expect(read(one(whole)).exceptions[0]?.matchId).to.equal(read(one(whole)).exceptions[0]?.matchId);
  });

  const wrong: readonly (readonly [text: string, fault: RegExp])[] = [
    ['a: 1', /^e\.yml:1:1 E_EXCEPTION a file of exceptions/],
    [one('x'), /E_EXCEPTION/],
    [one(whole.replace('owner: team@example.com, ', '')), /^e\.yml:2:5 E_EXCEPTION an exception needs "owner"/],
    [one(whole.replace('reason: test, ', '')), /needs "reason"/],
    [one(whole.replace(', expires: 2026-12-31', '')), /needs "expires"/],
    [one(whole.replace('2026-12-31', 'soon')), /E_EXCEPTION "expires" is no date/],
    [one(whole.replace('where: { user.username: a }, ', '')), /needs "where"/],
    [one(`${whole}, whom: b`), /unknown member "whom"/],
    [one(whole.replace('user.username: a', 'user.username|no: a')), /^e\.yml:2:\d+ E_RULE_MODIFIER/],
  ];
  for (const [text, fault] of wrong) {
    it(`refuses ${JSON.stringify(text)}`, () => expect(faults(() => read(text)).join('\n')).to.match(fault));
  }

  it('finds the rule by id, name or title, whatever the case, and refuses rules that are not loaded', () => {
    const set = load(ruleOf('s: { verb: get }\ncondition: s', 1, 'name: my_rule\n'));
    const about = (rule: string) => read(one(whole.replace('Rule 1', rule))).exceptions;
    for (const name of ['00000000-0000-4000-8000-000000000001', 'MY_RULE', 'rule 1'])
      expect(about(name).flatMap((exception) => rulesOfException(exception, set))).to.have.length(1);
    expect(faults(() => checkExceptions(about('rule 1'), set))).to.deep.equal([]);
    expect(faults(() => checkExceptions(about('Rule 2'), set)).join()).to.match(/^e\.yml:2:5 E_EXCEPTION_RULE .*"Rule 2"/);
  });
});
