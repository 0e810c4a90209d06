import { goJson } from '../../src/demo/go-json.ts';
import { configMapObject, customObject, eventObject, nodeStatusObject, secretObject, tokenReviewBodies } from './bodies.ts';
import { type BenchCaller, nextCaller } from './callers.ts';
import { deploymentObject, podObject, podStatus } from './objects.ts';
import type { Pod, World } from './world.ts';

type Level = 'Metadata' | 'Request' | 'RequestResponse';

interface Call {
  readonly verb: string;
  readonly resource: string;
  readonly group?: string;
  readonly subresource?: string;
  readonly request?: object;
  readonly response?: object;
}

export interface GeneratedEvent {
  readonly auditID: string;
  /** Without the line end. */
  readonly line: string;
}

const micros = (us: number): string =>
  `${new Date(us / 1000).toISOString().slice(0, 20)}${String(Math.floor(us % 1_000_000)).padStart(6, '0')}Z`;
const clusterWide = new Set(['nodes', 'tokenreviews', 'subjectaccessreviews']);
const suffixOf: Readonly<Record<string, string>> = { configmaps: '-config', secrets: '-credentials' };

function nameOf(call: Call, pod: Pod, caller: BenchCaller, world: World): string {
  if (call.verb === 'list' || call.verb === 'watch' || (call.verb === 'create' && call.resource !== 'pods')) return '';
  if (call.resource === 'leases') return caller.name;
  if (call.resource === 'nodes') return world.nodes[pod.node]?.name ?? '';
  return call.resource === 'pods' ? pod.name : `${pod.app}${suffixOf[call.resource] ?? ''}`;
}

function queryOf(call: Call, pod: Pod, world: World): string {
  const { random } = world;
  if (call.verb === 'watch')
    return `?allowWatchBookmarks=true&fieldSelector=metadata.name%3D${pod.app}&resourceVersion=${world.resourceVersion}&timeoutSeconds=${random.between(300, 599)}&watch=true`;
  if (call.verb === 'list') return '?limit=500&resourceVersion=0';
  return call.resource === 'leases' ? '?timeout=10s' : '';
}

function placeOf(call: Call, pod: Pod, caller: BenchCaller, world: World): { readonly uri: string; readonly object: object } {
  const namespace = call.resource === 'leases' ? (caller.kind === 'node' ? 'kube-node-lease' : 'kube-system') : pod.namespace;
  const scope = clusterWide.has(call.resource) ? {} : { namespace };
  const name = nameOf(call, pod, caller, world);
  const base = call.group ? `/apis/${call.group}/v1` : '/api/v1';
  const tail = `${name && `/${name}`}${call.subresource ? `/${call.subresource}` : ''}`;
  const uri = `${base}${'namespace' in scope ? `/namespaces/${namespace}` : ''}/${call.resource}${tail}${queryOf(call, pod, world)}`;
  const object = {
    resource: call.resource,
    ...scope,
    ...(name && { name }),
    ...(call.group && { apiGroup: call.group }),
    apiVersion: 'v1',
    ...(call.subresource && { subresource: call.subresource }),
  };
  return { uri, object };
}

function codeOf(call: Call, level: Level, world: World): number {
  const share = level === 'Metadata' ? world.random.unit() : 1;
  if (share < 0.02) return 403;
  return share < 0.05 ? 404 : call.verb === 'create' ? 201 : 200;
}

/** Puts the event together in the member order of audit.k8s.io/v1. */
function eventOf(world: World, level: Level, caller: BenchCaller, call: Call, pod: Pod): GeneratedEvent {
  const { random } = world;
  const receivedUs = world.nowUs;
  world.nowUs += random.between(20, 900);
  const code = codeOf(call, level, world);
  const { uri, object } = placeOf(call, pod, caller, world);
  const refused = {
    metadata: {},
    status: 'Failure',
    message: `${call.resource} is forbidden: User "${caller.name}" cannot ${call.verb} resource "${call.resource}" in the namespace "${pod.namespace}"`,
    reason: 'Forbidden',
    code,
  };
  const auditID = random.uuid();
  const event = {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level,
    auditID,
    stage: 'ResponseComplete',
    requestURI: uri,
    verb: call.verb,
    user: caller.user,
    sourceIPs: caller.ips,
    userAgent: caller.agent,
    objectRef: object,
    responseStatus: code === 403 ? refused : { metadata: {}, code },
    ...(call.request && { requestObject: call.request }),
    ...(call.response && { responseObject: call.response }),
    requestReceivedTimestamp: micros(receivedUs),
    stageTimestamp: micros(receivedUs + random.between(400, 40_000)),
    annotations: {
      'authorization.k8s.io/decision': code === 403 ? 'forbid' : 'allow',
      'authorization.k8s.io/reason': code === 403 ? '' : caller.reason,
    },
  };
  const line = goJson(event);
  return {
    auditID,
    line: line.includes('"@@BIG@@"') ? line.replaceAll('"@@BIG@@"', '9007199254740993').replaceAll('"@@SCI@@"', '1.0e+3') : line,
  };
}

