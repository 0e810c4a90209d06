import type { Grant, Grants, RbacSubject } from './grants.ts';
import { type RbacRule, ruleAllows } from './rbac-rule.ts';
import type { Principal, Usage, UsedRequest } from './usage.ts';

/** A binding that gives the principal rights, and what of them was used. */
export interface ComparedGrant {
  readonly kind: Grant['kind'];
  readonly namespace: string;
  readonly name: string;
  readonly role: string;
  /** Rules of the role that allow something that was asked for; undefined where its rules were not seen. */
  readonly used: readonly RbacRule[] | undefined;
  readonly unused: readonly RbacRule[] | undefined;
}

/** Bindings to the principal or to a group it came with, as far as the log shows them. Those for everybody are left out. */
export function compareGrants(grants: Grants, principal: Principal, usage: Usage): readonly ComparedGrant[] {
  const found: ComparedGrant[] = [];
  for (const grant of grants.bindings()) {
    if (!grant.subjects?.some((subject) => isMeant(subject, principal, usage.groups))) continue;
    const { kind, namespace, name, roleKind, roleName } = grant;
    const requests = usage.requests.filter((request) => kind === 'ClusterRoleBinding' || request.namespace === namespace);
    const rules = grants.rulesOf(grant);
    const isUsed = (rule: RbacRule): boolean => requests.some((request) => isAllowed(rule, request));
    found.push({
      kind,
      namespace,
      name,
      role: `${roleKind} ${roleName}`,
      used: rules?.filter(isUsed),
      unused: rules?.filter((rule) => !isUsed(rule)),
    });
  }
  return found;
}

const everybody = /^system:(authenticated|unauthenticated)$/;

function isMeant({ kind, name, namespace }: RbacSubject, principal: Principal, groups: ReadonlySet<string>): boolean {
  if (kind === 'Group') {
    return principal.kind === 'Group' ? principal.forms.has(name) : groups.has(name) && !everybody.test(name);
  }
  const user = kind === 'ServiceAccount' ? `system:serviceaccount:${namespace}:${name}` : name;
  return principal.kind !== 'Group' && principal.forms.has(user);
}

function isAllowed(rule: RbacRule, request: UsedRequest): boolean {
  if (rule.resourceNames.length === 0) return ruleAllows(rule, { ...request, name: '' });
  return [...request.names].some((name) => ruleAllows(rule, { ...request, name }));
}
