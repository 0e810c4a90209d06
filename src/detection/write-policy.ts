import type { AuditLevel } from './audit-policy.ts';
import { kubernetesVerbs, resourcePath } from './kubernetes-resources.ts';
import { type PolicyNeeds, spareStages } from './policy-needs.ts';
import type { Target } from './request-space.ts';
import { yamlWithFlowLists } from './yaml-with-flow-lists.ts';

export interface WritePolicyOptions {
  /** Log the bodies of secrets and tokens where rules ask for them. They are secrets. */
  readonly secretBodies: boolean;
}

const levelOrder: readonly AuditLevel[] = ['RequestResponse', 'Request', 'Metadata'];
/** Objects whose bodies are secrets, as `group/resource`. */
const secretKinds = new Set(['/secrets', '/serviceaccounts/token', 'authentication.k8s.io/tokenreviews']);

interface GroupResources {
  readonly group: string;
  readonly resources: readonly string[];
}

interface RuleText {
  readonly level: AuditLevel;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resources?: readonly GroupResources[];
  readonly nonResourceURLs?: readonly string[];
}

const placeOf = ({ resource = '', subresource }: Target): string => resourcePath(resource, subresource);

/** Heartbeats of the system: most of all requests, and no rule is meant for them. */
const heartbeats: readonly RuleText[] = [
  {
    level: 'None',
    users: ['system:kube-controller-manager', 'system:kube-scheduler', 'system:apiserver'],
    verbs: ['get', 'update'],
    resources: [{ group: 'coordination.k8s.io', resources: ['leases'] }],
  },
  {
    level: 'None',
    userGroups: ['system:nodes'],
    verbs: ['get', 'update', 'patch'],
    resources: [
      { group: 'coordination.k8s.io', resources: ['leases'] },
      { group: '', resources: ['nodes/status'] },
    ],
  },
];
const probes: RuleText = { level: 'None', nonResourceURLs: ['/healthz*', '/livez*', '/readyz*'] };

/** Resources that need the same level for the same verbs stand in one rule. */
class Grouping {
  /** Level, then place, then verbs. */
  readonly #places = new Map<string, { level: AuditLevel; group: string; place: string; verbs: Set<string> }>();

  add(level: AuditLevel, target: Target): void {
    const place = placeOf(target);
    const key = JSON.stringify([level, target.group, place]);
    const entry = this.#places.get(key) ?? { level, group: target.group, place, verbs: new Set() };
    entry.verbs.add(target.verb);
    this.#places.set(key, entry);
  }

  rules(): readonly RuleText[] {
    const byVerbs = new Map<string, { level: AuditLevel; verbs: readonly string[]; groups: Map<string, string[]> }>();
    for (const { level, group, place, verbs: own } of this.#places.values()) {
      const verbs = kubernetesVerbs.filter((verb) => own.has(verb));
      const key = JSON.stringify([level, verbs]);
      const entry = byVerbs.get(key) ?? { level, verbs, groups: new Map<string, string[]>() };
      entry.groups.set(group, [...(entry.groups.get(group) ?? []), place]);
      byVerbs.set(key, entry);
    }
    return [...byVerbs.values()]
      .sort((a, b) => levelOrder.indexOf(a.level) - levelOrder.indexOf(b.level))
      .map(({ level, verbs, groups }) => ({
        level,
        ...(verbs.length < kubernetesVerbs.length ? { verbs } : {}),
        resources: [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([group, resources]) => ({ group, resources })),
      }));
  }
}

/** What is logged of everything that no rule before it is about. */
function lastRules({ anyResource, anyPath }: PolicyNeeds): readonly RuleText[] {
  if (anyResource.size === 0)
    return anyPath ? [{ level: 'Metadata', nonResourceURLs: ['*'] }, { level: 'None' }] : [{ level: 'None' }];
  const verbs = kubernetesVerbs.filter((verb) => anyResource.has(verb));
  const all = verbs.length === kubernetesVerbs.length ? {} : { verbs };
  if (anyPath)
    return verbs.length === kubernetesVerbs.length
      ? [{ level: 'Metadata' }]
      : [{ level: 'Metadata', nonResourceURLs: ['*'] }, { level: 'Metadata', ...all }, { level: 'None' }];
  return [
    { level: 'None', nonResourceURLs: ['*'] },
    { level: 'Metadata', ...all },
    ...(verbs.length === kubernetesVerbs.length ? [] : [{ level: 'None' } as const]),
  ];
}

/** The audit policy that logs what rules need, as YAML of audit.k8s.io/v1. Pure. */
export function writePolicy(needs: PolicyNeeds, { secretBodies }: WritePolicyOptions): string {
  const { levels, anyResource, anyPath, stages } = needs;
  const grouping = new Grouping();
  const urls = new Set<string>();
  for (const { target, level } of levels.values()) {
    if (target.resource === undefined) {
      if (!anyPath) urls.add(target.path);
      continue;
    }
    const isSecret = secretKinds.has(`${target.group}/${placeOf(target)}`);
    const capped = isSecret && !secretBodies ? 'Metadata' : level;
    // The last rule logs the head of the event for this verb anyway; secrets have to stand before it where bodies follow.
    if (capped !== 'Metadata' || !anyResource.has(target.verb)) grouping.add(capped, target);
  }
  const rules: readonly RuleText[] = [
    ...(anyPath ? [probes] : []),
    ...(anyResource.size > 0 ? heartbeats : []),
    ...grouping.rules(),
    ...(urls.size > 0 ? [{ level: 'Metadata' as const, nonResourceURLs: [...urls].sort() }] : []),
    ...lastRules(needs),
  ];
  const omitStages = spareStages.filter((stage) => !stages.has(stage));
  const policy = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    ...(omitStages.length > 0 ? { omitStages } : {}),
    omitManagedFields: true,
    rules,
  };
  return yamlWithFlowLists(policy, 120);
}
