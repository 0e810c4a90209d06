import { callers, engineer, kubelet, nodes } from './callers.ts';
import { appliedDeployment, configMap, secret, tokenReview } from './objects.ts';
import { alphabets } from './random.ts';
import { rollOut } from './roll-out.ts';
import type { Caller, Scene } from './scene.ts';

export const workloads = ['checkout', 'cart', 'catalog', 'payments'] as const;
export const onCall = 'maria.lind@example.com';

const podOf = (scene: Scene, name: string): string =>
  `${name}-${scene.random.chars(9, alphabets.suffix)}-${scene.random.chars(5, alphabets.suffix)}`;

/** Calls `act` every `everyMs` from `from` to `to`, a little off the beat as real timers are. */
function repeat(scene: Scene, from: number, to: number, everyMs: number, act: (at: number) => void): void {
  for (let at = from; at < to; at += everyMs) act(at + scene.random.between(0, Math.floor(everyMs / 8)));
}

function lease(scene: Scene, by: Caller, at: number, namespace: string, name: string): void {
  scene.add({
    at,
    by,
    verb: 'update',
    uri: `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}?timeout=10s`,
    object: { resource: 'leases', namespace, name, apiGroup: 'coordination.k8s.io', apiVersion: 'v1' },
  });
}

function nodeStatus(scene: Scene, node: number, at: number): void {
  const name = nodes[node] as string;
  const conditions = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map((type) => ({
    type,
    status: type === 'Ready' ? 'True' : 'False',
    lastHeartbeatTime: scene.time(at),
  }));
  scene.add({
    at,
    by: kubelet(node),
    verb: 'patch',
    uri: `/api/v1/nodes/${name}/status?timeout=10s`,
    object: { resource: 'nodes', name, subresource: 'status', apiVersion: 'v1' },
    level: 'Request',
    request: { status: { conditions, addresses: [{ address: kubelet(node).ip, type: 'InternalIP' }] } },
  });
}

function heartbeats(scene: Scene, to: number): void {
  repeat(scene, 100, to, 2000, (at) => lease(scene, callers.controllerManager, at, 'kube-system', 'kube-controller-manager'));
  repeat(scene, 700, to, 2000, (at) => lease(scene, callers.scheduler, at, 'kube-system', 'kube-scheduler'));
  nodes.forEach((name, node) => {
    repeat(scene, 400 + node * 900, to, 10_000, (at) => lease(scene, kubelet(node), at, 'kube-node-lease', name));
    repeat(scene, 1500 + node * 1300, to, 10_000, (at) => nodeStatus(scene, node, at));
  });
  repeat(scene, 300, to, 1000, (at) => scene.add({ at, by: callers.apiserver, verb: 'get', uri: '/readyz' }));
}

function watchAndList(scene: Scene, by: Caller, at: number, verb: 'watch' | 'list', group: string, resource: string): void {
  const base = group === '' ? '/api/v1' : `/apis/${group}/v1`;
  const query =
    verb === 'watch'
      ? 'allowWatchBookmarks=true&resourceVersion=90177&timeoutSeconds=412&watch=true'
      : 'limit=500&resourceVersion=0';
  scene.add({
    at,
    by,
    verb,
    uri: `${base}/${resource}?${query}`,
    object: { resource, ...(group && { apiGroup: group }), apiVersion: 'v1' },
  });
}

function observers(scene: Scene, to: number): void {
  repeat(scene, 900, to, 5000, (at) => watchAndList(scene, callers.coredns, at, 'watch', 'discovery.k8s.io', 'endpointslices'));
  repeat(scene, 1700, to, 6000, (at) => watchAndList(scene, callers.prometheus, at, 'list', '', 'pods'));
  repeat(scene, 2600, to, 4000, (at) => watchAndList(scene, callers.metrics, at, 'watch', '', 'nodes'));
  repeat(scene, 3100, to, 7000, (at) => watchAndList(scene, callers.deployments, at, 'watch', 'apps', 'deployments'));
  repeat(scene, 3600, to, 7000, (at) => watchAndList(scene, callers.garbage, at, 'list', 'apps', 'replicasets'));
}

