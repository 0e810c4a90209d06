import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { decidingRule, type PolicyRequest, parseAuditPolicy, policyRuleFits } from '../../src/detection/audit-policy.ts';

const head = 'apiVersion: audit.k8s.io/v1\nkind: Policy\n';
const caller = { username: 'jane', groups: ['ops', 'system:authenticated'] };
const place = { subresource: '', group: '', namespace: '', name: '', path: '', caller };
const request: PolicyRequest = { ...place, verb: 'get', resource: 'pods' };
const path: Partial<PolicyRequest> = { resource: undefined, path: '/healthz/etcd' };
const unknown: Partial<PolicyRequest> = { caller: { username: undefined, groups: [] } };

function fits(rule: string, other: Partial<PolicyRequest> = {}): boolean {
  const [first] = parseAuditPolicy('p.yaml', `${head}rules:\n  - { level: Metadata, ${rule} }\n`).rules;
  return policyRuleFits(first ?? expect.fail(), { ...request, ...other });
}

function fault(text: string): string {
  try {
    parseAuditPolicy('p.yaml', text);
  } catch (error) {
    if (error instanceof Fault) return `${error.location?.line}:${error.location?.column} ${error.code}`;
  }
  return 'none';
}

describe('detection/audit-policy', () => {
  const rows: readonly (readonly [rule: string, other: Partial<PolicyRequest>, fits: boolean])[] = [
    ['verbs: []', {}, true],
    ['verbs: [get]', {}, true],
    ['verbs: [list]', {}, false],
    ['users: [x]', {}, false],
    ['users: [x, jane]', {}, true],
    ['users: [jane]', unknown, false],
    ['userGroups: [ops]', {}, true],
    ['userGroups: [dev]', {}, false],
    ['userGroups: [ops]', unknown, false],
    ['nonResourceURLs: ["/healthz*"]', {}, false],
    ['nonResourceURLs: ["/healthz*"]', path, true],
    ['nonResourceURLs: ["/healthz"]', path, false],
    ['nonResourceURLs: ["/healthz/etcd"]', path, true],
    ['namespaces: [shop]', {}, false],
    ['namespaces: [shop]', { namespace: 'shop' }, true],
    ['namespaces: [""]', {}, true],
    ['namespaces: [""]', path, false],
    ['resources: [{ group: "" }]', {}, true],
    ['resources: [{ group: "" }]', path, false],
    ['resources: [{ group: apps }]', {}, false],
    ['resources: [{ resources: [pods] }]', {}, true],
    ['resources: [{ resources: [pods] }]', { subresource: 'log' }, false],
    ['resources: [{ resources: [pods/log] }]', { subresource: 'log' }, true],
    ['resources: [{ resources: ["pods/*"] }]', { subresource: 'log' }, true],
    ['resources: [{ resources: ["*/log"] }]', { subresource: 'log' }, true],
    ['resources: [{ resources: ["*/log"] }]', {}, false],
    ['resources: [{ resources: ["*"] }]', { subresource: 'log' }, true],
    ['resources: [{ resources: [pods], resourceNames: [web] }]', {}, false],
    ['resources: [{ resources: [pods], resourceNames: [web] }]', { name: 'web' }, true],
    ['resources: [{ resources: [secrets] }]', {}, false],
  ];
  for (const [rule, other, expected] of rows) {
    it(`{ ${rule} } ${expected ? 'fits' : 'does not fit'} get pods${JSON.stringify(other)}`, () =>
      expect(fits(rule, other)).to.equal(expected));
  }

  it('lets the first rule decide that fits, and none where none does', () => {
    const text = `${head}rules:\n  - { level: None, verbs: [list] }\n  - { level: Request, users: [jane] }\n  - { level: Metadata, verbs: [get] }\n`;
    const policy = parseAuditPolicy('p.yaml', text);
    expect(decidingRule(policy, request)?.level).to.equal('Request');
    expect(decidingRule(policy, { ...request, ...unknown })?.level).to.equal('Metadata');
    expect(decidingRule(policy, { ...request, ...unknown, verb: 'create' })).to.equal(undefined);
  });

  it('adds the stages that the whole policy leaves out to those of each rule', () => {
    const policy = parseAuditPolicy(
      'p.yaml',
      `${head}omitStages: [RequestReceived]\nrules: [{ level: Request, omitStages: [Panic] }]\n`,
    );
    expect(policy.rules[0]?.omitStages).to.deep.equal(['RequestReceived', 'Panic']);
  });

  it('names the place of what it cannot read', () => {
    expect(fault('a: [')).to.match(/^\d+:\d+ E_POLICY_SYNTAX$/);
    expect(fault(`${head}rules:\n  - level: Metdata\n`)).to.equal('4:12 E_POLICY_VALUE');
    expect(fault(`${head}rules:\n  - level: Metadata\n    verb: [get]\n`)).to.equal('4:5 E_POLICY_VALUE');
    expect(fault('kind: Pod\n')).to.match(/E_POLICY_VALUE$/);
  });
});
