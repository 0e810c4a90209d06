import { expect } from 'chai';
import fc from 'fast-check';
import { type RbacRule, ruleAllows, rulesIn } from '../../../src/detection/rbac/rbac-rule.ts';
import { RoleSuggestion } from '../../../src/detection/rbac/role-suggestion.ts';
import { change, startMs } from '../../support/posture-events.ts';

const user = '[MASKED:user:k1:0123456789abcdef]';
const subject = { kind: 'User', name: 'alice', namespace: '' };
const principal = { kind: 'User' as const, forms: new Set(['alice', user]) };

function madeOf(events: readonly object[], { maxNames = 5, of = principal as RoleSuggestion extends never ? never : Of } = {}) {
  const suggestion = new RoleSuggestion(of);
  events.forEach((event, i) => suggestion.observe(event, startMs + i * 1000));
  return suggestion.make(subject, { name: 'x', maxNames });
}
type Of = ConstructorParameters<typeof RoleSuggestion>[0];

interface Made {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly unknown[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
}
const objectsOf = (...given: Parameters<typeof madeOf>): readonly Made[] =>
  madeOf(...given).objects as unknown as readonly Made[];
const rulesOf = (...given: Parameters<typeof madeOf>): readonly unknown[] =>
  objectsOf(...given).flatMap(({ rules = [] }) => rules);
const reason = (text: string) => ({
  annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': text },
});

describe('detection/rbac/role-suggestion', () => {
  it('writes a Role for a namespace and a ClusterRole for the cluster, with bindings', () => {
    const made = objectsOf([change('get deployments shop/web'), change('list nodes ')]);
    expect(made.map(({ kind, metadata }) => [kind, metadata.namespace])).to.deep.equal([
      ['ClusterRole', undefined],
      ['ClusterRoleBinding', undefined],
      ['Role', 'shop'],
      ['RoleBinding', 'shop'],
    ]);
    expect(rulesOf([change('get deployments shop/web')])).to.deep.equal([
      { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['web'], verbs: ['get'] },
    ]);
  });

  it('binds one ClusterRole in namespaces that need the same', () => {
    const made = objectsOf([change('list pods shop/'), change('list pods test/')]);
    expect(made.map(({ kind, metadata, roleRef }) => [kind, metadata.namespace, roleRef?.kind])).to.deep.equal([
      ['ClusterRole', undefined, undefined],
      ['RoleBinding', 'shop', 'ClusterRole'],
      ['RoleBinding', 'test', 'ClusterRole'],
    ]);
  });

  it('names objects only where they are few and last', () => {
    const named = (...events: readonly object[]) => JSON.stringify(rulesOf(events)).includes('resourceNames');
    const get = (i: number) => change(`get configmaps shop/c${i}`);
    expect(named(get(1), get(2))).to.equal(true);
    expect(named(...[1, 2, 3, 4, 5, 6].map(get))).to.equal(false);
    expect(named(change('get pods shop/web-1'))).to.equal(false);
    expect(named(get(1), change('create configmaps shop/c2'))).to.equal(false);
    expect(named(change('list configmaps shop/'))).to.equal(false);
    expect(named(change('get configmaps shop/[MASKED:email:k1:0123456789abcdef]'))).to.equal(false);
    expect(rulesOf([get(1)], { maxNames: 0 })).to.deep.equal([{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }]);
  });

  it('adds create to a patch or update that made the object', () => {
    const applied = change('patch deployments shop/web', { responseStatus: { code: 201 } });
    expect(rulesOf([applied])).to.deep.equal([{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['create', 'patch'] }]);
  });

  it('leaves out what was refused, what everybody may do, and what others did', () => {
    const events = [
      change('get secrets shop/s', { responseStatus: { code: 403 }, annotations: { 'authorization.k8s.io/decision': 'forbid' } }),
      change('get secrets shop/t', { responseStatus: { code: 403 } }),
      change('create selfsubjectaccessreviews '),
      change('get apis ', { objectRef: undefined, requestURI: '/apis?timeout=32s' }),
      change('get x ', {
        objectRef: undefined,
        requestURI: '/metrics',
        ...reason(
          'RBAC: allowed by ClusterRoleBinding "system:discovery" of ClusterRole "system:discovery" to Group "system:authenticated"',
        ),
      }),
      change('get secrets shop/u', { user: { username: 'bob' } }),
      change('get secrets shop/v', { stage: 'RequestReceived' }),
    ];
    const made = madeOf(events);
    expect(made.objects).to.deep.equal([]);
    expect([made.seen, made.refused]).to.deep.equal([5, 2]);
  });

  it('keeps what the authorizer allowed and something else refused, and sessions that only began', () => {
    const refusedLater = change('create pods shop/p', {
      responseStatus: { code: 403 },
      annotations: { 'authorization.k8s.io/decision': 'allow' },
    });
    const exec = change('create pods/exec shop/p', { stage: 'ResponseStarted', responseStatus: { code: 101 } });
    expect(rulesOf([refusedLater, exec])).to.deep.equal([
      { apiGroups: [''], resources: ['pods', 'pods/exec'], verbs: ['create'] },
    ]);
  });

  it('writes paths, impersonation, groups and service accounts', () => {
    const path = change('get x ', { objectRef: undefined, requestURI: '/metrics?x=1' });
    expect(rulesOf([path])).to.deep.equal([{ nonResourceURLs: ['/metrics'], verbs: ['get'] }]);
    const acting = change('get pods shop/p', { impersonatedUser: { username: 'system:serviceaccount:shop:robot' } });
    expect(rulesOf([acting])).to.deep.equal([
      { apiGroups: [''], resources: ['serviceaccounts'], resourceNames: ['robot'], verbs: ['impersonate'] },
    ]);
    const group = { kind: 'Group' as const, forms: new Set(['system:authenticated']) };
    expect(
      rulesOf([change('list pods shop/', { user: { username: 'bob', groups: ['system:authenticated'] } })], { of: group }),
    ).to.have.lengthOf(1);
    const account = { kind: 'ServiceAccount' as const, forms: new Set(['system:serviceaccount:shop:robot']) };
    expect(rulesOf([acting], { of: account })).to.deep.equal([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]);
  });

  it('compares with what was granted, to the user or to a group', () => {
    const role = {
      requestObject: {
        rules: [
          { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
          { apiGroups: ['*'], resources: ['*'], verbs: ['delete'] },
        ],
      },
    };
    const bound = (...subjects: readonly object[]) => ({ requestObject: { roleRef: { kind: 'Role', name: 'r' }, subjects } });
    const events = [
      change('create roles shop/r', role),
      change('create rolebindings shop/own', bound({ kind: 'User', name: user })),
      change('create rolebindings shop/team', bound({ kind: 'Group', name: 'team' })),
      change('create rolebindings shop/other', bound({ kind: 'User', name: 'bob' })),
      change('create rolebindings test/elsewhere', bound({ kind: 'User', name: user })),
      change('list pods shop/', { user: { username: user, groups: ['team', 'system:authenticated'] } }),
    ];
    const granted = madeOf(events).granted.map(({ name, used, unused }) => [name, used?.length, unused?.length]);
    expect(granted).to.deep.equal([
      ['own', 1, 1],
      ['team', 1, 1],
      ['elsewhere', undefined, undefined],
    ]);
    expect(madeOf([...events, change('delete rolebindings shop/own')]).granted.map(({ name }) => name)).not.to.include('own');
  });

  it('allows everything that was used, and nothing that could be taken away', () => {
    const verb = fc.constantFrom('get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection');
    const kind = fc.constantFrom('pods', 'pods/log', 'deployments', 'deployments/scale', 'secrets', 'nodes');
    const place = fc.constantFrom('', 'shop/', 'shop/a', 'shop/b', 'test/a', 'test/c');
    fc.assert(
      fc.property(fc.array(fc.tuple(verb, kind, place), { minLength: 1 }), fc.nat(3), (all, maxNames) => {
        const used = all.map(([v, k, p]) => ({ verb: v, resource: k, place: p }));
        const made = objectsOf(
          used.map(({ verb: v, resource, place: p }) => change(`${v} ${resource} ${p}`, { responseStatus: { code: 200 } })),
          { maxNames },
        );
        const bindings = made.filter(({ roleRef }) => roleRef);
        const roleOf = (of: Made): readonly RbacRule[] =>
          rulesIn(
            made.find(
              ({ kind: k, metadata }) =>
                k === of.roleRef?.kind &&
                metadata.name === of.roleRef.name &&
                (k === 'ClusterRole' || metadata.namespace === of.metadata.namespace),
            ),
          );
        const allows = (rules: readonly RbacRule[], namespace: string | undefined): boolean =>
          used
            .filter(({ place: p }) => (namespace ?? '') === (p.includes('/') ? p.split('/')[0] : ''))
            .every(({ verb: v, resource, place: p }) =>
              rules.some((rule) =>
                ruleAllows(rule, {
                  verb: v,
                  resource,
                  group: resource.startsWith('deployments') ? 'apps' : '',
                  namespace: '',
                  name: p.split('/')[1] ?? '',
                  path: '',
                }),
              ),
            );
        for (const binding of bindings) {
          const rules = roleOf(binding);
          expect(allows(rules, binding.metadata.namespace)).to.equal(true);
          rules.forEach((rule, i) => {
            for (const gone of rule.verbs) {
              const less = rules.with(i, { ...rule, verbs: rule.verbs.filter((one) => one !== gone) });
              expect(allows(less, binding.metadata.namespace)).to.equal(false);
            }
          });
        }
      }),
    );
  });
});