/** verb, resource, group, weight */
const plainCalls: readonly (readonly [string, string, string, number])[] = [
  ['update', 'leases', 'coordination.k8s.io', 18],
  ['get', 'leases', 'coordination.k8s.io', 10],
  ['get', 'nodes', '', 6],
  ['watch', 'pods', '', 6],
  ['list', 'pods', '', 5],
  ['get', 'pods', '', 8],
  ['get', 'configmaps', '', 6],
  ['watch', 'configmaps', '', 4],
  ['get', 'secrets', '', 3],
  ['list', 'secrets', '', 1],
  ['get', 'endpoints', '', 4],
  ['update', 'endpoints', '', 2],
  ['create', 'events', '', 7],
  ['patch', 'events', '', 3],
  ['create', 'subjectaccessreviews', 'authorization.k8s.io', 3],
  ['create', 'tokenreviews', 'authentication.k8s.io', 2],
  ['get', 'deployments', 'apps', 3],
  ['list', 'replicasets', 'apps', 2],
  ['watch', 'ingresses', 'networking.k8s.io', 2],
  ['delete', 'pods', '', 2],
];
const weightedCalls: readonly Call[] = plainCalls.flatMap(([verb, resource, group, weight]) =>
  Array.from({ length: weight }, () => ({ verb, resource, group })),
);

function requestCall(world: World, pod: Pod): Call {
  const { random } = world;
  const share = random.unit();
  if (share < 0.3)
    return {
      verb: 'create',
      resource: 'pods',
      request: podObject(world, pod, { containers: random.between(1, 2), variables: random.between(3, 10) }, false),
    };
  if (share < 0.5)
    return {
      verb: 'patch',
      resource: 'pods',
      subresource: 'status',
      request: { metadata: { uid: pod.uid }, status: podStatus(world, pod, random.between(2, 4)) },
    };
  if (share < 0.66)
    return { verb: 'patch', resource: 'nodes', subresource: 'status', request: nodeStatusObject(world, pod.node) };
  if (share < 0.78) return { verb: 'create', resource: 'events', request: eventObject(world, pod) };
  if (share < 0.86)
    return { verb: 'create', resource: 'configmaps', request: configMapObject(world, pod, random.between(20, 110)) };
  if (share < 0.93)
    return {
      verb: 'update',
      resource: 'deployments',
      group: 'apps',
      request: deploymentObject(world, pod, { containers: 1, variables: random.between(2, 5) }, false),
    };
  return { verb: 'create', resource: 'secrets', request: secretObject(world, pod) };
}

function responseCall(world: World, pod: Pod): Call {
  const { random } = world;
  const share = random.unit();
  const size = { containers: random.between(1, 4), variables: random.between(4, 22) };
  if (share < 0.3)
    return {
      verb: 'create',
      resource: 'pods',
      request: podObject(world, pod, size, false),
      response: podObject(world, pod, size, true),
    };
  if (share < 0.62)
    return {
      verb: random.pick(['update', 'patch']),
      resource: 'deployments',
      group: 'apps',
      request: deploymentObject(world, pod, size, true),
      response: deploymentObject(world, pod, size, true),
    };
  if (share < 0.74)
    return {
      verb: 'update',
      resource: 'configmaps',
      request: configMapObject(world, pod, random.between(60, 500)),
      response: configMapObject(world, pod, random.between(60, 500)),
    };
  if (share < 0.84) return { verb: random.pick(['get', 'update']), resource: 'secrets', response: secretObject(world, pod) };
  if (share < 0.92)
    return { verb: 'create', resource: 'tokenreviews', group: 'authentication.k8s.io', ...tokenReviewBodies(world, pod) };
  return {
    verb: 'update',
    resource: 'workflows',
    group: 'example.com',
    request: customObject(world, pod),
    response: customObject(world, pod),
  };
}

/** 70 % Metadata, 20 % Request, 10 % RequestResponse: about 20, 26 and 54 % of the bytes. */
export function nextEvent(world: World): GeneratedEvent {
  const caller = nextCaller(world);
  const pod = world.hot(world.pods);
  const share = world.random.unit();
  if (share < 0.7) return eventOf(world, 'Metadata', caller, world.random.pick(weightedCalls), pod);
  return share < 0.9
    ? eventOf(world, 'Request', caller, requestCall(world, pod), pod)
    : eventOf(world, 'RequestResponse', caller, responseCall(world, pod), pod);
}
