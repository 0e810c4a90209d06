import { kubernetesVerbs } from '../kubernetes-resources.ts';
import type { RbacRule } from './rbac-rule.ts';
import type { UsedRequest } from './usage.ts';

/** Rules for one place: a namespace, or '' for the whole cluster. */
export interface PlacedRules {
  readonly namespace: string;
  readonly rules: readonly RbacRule[];
}

export interface SuggestOptions {
  /** A rule names objects where at most so many were asked for; 0: never. */
  readonly maxNames: number;
}

/** Objects whose names are made up anew each time. */
const fleeting =
  /^(pods|replicasets|controllerrevisions|jobs|events|endpointslices|certificatesigningrequests|tokenreviews|subjectaccessreviews|leasecandidates)(\/|$)/;
/** Verbs the API server cannot hold against a name. */
const nameless = new Set(['list', 'watch', 'deletecollection', 'create']);

/** The smallest rules that allow what was used, for each namespace and for the cluster. */
export function suggestRules(used: readonly UsedRequest[], options: SuggestOptions): readonly PlacedRules[] {
  const places = new Map<string, UsedRequest[]>();
  for (const request of used) {
    const known = places.get(request.namespace);
    if (known) known.push(request);
    else places.set(request.namespace, [request]);
  }
  return [...places]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, requests]) => ({ namespace, rules: rulesFor(requests, options) }));
}

function rulesFor(requests: readonly UsedRequest[], { maxNames }: SuggestOptions): readonly RbacRule[] {
  const made = new Set(requests.filter(({ verb }) => verb === 'create').map(({ group, resource }) => `${group}/${resource}`));
  const byTarget = new Map<string, { readonly rule: RbacRule; readonly verbs: Set<string> }>();
  for (const request of requests) {
    const { group, resource, path, verb } = request;
    const resourceNames = made.has(`${group}/${resource}`) && !resource.includes('/') ? [] : namesOf(request, maxNames);
    const rule: RbacRule =
      resource === ''
        ? { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [path] }
        : { verbs: [], apiGroups: [group], resources: [resource], resourceNames, nonResourceURLs: [] };
    const key = JSON.stringify(rule);
    const known = byTarget.get(key) ?? { rule, verbs: new Set<string>() };
    known.verbs.add(verb);
    byTarget.set(key, known);
  }
  return merged([...byTarget.values()].map(({ rule, verbs }) => ({ ...rule, verbs: [...verbs].sort(byVerb) })));
}

/** Names a rule is limited to: few, lasting and not masked; otherwise none. */
function namesOf({ verb, resource, names, hasManyNames }: UsedRequest, maxNames: number): readonly string[] {
  const isNameless = nameless.has(verb) && !(verb === 'create' && resource.includes('/'));
  if (isNameless || hasManyNames || names.size > maxNames || fleeting.test(resource)) return [];
  const list = [...names].sort();
  return list.some((name) => name === '' || name.includes('[MASKED:')) ? [] : list;
}

/** Rules that differ only in their resources, or only in their paths, become one. */
function merged(rules: readonly RbacRule[]): readonly RbacRule[] {
  const byShape = new Map<string, RbacRule>();
  for (const rule of rules) {
    const isPath = rule.nonResourceURLs.length > 0;
    const key = JSON.stringify([rule.verbs, rule.apiGroups, rule.resourceNames, isPath]);
    const before = byShape.get(key);
    byShape.set(key, {
      ...rule,
      resources: join(before?.resources, rule.resources),
      nonResourceURLs: join(before?.nonResourceURLs, rule.nonResourceURLs),
    });
  }
  return [...byShape.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

const join = (a: readonly string[] = [], b: readonly string[]): readonly string[] => [...new Set([...a, ...b])].sort();

const sortKey = ({ apiGroups, resources, nonResourceURLs, verbs }: RbacRule): string =>
  JSON.stringify([nonResourceURLs.length, apiGroups, resources, verbs]);

function byVerb(a: string, b: string): number {
  const order = kubernetesVerbs.indexOf(a) - kubernetesVerbs.indexOf(b);
  return order !== 0 ? order : a < b ? -1 : 1;
}
