import { expect } from 'chai';
import { parseAuditPolicy } from '../../src/detection/audit-policy.ts';
import { type RuleCoverage, ruleCoverage } from '../../src/detection/rule-coverage.ts';
import { load, ruleOf } from '../support/rules.ts';

const idOf = (id: number): string => `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`;
const deleted = ruleOf('s: { verb: delete, objectRef.resource: pods }\ncondition: s', 1);
const made = ruleOf('s: { verb: create, objectRef.resource: pods, requestObject.x: y }\ncondition: s', 2);
const listed = ruleOf("s: { user.username|expand: '%people%' }\ncondition: s", 3);
const correlation = (type: string, condition: string): string =>
  `title: Both\nid: ${idOf(9)}\ncorrelation:\n  type: ${type}\n  rules: [${idOf(1)}, ${idOf(2)}]\n  group-by: [user.username]\n  timespan: 5m\n${condition}`;

function coverage(texts: readonly string[], rules: string): ReadonlyMap<string, RuleCoverage> {
  const policy = parseAuditPolicy('p.yaml', `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${rules}`);
  return new Map(ruleCoverage(load(texts.join('---\n')), policy).map((row) => [row.rule.name, row]));
}

describe('detection/rule-coverage', () => {
  it('takes a count to be blind only where all of its rules are, a sequence where one is', () => {
    const both = (type: string, condition: string, rules: string) =>
      coverage([deleted, made, correlation(type, condition)], rules).get('Both')?.state;
    const count = '  condition: { gte: 5 }\n';
    expect(both('event_count', count, '  - level: Request\n')).to.equal('sees');
    expect(both('event_count', count, '  - level: Metadata\n')).to.equal('partly');
    expect(both('temporal', '', '  - level: Metadata\n')).to.equal('blind');
    expect(both('temporal', '  condition: { gte: 1 }\n', '  - level: Metadata\n')).to.equal('partly');
    expect(both('event_count', count, '  - level: None\n')).to.equal('blind');
  });

  it('leaves out rules that only feed, names them as what a correlation needs, and adds their reasons up', () => {
    const rows = coverage([deleted, made, correlation('temporal', '')], '  - { level: Metadata, verbs: [create] }\n');
    expect([...rows.keys()]).to.deep.equal(['Both']);
    expect(rows.get('Both')).to.deep.include({ state: 'blind', through: ['Rule 1', 'Rule 2'] });
    expect(rows.get('Both')?.hidden).to.equal(rows.get('Both')?.requests);
    expect(rows.get('Both')?.why.map(({ reason }) => reason)).to.deep.equal(['none', 'body']);
  });

  it('does not call a rule blind that waits for a list', () => {
    const lists = 'placeholders:\n  people: []\n';
    expect(coverage([listed, lists], '  - level: Metadata\n').get('Rule 3')).to.deep.include({ state: 'waits', requests: 0 });
  });
});
