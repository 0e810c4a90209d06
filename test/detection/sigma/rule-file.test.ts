import { expect } from 'chai';
import { noMapping } from '../../../src/detection/field-mapping.ts';
import { FieldTable } from '../../../src/detection/field-table.ts';
import { parseSigmaFile } from '../../../src/detection/sigma/rule-file.ts';
import { faultsOf, head, ruleOf } from '../../support/rules.ts';

const simple = 'sel: { verb: get }\ncondition: sel';

describe('detection/sigma/rule-file', () => {
  it('reads what a rule says about itself', () => {
    const more =
      'level: high\nauthor: Somebody\nlicense: DRL 1.1\ntags: [attack.t1609]\nfalsepositives: [None]\ncustom: { covers: [EX01, EX02], owner: x }\n';
    const { rules } = parseSigmaFile('a.yml', ruleOf(simple, 1, more), {
      fields: new FieldTable(noMapping),
      placeholders: new Map(),
    });
    expect(rules[0]?.info).to.deep.equal({
      id: '00000000-0000-4000-8000-000000000001',
      name: 'Rule 1',
      severity: 'high',
      author: 'Somebody',
      licence: 'DRL 1.1',
      tags: ['attack.t1609'],
      covers: ['EX01', 'EX02'],
    });
    expect(rules[0]?.fields).to.deep.equal(['verb']);
    expect(rules[0]?.location).to.deep.equal({ file: 'a.yml', line: 1, column: 1 });
  });

  it('reports every fault of a file with its place, in order', () => {
    const text = `title: X\nid: 1\nlogsource: { product: windows, service: audit }\nlevle: high\nlevel: enormous\ndetection:\n  sel:\n    verb|startwith: del\n  condition: sel and nosuchselection\n`;
    expect(faultsOf(text)).to.deep.equal([
      '2:5 E_RULE_KEY the id is not a UUID Make a random one, for example with uuidgen.',
      '3:1 E_RULE_LOGSOURCE the rule is not for Kubernetes audit events logsource: { product: kubernetes, service: audit }',
      '4:1 E_RULE_KEY unknown key "levle" Did you mean `level`?',
      '5:8 E_RULE_KEY unknown level "enormous" Known: informational, low, medium, high, critical.',
      '8:5 E_RULE_MODIFIER unknown modifier "startwith" Did you mean `startswith`?',
      '9:22 E_RULE_CONDITION the selection "nosuchselection" does not exist Known: sel.',
    ]);
  });

  it('points into the second document of a file', () => {
    expect(faultsOf(`${ruleOf(simple)}---\n${head(2)}detection: { sel: { verb: get }, condition: x }\n`)[0]).to.match(
      /^11:\d+ E_RULE_CONDITION/,
    );
  });

  it('reads rules, correlations, filters and placeholders from the documents of one file, empty ones between them', () => {
    const correlation = 'title: C\ncorrelation: { type: event_count, rules: [Rule 1], timespan: 1m, condition: { gte: 2 } }\n';
    const filter = `${head(3)}filter: { rules: any, sel: { verb: list }, condition: not sel }\n`;
    const text = [ruleOf(simple), '', correlation, filter, 'placeholders: { a: [b] }\n'].join('---\n');
    const file = parseSigmaFile('a.yml', text, { fields: new FieldTable(noMapping), placeholders: new Map() });
    expect([file.rules.length, file.correlations.length, file.filters.length]).to.deep.equal([1, 1, 1]);
  });

  it('keeps members of the author\u2019s own, and calls a rule without an id by its name or title', () => {
    const text = ruleOf(simple, 1, 'simulation: { type: atomic }\nregression_tests_path: x\n').replace(/id: .*\n/, '');
    const read = (more: string): string | undefined =>
      parseSigmaFile('a.yml', more + text, { fields: new FieldTable(noMapping), placeholders: new Map() }).rules[0]?.info.id;
    expect(read('')).to.equal('Rule 1');
    expect(read('name: rule_one\n')).to.equal('rule_one');
  });

  it('refuses old collections, broken YAML, doubled keys and empty files', () => {
    expect(faultsOf(`${ruleOf(simple)}filter: {}\n`).join()).to.include('one of them');
    expect(faultsOf(`action: global\n${ruleOf(simple)}`).join()).to.include('no longer part of Sigma');
    expect(faultsOf('title: [')[0]).to.match(/^1:\d+ E_RULE_YAML/);
    expect(faultsOf(`title: a\ntitle: b\n`).join()).to.include('E_RULE_YAML');
    expect(faultsOf('').join()).to.include('E_RULE_DOCUMENT');
    expect(faultsOf('only a text\n').join()).to.include('a rule is a map');
    expect(faultsOf(head()).join()).to.include('no detection');
    expect(faultsOf(ruleOf(simple, 1, 'custom: { profiles: [loud] }\n')).join()).to.include('unknown profile "loud"');
  });
});
