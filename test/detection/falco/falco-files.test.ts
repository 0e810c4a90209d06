import { expect } from 'chai';
import { falcoFaults, falcoRule, loadFalco, matchedRules } from '../../support/falco.ts';

const create = { auditID: 'a-1', verb: 'create', user: { username: 'dev' }, objectRef: { resource: 'pods', namespace: 'shop' } };
const names = (texts: readonly string[], event: unknown = create): readonly string[] => matchedRules(loadFalco(texts), event);

const rule = (name: string, condition: string, more = ''): string =>
  falcoRule(condition, more).replace('rule: Test', `rule: ${name}`);
const matches = (text: string): boolean => names([text]).length > 0;

describe('detection/falco/falco-files', () => {
  describe('lists', () => {
    it('are put into conditions as text, whatever the order of definition', () => {
      expect(matches(`${rule('A', 'ka.verb in (writes)')}- list: writes\n  items: [update, create]\n`)).to.equal(true);
      expect(matches(`- list: x\n  items: [pods, ns]\n${rule('A', 'ka.verb in (get, x, list)')}`)).to.equal(false);
      expect(matches(`- list: one\n  items: [create]\n${rule('A', 'ka.verb in one')}`)).to.equal(true);
      expect(matches(`- list: one\n  items: [create]\n${rule('A', 'ka.verb=one')}`)).to.equal(true);
    });

    it('expand the lists they name, one level where those were defined before', () => {
      const lists = '- list: inner\n  items: [create]\n- list: outer\n  items: [get, inner]\n';
      expect(matches(`${lists}${rule('A', 'ka.verb in (outer)')}`)).to.equal(true);
      const later = '- list: outer\n  items: [get, inner]\n- list: inner\n  items: [create]\n';
      expect(matches(`${later}${rule('A', 'ka.verb in (outer)')}`)).to.equal(true);
    });

    it('quote items that are no bare text', () => {
      const user = (item: string): boolean =>
        names([`- list: users\n  items: [other, ${item}]\n${rule('A', 'ka.user.name in (users)')}`], {
          user: { username: 'a b, (c)="d"\\' },
        }).length > 0;
      expect(user(`'a b, (c)="d"\\'`)).to.equal(true);
      expect(user(`'a b'`)).to.equal(false);
    });

    it('that are empty take a comma with them', () => {
      const empty = '- list: none\n  items: []\n';
      for (const values of ['none', 'none, create', 'create, none', 'create,none,get', ' none , create'])
        expect(matches(`${empty}${rule('A', `ka.verb in (${values})`)}`), values).to.equal(values !== 'none');
    });

    it('may have names that are no identifiers, and leave parts of words alone', () => {
      expect(matches(`- list: my-list.v2\n  items: [create]\n${rule('A', 'ka.verb in (my-list.v2)')}`)).to.equal(true);
      expect(matches(`- list: crea\n  items: [x]\n${rule('A', 'ka.verb in (create)')}`)).to.equal(true);
    });

    it('are replaced, and appended to in three ways', () => {
      const base = `- list: l\n  items: [get]\n${rule('A', 'ka.verb in (l)')}`;
      expect(names([base])).to.deep.equal([]);
      for (const more of [
        '  items: [create]',
        '  items: [create]\n  append: true',
        '  items: [create]\n  override: { items: append }',
      ])
        expect(names([base, `- list: l\n${more}\n`]), more).to.deep.equal(['A']);
      expect(names([base, '- list: l\n  items: [x]\n  override: { items: replace }\n'])).to.deep.equal([]);
    });
  });

  describe('macros', () => {
    it('are put in as a whole, so that their or stays inside', () => {
      expect(matches(`- macro: m\n  condition: ka.verb=get or ka.verb=create\n${rule('A', 'm and ka.user.name=eve')}`)).to.equal(
        false,
      );
      expect(matches(`- macro: m\n  condition: ka.verb=get or ka.verb=create\n${rule('A', 'not m')}`)).to.equal(false);
    });

    it('see only macros before them; rules see all', () => {
      const [a, b] = ['- macro: a\n  condition: ka.verb=create\n', '- macro: b\n  condition: a and ka.user.name=dev\n'];
      expect(matches(`${rule('A', 'b')}${a}${b}`)).to.equal(true);
      expect(falcoFaults(`${b}${a}${rule('A', 'b')}`)).to.deep.equal([
        '1.yml:2:14 E_RULE_CONDITION the macro "a" is defined after "b", which uses it Define it before.',
      ]);
      // Defined again it sees what came in between, and keeps its own place.
      expect(falcoFaults([`${b.replace('a and ', '')}${a}`, `${b}${rule('A', 'b')}`])).to.deep.equal([]);
    });

    it('are replaced and appended to; what is appended is joined with a blank', () => {
      const base = `- macro: m\n  condition: ka.verb=create\n${rule('A', 'm')}`;
      const more = (text: string, how: string): readonly string[] => names([base, `- macro: m\n  condition: ${text}\n${how}`]);
      expect(more('and ka.user.name=eve', '  append: true\n')).to.deep.equal([]);
      expect(more('and ka.user.name=dev', '  override: { condition: append }\n')).to.deep.equal(['A']);
      expect(more('ka.verb=get', '')).to.deep.equal([]);
      expect(more('ka.verb=get', '  override: { condition: replace }\n')).to.deep.equal([]);
    });

    it('that name themselves, or nothing that exists, are refused', () => {
      expect(falcoFaults(rule('A', 'nothing'))).to.deep.equal([
        '1.yml:3:15 E_RULE_CONDITION there is no macro "nothing" Load the file that defines it, or write a field and an operator.',
      ]);
      const self = '- macro: m\n  condition: ka.verb=get\n- macro: m\n  condition: and m\n  append: true\n';
      expect(falcoFaults(`${self}${rule('A', 'm')}`).join()).to.match(/the macro "m" uses itself/);
    });
  });

  describe('rules', () => {
    it('keep the order of their first definition over files, beside Sigma rules', () => {
      const sigma =
        'title: S\nid: 00000000-0000-4000-8000-000000000001\nlogsource: { product: kubernetes, service: audit }\ndetection: { s: { verb: create }, condition: s }\n';
      const files = [rule('A', 'ka.verb=create'), sigma, `${rule('B', 'ka.verb=create')}${rule('A', 'ka.verb exists')}`];
      expect(names(files)).to.deep.equal(['A', 'S', 'B']);
    });

    it('carry name, severity, tags and the credits of their file', () => {
      const head = '# SPDX-License-Identifier: Apache-2.0\n#\n# Copyright (C) 2026 The Example Authors.\n';
      const set = loadFalco(`${head}${rule('A b', 'ka.verb=get', '  tags: [k8s, T1609]\n')}`);
      expect(set.infos[0]).to.deep.equal({
        ...{ id: 'falco:A b', name: 'A b', severity: 'medium', author: 'The Example Authors', licence: 'Apache-2.0' },
        ...{ tags: ['k8s', 'T1609'], covers: [] },
      });
    });

    it('whose names differ only in case are two', () => {
      const set = loadFalco(`${rule('A b', 'ka.verb=create')}${rule('a B', 'ka.verb=get')}`);
      expect(set.infos.map(({ id }) => id)).to.deep.equal(['falco:A b', 'falco:a B (2)']);
      expect(matchedRules(set, create)).to.deep.equal(['A b']);
    });

    it('map every priority to a severity', () => {
      const severity = (priority: string): string | undefined =>
        loadFalco(falcoRule('ka.verb=get').replace('WARNING', priority)).infos[0]?.severity;
      expect(
        ['EMERGENCY', 'Alert', 'critical', 'ERROR', 'WARNING', 'Notice', 'INFO', 'INFORMATIONAL', 'debug'].map(severity),
      ).to.deep.equal([
        ...['critical', 'critical', 'critical', 'high', 'medium', 'low'],
        ...['informational', 'informational', 'informational'],
      ]);
      expect(falcoFaults(falcoRule('ka.verb=get').replace('WARNING', 'WARN')).join()).to.match(
        /1\.yml:5:3 E_RULE_KEY unknown priority "WARN"/,
      );
    });

    it('of other sources are left out with a notice', () => {
      const other = falcoRule('evt.type=open').replace('k8s_audit', 'syscall').replace('rule: Test', 'rule: Other');
      const set = loadFalco(`${other}${falcoRule('ka.verb=get')}`);
      expect(set.infos.map(({ name }) => name)).to.deep.equal(['Test']);
      expect(set.notices).to.deep.equal([
        { file: '1.yml', line: 1, message: '"Other" is for the source "syscall" and left out' },
      ]);
      const many = ['B', 'C', 'D', 'E'].map((name) => other.replace('rule: Other', `rule: ${name}`)).join('');
      expect(loadFalco(many).notices?.map(({ message }) => message)).to.deep.equal([
        '"B", "C", "D" and 1 more are for the source "syscall" and left out',
      ]);
      expect(loadFalco(other.replace(/ {2}source.*\n/, '')).notices?.[0]?.message).to.match(/source "syscall"/);
    });

    it('are switched off and on', () => {
      const off = rule('A', 'ka.verb=create', '  enabled: false\n');
      expect(names([off])).to.deep.equal([]);
      expect(names([off, '- rule: A\n  enabled: true\n'])).to.deep.equal(['A']);
      expect(names([rule('A', 'ka.verb=create'), '- rule: A\n  enabled: no\n  override: { enabled: replace }\n'])).to.deep.equal(
        [],
      );
    });

    it('are appended to in both ways', () => {
      const base = rule('A', 'ka.verb=create');
      const append = (how: string): readonly string[] => names([base, `- rule: A\n  condition: and ka.user.name=eve\n${how}`]);
      expect(append('  append: true\n')).to.deep.equal([]);
      expect(append('  override: { condition: append }\n')).to.deep.equal([]);
      expect(names([base, '- rule: A\n  condition: or ka.verb=x\n  append: true\n'])).to.deep.equal(['A']);
    });

    it('append and replace every part that can be', () => {
      const more = [
        '- rule: A\n  output: more %ka.verb\n  desc: More\n  tags: [t]\n  override: { output: append, desc: append, tags: append }\n',
        '- rule: A\n  priority: ERROR\n  warn_evttypes: false\n  skip-if-unknown-filter: true\n  override: { priority: replace, warn_evttypes: replace, skip-if-unknown-filter: replace }\n',
      ];
      const [loaded] = loadFalco([rule('A', 'ka.verb=create', '  tags: [s]\n'), ...more]).rules;
      expect(loaded?.rule.info.tags).to.deep.equal(['s', 't']);
      expect(loaded?.rule.info.severity).to.equal('high');
      expect(loaded?.rule.description).to.equal('Test More');
      expect(loaded?.rule.output?.('{"verb":"get"}').text).to.equal('Test more get');
    });

    it('with an unknown field are left out where they ask for it', () => {
      const unknown = falcoRule('ka.new.field = x', '  skip-if-unknown-filter: true\n');
      const set = loadFalco(unknown);
      expect(set.infos).to.deep.equal([]);
      expect(set.notices?.[0]?.message).to.equal('"Test" is left out: unknown field "ka.new.field"');
      const inOutput = falcoRule('ka.verb=get', '  skip-if-unknown-filter: true\n').replace('output: Test', 'output: x %ka.new');
      expect(loadFalco(inOutput).notices).to.have.length(1);
    });
  });

  it('feed correlations by name and by id', () => {
    const correlation = (name: string): string =>
      `title: Many\nid: 00000000-0000-4000-8000-000000000009\ncorrelation:\n  type: event_count\n  rules: [${name}]\n  group-by: [user.username]\n  timespan: 5m\n  condition: { gte: 2 }\nlevel: high\n`;
    for (const name of ['A', 'falco:A'])
      expect(loadFalco([correlation(name), rule('A', 'ka.verb=get')]).correlations, name).to.have.length(1);
  });

  it('accepts versions it stands for and refuses others', () => {
    const versions = (text: string): readonly string[] => falcoFaults(`${text}\n${falcoRule('ka.verb=get')}`);
    expect(versions('- required_engine_version: 15')).to.deep.equal([]);
    expect(versions('- required_engine_version: 0.31.0')).to.deep.equal([]);
    expect(versions('- required_engine_version: 1.0.0').join()).to.match(
      /1\.yml:1:28 E_RULE_VERSION the rules need version 1\.0\.0/,
    );
    expect(versions('- required_engine_version: soon').join()).to.match(/"soon" is no version/);
    const plugin = (entry: string): readonly string[] => versions(`- required_plugin_versions:\n    - ${entry}`);
    expect(plugin('{ name: k8saudit, version: 0.18.0, alternatives: [{ name: k8saudit-eks, version: 0.12.0 }] }')).to.deep.equal(
      [],
    );
    expect(plugin('{ name: other, version: 3.0.0, alternatives: [{ name: k8saudit, version: 0.1.0 }] }')).to.deep.equal([]);
    expect(plugin('{ name: k8saudit, version: 2.0.0 }').join()).to.match(/E_RULE_VERSION the rules need k8saudit 2\.0\.0/);
    expect(plugin('{ name: k8saudit, version: 0.x }').join()).to.match(/"0\.x" is no version/);
    const notices = loadFalco(
      `- required_plugin_versions: [{ name: cloudtrail, version: 0.1.0 }]\n${falcoRule('ka.verb=get')}`,
    ).notices;
    expect(notices?.[0]?.message).to.match(/asks for the plugin cloudtrail 0\.1\.0/);
  });

  it('reports everything that is wrong, each with its place and a remedy', () => {
    const rows: readonly (readonly [text: string, fault: RegExp])[] = [
      [
        '- rule: A\n  condtion: x\n  desc: d\n  output: o\n  priority: INFO\n',
        /\n1\.yml:2:3 E_RULE_KEY unknown key "condtion" Did you mean `condition`\?/,
      ],
      [
        '- rule: A\n  desc: d\n  output: o\n  priority: INFO\n',
        /^1\.yml:1:3 E_RULE_KEY the item has no "condition" Add condition:\.$/,
      ],
      ['- rule: A\n  condition: ka.verb=x\n  output: o\n  priority: INFO\n', /has no "desc"/],
      ['- rule: A\n  condition: ka.verb=x\n  desc: d\n  priority: INFO\n', /has no "output"/],
      ['- rule: A\n  condition: ka.verb=x\n  desc: d\n  output: o\n', /has no "priority"/],
      ['- rule: A\n', /the item has no "enabled"/],
      ['- macro: m\n', /has no "condition"/],
      ['- macro: m\n  condition: ka.verb=\n', /1\.yml:2:21 E_RULE_CONDITION expected a text/],
      ['- list: l\n', /"items" is not a list/],
      ['- list: l\n  items: x\n', /1\.yml:2:3 E_RULE_KEY "items" is not a list/],
      ['- list: l\n  items: [[a]]\n', /"items" holds something that is no text/],
      ['- list: l\n  items: [a]\n  append: maybe\n', /"append" is true or false/],
      ['- list: l\n  items: [a]\n  append: true\n', /1\.yml:1:3 E_RULE_UNKNOWN there is no list "l" to change/],
      ['- macro: m\n  condition: and x\n  append: true\n', /there is no macro "m" to change/],
      ['- rule: A\n  condition: and x\n  append: true\n', /there is no rule "A" to change/],
      ['- rule: A\n  enabled: false\n', /there is no rule "A" to change/],
      ['- rule: A\n  append: true\n', /nothing is appended/],
      ['- list: l\n  items: [a]\n  append: true\n  override: { items: append }\n', /"append" and "override" exclude each other/],
      ['- list: l\n  items: [a]\n  override: { items: add }\n', /1\.yml:3:15 E_RULE_OVERRIDE "add" is no way to override/],
      ['- list: l\n  items: [a]\n  override: { item: append }\n', /"item" cannot be overridden/],
      ['- rule: A\n  priority: INFO\n  override: { priority: append }\n', /nothing can be appended to "priority"/],
      ['- rule: A\n  override: { condition: append }\n', /"condition" is to be overridden and is not there/],
      [
        '- rule: A\n  condition: x\n  desc: d\n  override: { condition: append }\n',
        /1\.yml:3:3 E_RULE_OVERRIDE "desc" is given and not named/,
      ],
      ['- rules: A\n', /1\.yml:1:3 E_RULE_KEY an item that starts with "rules" is not known Did you mean `rule`\?/],
      ['- just text\n', /an item is a map/],
      ['- rule: A\n  condition: [a\n', /E_RULE_YAML/],
      ['- list: l\n  items: []\n---\na: b\n', /1\.yml:4:1 E_RULE_DOCUMENT Falco rules are a list of items/],
    ];
    for (const [text, fault] of rows) expect(falcoFaults(text).join('\n'), text).to.match(fault);
    expect(
      falcoFaults(
        rows
          .slice(0, 1)
          .map(([text]) => `${text}- macro: m\n`)
          .join(''),
      ),
    ).to.have.length(3);
  });

  it('refuses a rule that changes its source', () => {
    const again = falcoRule('ka.verb=get').replace('k8s_audit', 'syscall');
    expect(falcoFaults([falcoRule('ka.verb=get'), again]).join()).to.match(
      /2\.yml:1:3 E_RULE_SOURCE "Test" is defined again for the source "syscall" It was defined for "k8s_audit" at 1\.yml:1/,
    );
  });

  it('finds places in folded, literal, plain and quoted conditions, behind lists and in appended texts', () => {
    const at = (text: string): string => falcoFaults(text).join().split(' ')[0] ?? '';
    const tail = '\n  desc: d\n  output: o\n  priority: INFO\n  source: k8s_audit\n';
    expect(at(`- rule: A\n  condition: >\n    ka.verb=x\n\n    and (ka.nope=y)${tail}`)).to.equal('1.yml:5:10');
    expect(at(`- rule: A\n  condition: |\n    ka.verb=x\n    and ka.nope=y${tail}`)).to.equal('1.yml:4:9');
    expect(at(`- rule: A\n  condition: ka.verb=x\n    and\n    ka.nope=y${tail}`)).to.equal('1.yml:4:5');
    expect(at(`- rule: A\n  condition: "ka.verb=x and ka.nope=y"${tail}`)).to.equal('1.yml:2:29');
    expect(at(`- rule: A\n  condition: "ka.verb=\\"x\\" and ka.nope=y"${tail}`)).to.equal('1.yml:2:14');
    expect(
      at(`- list: long_list\n  items: [a, b, c, d, e]\n- rule: A\n  condition: ka.verb in (long_list) and ka.nope=y${tail}`),
    ).to.equal('1.yml:4:41');
    expect(at(`- list: l\n  items: [a]\n- rule: A\n  condition: ka.verb in (l l)${tail}`)).to.equal('1.yml:4:28');
    const macro = '- macro: m\n  condition: ka.nope=y\n';
    expect(falcoFaults(`${macro}${falcoRule('m')}${falcoRule('m').replace('Test', 'Other')}`)).to.have.length(1);
    expect(at(`${macro}${falcoRule('m')}`)).to.equal('1.yml:2:14');
    const appended = falcoFaults([falcoRule('ka.verb=x'), '- rule: Test\n  condition: and ka.nope=x\n  append: true\n']);
    expect(appended.join()).to.match(/^2\.yml:2:18 /);
  });
});