/** Kubelets ask the API server whether a caller's token is good, and send the token along. */
function tokenReviews(scene: Scene, to: number): void {
  repeat(scene, 5200, to, 15_000, (at) => {
    const review = tokenReview(scene, 'system:serviceaccount:monitoring:prometheus', 'TokenReview of a kubelet');
    scene.add({
      at,
      by: kubelet(at),
      verb: 'create',
      uri: '/apis/authentication.k8s.io/v1/tokenreviews',
      object: { resource: 'tokenreviews', apiGroup: 'authentication.k8s.io', apiVersion: 'v1' },
      code: 201,
      level: 'RequestResponse',
      ...review,
    });
  });
}

const apply = (
  namespace: string,
  group: string,
  resource: string,
  name: string,
): { readonly uri: string; readonly object: Readonly<Record<string, string>> } => ({
  uri: `${group === '' ? '/api/v1' : `/apis/${group}/v1`}/namespaces/${namespace}/${resource}/${name}?fieldManager=kubectl-client-side-apply&fieldValidation=Strict`,
  object: { resource, namespace, name, ...(group && { apiGroup: group }), apiVersion: 'v1' },
});

/** The pipeline ships a version: settings, a secret, the Deployment. */
function deploy(scene: Scene, at: number, name: string): void {
  const by = callers.ci;
  const namespace = 'shop';
  const workload = { name, namespace, pod: podOf(scene, name), ip: `10.244.1.${scene.random.between(20, 90)}`, node: 'worker-2' };
  const settings = configMap(scene, namespace, `${name}-config`);
  scene.add({
    at,
    by,
    verb: 'patch',
    ...apply(namespace, '', 'configmaps', `${name}-config`),
    level: 'RequestResponse',
    request: settings,
    response: settings,
  });
  const session = secret(scene, namespace, `${name}-session`);
  scene.add({
    at: at + 220,
    by,
    verb: 'update',
    ...apply(namespace, '', 'secrets', `${name}-session`),
    level: 'RequestResponse',
    request: session,
    response: session,
  });
  const deployment = appliedDeployment(scene, workload, `registry.example.com/shop/${name}:2.4.1`);
  scene.add({
    at: at + 480,
    by,
    verb: 'patch',
    ...apply(namespace, 'apps', 'deployments', name),
    level: 'RequestResponse',
    request: deployment,
    response: deployment,
  });
  rollOut(scene, at + 500, workload);
}

/** The engineer on call looks around, as one does. */
function engineerAtWork(scene: Scene, at: number): void {
  const by = engineer(scene.plant.email('user name', onCall));
  const pods = { resource: 'pods', namespace: 'shop', apiVersion: 'v1' };
  scene.add({ at, by, verb: 'list', uri: '/api/v1/namespaces/shop/pods?limit=500', object: pods });
  scene.add({
    at: at + 1400,
    by,
    verb: 'get',
    uri: '/apis/apps/v1/namespaces/shop/deployments/cart',
    object: { resource: 'deployments', namespace: 'shop', name: 'cart', apiGroup: 'apps', apiVersion: 'v1' },
  });
  const pod = podOf(scene, 'cart');
  scene.add({
    at: at + 2600,
    by,
    verb: 'get',
    uri: `/api/v1/namespaces/shop/pods/${pod}/log?container=cart&tailLines=50`,
    object: { ...pods, name: pod, subresource: 'log' },
  });
}

/** Everything that happens in a small cluster when nothing happens: `lengthMs` of it. */
export function everyday(scene: Scene, lengthMs: number): void {
  heartbeats(scene, lengthMs);
  observers(scene, lengthMs);
  tokenReviews(scene, lengthMs);
  deploy(scene, 3000, 'cart');
  deploy(scene, 13_000, 'catalog');
  engineerAtWork(scene, 6500);
  engineerAtWork(scene, 20_000);
  repeat(scene, 2000, lengthMs, 5000, (at) =>
    scene.add({
      at,
      by: callers.shop,
      verb: 'get',
      uri: '/api/v1/namespaces/shop/configmaps/checkout-config',
      object: { resource: 'configmaps', namespace: 'shop', name: 'checkout-config', apiVersion: 'v1' },
    }),
  );
}
