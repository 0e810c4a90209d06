import { expect } from 'chai';
import { falcoFaults, falcoRule, loadFalco, matchedRules } from '../../support/falco.ts';

const event = {
  auditID: 'a',
  verb: 'create',
  user: { username: 'robot one', groups: ['dev', 'ops'] },
  objectRef: { name: 'web-7', namespace: 'shop' },
};
const withExceptions = (yaml: string, condition = 'ka.verb=create'): string =>
  falcoRule(
    condition,
    `  exceptions:\n${yaml
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n')}\n`,
  );
const matches = (...texts: readonly string[]): boolean => matchedRules(loadFalco(texts), event).length > 0;

describe('detection/falco/exceptions', () => {
  it('of one field take all values in one list', () => {
    expect(matches(withExceptions('- name: e\n  fields: ka.user.name\n  values: [other, robot one]'))).to.equal(false);
    expect(matches(withExceptions('- name: e\n  fields: ka.user.name\n  values: [other]'))).to.equal(true);
    expect(matches(withExceptions('- name: e\n  fields: ka.target.name\n  comps: pmatch\n  values: [web-7]'))).to.equal(false);
    expect(matches(withExceptions('- name: e\n  fields: ka.user.groups\n  comps: intersects\n  values: [dev, x]'))).to.equal(
      false,
    );
    expect(
      matches(withExceptions('- name: e\n  fields: ka.user.name\n  comps: startswith  anyof\n  values: [x, robot]')),
    ).to.equal(false);
  });

  it('of several fields take tuples', () => {
    const tuples = (values: string, comps = ''): boolean =>
      matches(withExceptions(`- name: e\n  fields: [ka.user.name, ka.target.name]\n${comps}  values:\n${values}`));
    expect(tuples('    - [robot one, web-7]')).to.equal(false);
    expect(tuples('    - [robot one, other]')).to.equal(true);
    expect(tuples('    - [x, y]\n    - [robot, web]', '  comps: [contains, startswith]\n')).to.equal(false);
    expect(tuples('    - [robot one, [web-6, web-7]]', '  comps: [=, in]\n')).to.equal(false);
    expect(tuples('    - [robot one, web-7]', '  comps: [=, in]\n')).to.equal(false);
    expect(tuples('    - [robot one, "(web-6, web-7)"]', '  comps: [=, in]\n')).to.equal(false);
    expect(tuples('    - [robot one, [web, x]]', '  comps: [=, startswith anyof]\n')).to.equal(false);
  });

  it('may name lists, and values that are no bare text', () => {
    const list = '- list: robots\n  items: [robot one]\n';
    expect(matches(`${list}${withExceptions('- name: e\n  fields: ka.user.name\n  values: [robots]')}`)).to.equal(false);
    expect(
      matches(`${list}${withExceptions('- name: e\n  fields: [ka.user.name]\n  comps: [in]\n  values:\n    - [[robots]]')}`),
    ).to.equal(false);
    expect(matches(withExceptions("- name: e\n  fields: ka.user.name\n  values: ['a (b), c=d']"))).to.equal(true);
  });

  it('apply to the whole condition, also to an or', () => {
    const text = '- name: e\n  fields: ka.user.name\n  values: [robot one]';
    expect(matches(withExceptions(text, 'ka.verb=create or ka.verb=get'))).to.equal(false);
  });

  it('without values change nothing', () => {
    expect(matches(withExceptions('- name: e\n  fields: ka.user.name'))).to.equal(true);
    expect(matches(withExceptions('- name: e\n  fields: [ka.user.name]\n  values: []'))).to.equal(true);
    expect(matches(falcoRule('ka.verb=create', '  exceptions:\n'))).to.equal(true);
  });

  it('are appended: values to those of the same name, others as new ones', () => {
    const base = withExceptions('- name: e\n  fields: [ka.user.name]\n  comps: [endswith]');
    const append = (yaml: string, how: string): string => `- rule: Test\n  exceptions:\n    - ${yaml}\n  ${how}\n`;
    for (const how of ['append: true', 'override: { exceptions: append }']) {
      expect(matches(base, append('{ name: e, values: [[one]] }', how)), how).to.equal(false);
      expect(matches(base, append('{ name: f, fields: [ka.target.name], values: [[web-7]] }', how)), how).to.equal(false);
      expect(matches(base, append('{ name: e, values: [[two]] }', how)), how).to.equal(true);
    }
    expect(
      matches(base, append('{ name: f, fields: ka.target.name, values: [web-7] }', 'override: { exceptions: replace }')),
    ).to.equal(false);
  });

  it('refuse what does not fit together', () => {
    const rows: readonly (readonly [yaml: string, fault: RegExp])[] = [
      ['- name: e\n  values: [x]', /1\.yml:8:7 E_RULE_EXCEPTION the exception "e" names no fields/],
      ['- fields: ka.verb', /has no "name"/],
      [
        '- name: e\n  fields: ka.verb\n  comps: startswith\n  values: [x]',
        /1\.yml:10:14 E_RULE_EXCEPTION the exception "e" compares with "startswith" With one field/,
      ],
      ['- name: e\n  fields: ka.verb\n  comps: is\n  values: [x]', /compares with "is"/],
      ['- name: e\n  fields: ka.verb\n  values: [[x]]', /a value of the exception "e" is a list/],
      ['- name: e\n  fields: ka.verb\n  values: x', /"values" is not a list/],
      ['- name: e\n  fields: [ka.verb, ka.uri]\n  values:\n    - [x]', /does not have 2 parts/],
      ['- name: e\n  fields: [ka.verb, ka.uri]\n  values: [x]', /does not have 2 parts/],
      ['- name: e\n  fields: [ka.verb, ka.uri]\n  comps: [=]\n  values: []', /has 2 fields and 1 comps/],
      ['- name: e\n  fields: [ka.verb]\n  comps: in\n  values: []', /comps of the exception "e" is no list/],
      ['- name: e\n  fields: ka.nope\n  values: [x]', /1\.yml:8:7 E_RULE_FIELD unknown field "ka\.nope"/],
      ['- name: e\n  field: ka.verb', /unknown key "field" Did you mean `fields`\?/],
    ];
    for (const [yaml, fault] of rows) expect(falcoFaults(withExceptions(yaml)).join('\n'), yaml).to.match(fault);
    const base = withExceptions('- name: e\n  fields: ka.verb\n  values: [x]');
    const appended = (yaml: string): string =>
      falcoFaults([base, `- rule: Test\n  exceptions: [${yaml}]\n  append: true\n`]).join();
    expect(appended('{ name: e, fields: ka.verb, values: [y] }')).to.match(
      /2\.yml:2:16 E_RULE_EXCEPTION the exception "e" is already defined/,
    );
    expect(appended('{ name: f, fields: ka.verb }')).to.match(/the exception "f" has no values/);
  });
});
