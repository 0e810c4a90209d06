import { expect } from 'chai';
import { describeRule, type RbacRequest, type RbacRule, ruleAllows, rulesIn } from '../../../src/detection/rbac/rbac-rule.ts';

const none: RbacRule = { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };
const rule = (part: Partial<RbacRule>): RbacRule => ({ ...none, verbs: ['get'], apiGroups: [''], ...part });
const asked: RbacRequest = { verb: 'get', resource: 'pods', group: '', namespace: 'shop', name: 'web', path: '' };

describe('detection/rbac/rbac-rule', () => {
  it('allows what the authorizer of Kubernetes allows', () => {
    const log = { ...asked, resource: 'pods/log' };
    const url = { ...asked, resource: '', path: '/metrics/slis' };
    const cases: readonly (readonly [RbacRule, RbacRequest, boolean])[] = [
      [rule({ resources: ['pods'] }), asked, true],
      [rule({ resources: ['pods'], verbs: ['list'] }), asked, false],
      [rule({ resources: ['pods'], apiGroups: ['apps'] }), asked, false],
      [rule({ resources: ['*'], verbs: ['*'], apiGroups: ['*'] }), log, true],
      [rule({ resources: ['pods'] }), log, false],
      [rule({ resources: ['pods/log'] }), log, true],
      [rule({ resources: ['*/log'] }), log, true],
      [rule({ resources: ['pods/*'] }), log, false],
      [rule({ resources: ['pods'], resourceNames: ['web'] }), asked, true],
      [rule({ resources: ['pods'], resourceNames: ['other'] }), asked, false],
      [rule({ nonResourceURLs: ['/metrics/*'] }), url, true],
      [rule({ nonResourceURLs: ['/metrics'] }), url, false],
      [rule({ nonResourceURLs: ['*'] }), url, true],
      [rule({ resources: ['*'] }), url, false],
    ];
    expect(cases.map(([given, request]) => ruleAllows(given, request))).to.deep.equal(cases.map(([, , holds]) => holds));
  });

  it('reads rules of any shape, and says them in a line', () => {
    expect(rulesIn({ rules: [{ verbs: 'get', resources: [1, 'pods'] }, null] })).to.deep.equal([
      { ...none, resources: ['pods'] },
      none,
    ]);
    expect(describeRule(rule({ resources: ['pods', 'secrets'], resourceNames: ['a'] }))).to.equal('get pods,secrets (a)');
    expect(describeRule(rule({ apiGroups: ['apps'], resources: ['deployments'] }))).to.equal('get [apps] deployments');
    expect(describeRule(rule({ nonResourceURLs: ['/metrics'] }))).to.equal('get /metrics');
  });
});
