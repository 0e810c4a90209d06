import { isJsonObject, listOf, memberAt, memberOf, textOf } from '../../core/json-members.ts';

/** Workloads, by resource, and where their pod spec lies. */
const podSpecPaths: Readonly<Record<string, readonly string[]>> = {
  pods: ['spec'],
  deployments: ['spec', 'template', 'spec'],
  daemonsets: ['spec', 'template', 'spec'],
  statefulsets: ['spec', 'template', 'spec'],
  replicasets: ['spec', 'template', 'spec'],
  replicationcontrollers: ['spec', 'template', 'spec'],
  jobs: ['spec', 'template', 'spec'],
  cronjobs: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

const groups: Readonly<Record<string, string>> = { pods: '', replicationcontrollers: '', jobs: 'batch', cronjobs: 'batch' };

export const isWorkload = ({ resource, group }: { readonly resource: string; readonly group: string }): boolean =>
  Object.hasOwn(podSpecPaths, resource) && (groups[resource] ?? 'apps') === group;

/** A container as far as an event shows it. Undefined: it does not say. */
export interface SeenContainer {
  readonly name: string;
  readonly image: string | undefined;
  readonly hasReadiness: boolean | undefined;
  readonly hasLiveness: boolean | undefined;
}

/** Init and ephemeral containers are told apart: they run to their end, or for a look. */
export interface SeenContainers {
  readonly main: readonly SeenContainer[];
  readonly other: readonly SeenContainer[];
}

/** Containers of a workload; of a patch those it names. */
export function containersOf(resource: string, object: unknown, isWhole: boolean): SeenContainers {
  const spec = memberAt(object, ...(podSpecPaths[resource] ?? []));
  const read = (member: string): readonly SeenContainer[] =>
    listOf(memberOf(spec, member)).flatMap((container) => (isJsonObject(container) ? seen(container, isWhole) : []));
  return { main: read('containers'), other: [...read('initContainers'), ...read('ephemeralContainers')] };
}

function seen(container: unknown, isWhole: boolean): SeenContainer {
  const has = (member: string): boolean | undefined => {
    const value = memberOf(container, member);
    if (value === undefined) return isWhole ? false : undefined;
    return value !== null;
  };
  return {
    name: textOf(memberOf(container, 'name')) ?? '',
    image: textOf(memberOf(container, 'image')),
    hasReadiness: has('readinessProbe'),
    hasLiveness: has('livenessProbe'),
  };
}

/** Operations of a JSON patch (RFC 6902) on one container, by its number. */
const operationPath = /\/containers\/(\d+)\/(image|readinessProbe|livenessProbe)$/;

/** Containers after a JSON patch; operations on anything else change nothing here. */
export function patched(containers: readonly SeenContainer[], operations: unknown): readonly SeenContainer[] {
  const after = [...containers];
  for (const operation of listOf(operations)) {
    const [, number = '', member = ''] = operationPath.exec(textOf(memberOf(operation, 'path')) ?? '') ?? [];
    const before = after[Number(number)];
    if (number === '' || !before) continue;
    const isSet = memberOf(operation, 'op') !== 'remove';
    if (member === 'image') after[Number(number)] = { ...before, image: textOf(memberOf(operation, 'value')) };
    else after[Number(number)] = { ...before, [member === 'readinessProbe' ? 'hasReadiness' : 'hasLiveness']: isSet };
  }
  return after;
}

/** Containers after a patch in the form of the object: those of the same name change, others are added. */
export function merged(before: readonly SeenContainer[], patch: readonly SeenContainer[]): readonly SeenContainer[] {
  const after = new Map(before.map((container) => [container.name, container]));
  for (const { name, image, hasReadiness, hasLiveness } of patch) {
    const old = after.get(name);
    after.set(name, {
      name,
      image: image ?? old?.image,
      hasReadiness: hasReadiness ?? old?.hasReadiness,
      hasLiveness: hasLiveness ?? old?.hasLiveness,
    });
  }
  return [...after.values()];
}

/** Whether a controller made the object: what is wrong with it is wrong with its owner. */
export const isOwned = (object: unknown): boolean =>
  listOf(memberAt(object, 'metadata', 'ownerReferences')).some((owner) => memberOf(owner, 'controller') === true);
