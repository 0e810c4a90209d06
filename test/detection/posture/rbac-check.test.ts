import { expect } from 'chai';
import { change, namesOf, practiceOf, type TimedEvent } from '../../support/posture-events.ts';

const day = 86_400_000;
const at = (days: number, event: ReturnType<typeof change>): TimedEvent => ({ atMs: days * day, event });
const rules = (...list: readonly object[]) => ({ requestObject: { rules: list } });
const bound = (roleKind: string, roleName: string) => ({
  requestObject: { roleRef: { kind: roleKind, name: roleName }, subjects: [] },
});
const by = (text: string) => ({ annotations: { 'authorization.k8s.io/reason': `RBAC: allowed by ${text} to User "x"` } });
const pods = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] };
const secrets = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };

describe('detection/posture/rbac-check', () => {
  it('names roles with wildcards as they last were, those of the system excepted', () => {
    const all = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
    const events = [
      change('create clusterroles wild', rules(pods, all)),
      change('create roles shop/tame', rules(pods)),
      change('create roles shop/once', rules(all)),
      change('patch roles shop/once', rules(pods)),
      change('create clusterroles system:controller', rules(all)),
    ];
    const found = practiceOf('rbac.wildcard', events);
    expect([found.looked, found.examples[0]?.what, found.examples[0]?.note]).to.deep.equal([3, 'clusterrole wild', '* [*] *']);
    expect(practiceOf('rbac.wildcard', [change('create roles shop/x', { level: 'Metadata' })]).status).to.equal('unseen');
  });

  it('names bindings to cluster-admin, by their body or by their use', () => {
    expect(
      namesOf('rbac.cluster-admin', [change('create clusterrolebindings boss', bound('ClusterRole', 'cluster-admin'))]),
    ).to.deep.equal(['clusterrolebinding boss → cluster-admin']);
    const used = by('RoleBinding "boss/shop" of ClusterRole "cluster-admin"');
    expect(namesOf('rbac.cluster-admin', [change('get pods shop/p', used)])).to.deep.equal([
      'rolebinding shop/boss → cluster-admin',
    ]);
  });

  it('calls nothing unused before the log is long enough', () => {
    const events = [
      at(0, change('create rolebindings shop/idle', bound('Role', 'r'))),
      at(0, change('create rolebindings shop/busy', bound('Role', 'r'))),
      at(6.9, change('get pods shop/p', by('RoleBinding "busy/shop" of Role "r"'))),
    ];
    expect(practiceOf('rbac.stale', events).blind).to.match(/^the log covers less than 7 days/);
    const longer = [...events, at(8, change('get nodes n'))];
    expect(namesOf('rbac.stale', longer)).to.deep.equal(['rolebinding shop/idle → r']);
    expect(practiceOf('rbac.stale', [...longer, at(14, change('get nodes n'))]).count).to.equal(2);
    expect(practiceOf('rbac.stale', events, { staleAfterMs: day }).status).to.equal('found');
    const unnamed = [events[0] ?? at(0, {}), at(8, change('get nodes n'))];
    expect(practiceOf('rbac.stale', unnamed).blind).to.match(/which binding allowed it/);
  });

  it('does not call a binding stale that was made a moment ago', () => {
    const events = [
      at(0, change('get pods shop/p', by('RoleBinding "busy/shop" of Role "r"'))),
      at(8, change('create rolebindings shop/new', bound('Role', 'r'))),
    ];
    expect(namesOf('rbac.stale', events)).to.deep.equal(['rolebinding shop/busy → r']);
  });

  it('names bindings that allow more than was used, with what was not', () => {
    const events = [
      at(0, change('create roles shop/r', rules(pods, secrets))),
      at(0, change('create rolebindings shop/b', bound('Role', 'r'))),
      at(1, change('get pods shop/p', by('RoleBinding "b/shop" of Role "r"'))),
      at(8, change('get nodes n')),
    ];
    expect(practiceOf('rbac.wide', events).examples[0]?.note).to.equal('used for 1 kinds of requests, not: get secrets');
    const both = [...events, at(2, change('get secrets shop/s', by('RoleBinding "b/shop" of Role "r"')))];
    expect(practiceOf('rbac.wide', both).status).to.equal('none');
    expect(practiceOf('rbac.wide', events.slice(1)).blind).to.match(/rules of the bindings that were used/);
  });
});
