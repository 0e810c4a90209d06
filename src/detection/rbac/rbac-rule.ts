import { listOf, memberOf, textsOf } from '../../core/json-members.ts';
import { resourcePath } from '../kubernetes-resources.ts';
import type { PostureEvent } from '../posture/posture-event.ts';

/** A rule of a Role or ClusterRole (rbac.authorization.k8s.io/v1 PolicyRule). */
export interface RbacRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  /** `pods`, `pods/log`, `*`. */
  readonly resources: readonly string[];
  /** Empty: every name. */
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** What was asked for, as the authorizer sees it. */
export interface RbacRequest {
  readonly verb: string;
  /** Empty for a request that is not about a resource. */
  readonly resource: string;
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  /** Path of a request that is not about a resource. */
  readonly path: string;
}

export const rulesIn = (role: unknown): readonly RbacRule[] =>
  listOf(memberOf(role, 'rules')).map((rule) => ({
    verbs: textsOf(memberOf(rule, 'verbs')),
    apiGroups: textsOf(memberOf(rule, 'apiGroups')),
    resources: textsOf(memberOf(rule, 'resources')),
    resourceNames: textsOf(memberOf(rule, 'resourceNames')),
    nonResourceURLs: textsOf(memberOf(rule, 'nonResourceURLs')),
  }));

export function rbacRequestOf({ verb, resource, subresource, group, namespace, name, uri }: PostureEvent): RbacRequest {
  const path = resource === '' ? (/^[^?#]*/.exec(uri)?.[0] ?? '') : '';
  return { verb, resource: resourcePath(resource, subresource), group, namespace, name: resource === '' ? '' : name, path };
}

const hasOrAll = (list: readonly string[], wanted: string): boolean => list.includes(wanted) || list.includes('*');

/** Whether a rule allows a request (k8s.io/kubernetes, RBAC authorizer: RuleAllows). Namespaces are the binding's affair. */
export function ruleAllows(rule: RbacRule, { verb, resource, group, name, path }: RbacRequest): boolean {
  if (!hasOrAll(rule.verbs, verb)) return false;
  if (resource === '') return rule.nonResourceURLs.some((url) => pathMatches(url, path));
  const subresource = resource.includes('/') ? `*/${resource.slice(resource.indexOf('/') + 1)}` : undefined;
  const hasResource = hasOrAll(rule.resources, resource) || (subresource !== undefined && rule.resources.includes(subresource));
  const hasName = rule.resourceNames.length === 0 || rule.resourceNames.includes(name);
  return hasOrAll(rule.apiGroups, group) && hasResource && hasName;
}

const pathMatches = (url: string, path: string): boolean =>
  url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)));

export const hasWildcard = ({ verbs, resources, apiGroups, nonResourceURLs }: RbacRule): boolean =>
  verbs.includes('*') || resources.includes('*') || apiGroups.includes('*') || nonResourceURLs.includes('*');

/** A rule in one line: `get,list [apps] deployments,statefulsets (name a)`. */
export function describeRule({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: RbacRule): string {
  if (nonResourceURLs.length > 0) return `${verbs.join(',')} ${nonResourceURLs.join(',')}`;
  const groups = apiGroups.every((group) => group === '') ? '' : `[${apiGroups.join(',')}] `;
  const names = resourceNames.length === 0 ? '' : ` (${resourceNames.join(', ')})`;
  return `${verbs.join(',')} ${groups}${resources.join(',')}${names}`;
}
