import type { RbacSubject } from './grants.ts';
import type { RbacRule } from './rbac-rule.ts';
import type { PlacedRules } from './suggest-rules.ts';

/** Objects of rbac.authorization.k8s.io/v1, ready to be written as YAML or JSON. */
export type RbacObject = Readonly<Record<string, unknown>>;

const apiGroup = 'rbac.authorization.k8s.io';

/**
 * Roles and bindings that give a subject these rules. What several namespaces have in common is one ClusterRole, bound in each.
 * @param name a name for the objects: lower case, digits and dashes
 */
export function roleObjects(name: string, subject: RbacSubject, placed: readonly PlacedRules[]): readonly RbacObject[] {
  const byRules = new Map<string, { readonly rules: readonly RbacRule[]; readonly namespaces: string[] }>();
  for (const { namespace, rules } of placed.filter((place) => place.namespace !== '')) {
    const key = JSON.stringify(rules);
    const known = byRules.get(key) ?? { rules, namespaces: [] };
    known.namespaces.push(namespace);
    byRules.set(key, known);
  }
  const cluster = placed.filter(({ namespace }) => namespace === '').flatMap(({ rules }) => rules);
  const objects: RbacObject[] = [];
  if (cluster.length > 0) {
    objects.push(
      role('ClusterRole', name, undefined, cluster),
      binding('ClusterRoleBinding', name, undefined, 'ClusterRole', name, subject),
    );
  }
  let shared = 0;
  for (const { rules, namespaces } of byRules.values()) {
    const [only = ''] = namespaces;
    const isShared = namespaces.length > 1;
    const roleName = isShared ? `${name}-in-namespaces${shared++ === 0 ? '' : `-${shared}`}` : name;
    const kind = isShared ? 'ClusterRole' : 'Role';
    objects.push(role(kind, roleName, isShared ? undefined : only, rules));
    for (const namespace of namespaces) objects.push(binding('RoleBinding', name, namespace, kind, roleName, subject));
  }
  return objects;
}

const metadata = (name: string, namespace: string | undefined): object =>
  namespace === undefined ? { name } : { name, namespace };

function role(kind: string, name: string, namespace: string | undefined, rules: readonly RbacRule[]): RbacObject {
  return { apiVersion: `${apiGroup}/v1`, kind, metadata: metadata(name, namespace), rules: rules.map(ruleObject) };
}

function ruleObject({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: RbacRule): object {
  if (nonResourceURLs.length > 0) return { nonResourceURLs, verbs };
  return { apiGroups, resources, ...(resourceNames.length > 0 && { resourceNames }), verbs };
}

function binding(
  kind: string,
  name: string,
  namespace: string | undefined,
  roleKind: string,
  roleName: string,
  subject: RbacSubject,
): RbacObject {
  const who =
    subject.kind === 'ServiceAccount'
      ? { kind: subject.kind, name: subject.name, namespace: subject.namespace }
      : { kind: subject.kind, apiGroup, name: subject.name };
  return {
    apiVersion: `${apiGroup}/v1`,
    kind,
    metadata: metadata(name, namespace),
    roleRef: { apiGroup, kind: roleKind, name: roleName },
    subjects: [who],
  };
}
