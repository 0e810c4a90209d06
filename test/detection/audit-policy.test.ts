import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { type Decides, type PolicyRequest, parseAuditPolicy, policyRuleDecides } from '../../src/detection/audit-policy.ts';

const head = 'apiVersion: audit.k8s.io/v1\nkind: Policy\n';
const request: PolicyRequest = { verb: 'get', resource: 'pods', subresource: '', group: '', namespace: undefined };

function decides(rule: string, other: Partial<PolicyRequest> = {}): Decides {
  const [first] = parseAuditPolicy('p.yaml', `${head}rules:\n  - { level: Metadata, ${rule} }\n`).rules;
  return policyRuleDecides(first ?? expect.fail(), { ...request, ...other });
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
  const rows: readonly (readonly [rule: string, other: Partial<PolicyRequest>, decides: Decides])[] = [
    ['verbs: []', {}, 'yes'],
    ['verbs: [get]', {}, 'yes'],
    ['verbs: [list]', {}, 'no'],
    ['users: [x]', {}, 'maybe'],
    ['userGroups: [x]', {}, 'maybe'],
    ['nonResourceURLs: ["/healthz*"]', {}, 'no'],
    ['namespaces: [shop]', {}, 'maybe'],
    ['namespaces: [shop]', { namespace: 'shop' }, 'yes'],
    ['namespaces: [shop]', { namespace: 'web' }, 'no'],
    ['resources: [{ group: "" }]', {}, 'yes'],
    ['resources: [{ group: apps }]', {}, 'no'],
    ['resources: [{ group: apps }]', { group: undefined }, 'maybe'],
    ['resources: [{ resources: [pods] }]', {}, 'yes'],
    ['resources: [{ resources: [pods] }]', { subresource: 'log' }, 'no'],
    ['resources: [{ resources: [pods/log] }]', { subresource: 'log' }, 'yes'],
    ['resources: [{ resources: ["pods/*"] }]', { subresource: 'log' }, 'yes'],
    ['resources: [{ resources: ["*/log"] }]', { subresource: 'log' }, 'yes'],
    ['resources: [{ resources: ["*/log"] }]', {}, 'no'],
    ['resources: [{ resources: ["*"] }]', { subresource: 'log' }, 'yes'],
    ['resources: [{ resources: [pods], resourceNames: [web] }]', {}, 'maybe'],
    ['resources: [{ resources: [secrets] }]', {}, 'no'],
  ];
  for (const [rule, other, expected] of rows) {
    it(`takes { ${rule} } to decide about get pods${JSON.stringify(other)}: ${expected}`, () =>
      expect(decides(rule, other)).to.equal(expected));
  }

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
