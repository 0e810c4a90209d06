import { expect } from 'chai';
import { type Finding, severities } from '../../src/core/finding.ts';
import { createFormatter } from '../../src/findings/create-formatter.ts';
import { bare, full, product } from './support.ts';

interface Falco {
  readonly output: string;
  readonly priority: string;
  readonly rule: string;
  readonly time: string;
  readonly source: string;
  readonly tags: readonly string[];
  readonly output_fields: Readonly<Record<string, string | number>>;
}

const write = createFormatter('falco', product);
const falco = (finding: Finding): Falco => JSON.parse(write(finding)) as Falco;
/** The payload falcosidekick reads (its types/types.go), in Falco's own spelling. */
const members = ['uuid', 'output', 'priority', 'rule', 'time', 'source', 'output_fields', 'hostname', 'tags'];
const priorities = ['Emergency', 'Alert', 'Critical', 'Error', 'Warning', 'Notice', 'Informational', 'Debug'];

describe('findings/falco-json', () => {
  it('has the members that readers of Falco know, and no others', () => {
    expect(Object.keys(falco(full))).to.have.members(members);
    expect(Object.keys(falco(bare))).to.have.members(members.filter((name) => name !== 'hostname'));
  });

  it('gives each severity a priority of Falco, the higher the graver', () => {
    const given = severities.map((severity) => falco({ ...full, rule: { ...full.rule, severity } }).priority);
    expect(given).to.deep.equal(['Informational', 'Notice', 'Warning', 'Error', 'Critical']);
    expect(given.map((name) => priorities.indexOf(name))).to.deep.equal([6, 5, 4, 3, 2]);
  });

  it('takes output, fields and priority from a rule that brings its own', () => {
    const output = { text: 'Pod read (user=x)', fields: { 'ka.user.name': 'x', 'jevt.value[/a]': '<NA>' }, priority: 'alert' };
    const written = falco({ ...full, output, rule: { ...full.rule, tags: ['k8s', 'T1609'] } });
    expect(written.priority).to.equal('Alert');
    expect(written.output).to.equal(`${written.time}: Alert Pod read (user=x)`);
    expect(written.output_fields).to.include({ 'ka.user.name': 'x', 'jevt.value[/a]': '<NA>' });
    expect(written.tags).to.deep.equal(['k8s', 'T1609']);
  });

  it('reads back from the findings log as it was', () => {
    const output = { text: 'Pod read', fields: { 'ka.verb': 'get' }, priority: 'notice' };
    const stored = JSON.parse(createFormatter('native', product)({ ...full, output })) as Finding;
    expect(falco(stored).output).to.match(/Notice Pod read$/);
  });

  it('writes output fields as texts and numbers under the names of the k8saudit plugin', () => {
    const { output_fields: fields } = falco(full);
    for (const value of Object.values(fields)) expect(['string', 'number']).to.include(typeof value);
    expect(fields).to.include({
      'ka.auditid': 'a-1',
      'ka.stage': 'ResponseComplete',
      'ka.verb': 'create',
      'ka.user.name': '[MASKED:user:k1:0011223344556677]',
      'ka.target.resource': 'pods',
      'ka.target.subresource': 'exec',
      'ka.target.namespace': 'shop',
      'ka.target.name': 'web-0',
      'ka.sourceips': '203.0.113.5,192.0.2.7',
      'ka.useragent': 'kubectl/v1.31.0',
      'ka.response.code': '201',
      'auditveil.rule.author': 'Somebody',
      'auditveil.rule.licence': 'DRL 1.1',
      'auditveil.episode.count': 7,
      'auditveil.revision': 2,
      'auditveil.evidence.annotations.authorization.k8s.io/decision': 'allow,forbid',
    });
    expect(falco(bare).output_fields).to.deep.equal({
      'auditveil.id': 'f00e',
      'auditveil.revision': 1,
      'auditveil.rule.id': 'auditveil.stub',
    });
  });

  it('begins its output with time and priority as Falco does, and tags with techniques', () => {
    expect(falco(full).output).to.match(
      /^2026-05-04T10:00:00\.000001Z: Error Administrator role bound: create pods\/exec shop\/web-0 by /,
    );
    expect(falco(full)).to.include({ source: 'k8s_audit', time: full.time });
    expect(falco(full).tags).to.deep.equal([
      'k8s',
      'mitre_persistence',
      'mitre_privilege_escalation',
      'T1098.006',
      'T1078',
      'cve.2018-18264',
    ]);
  });
});
