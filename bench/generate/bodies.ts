import { alphabets } from '../../src/demo/random.ts';
import { managedFields } from './objects.ts';
import type { Pod, World } from './world.ts';

type Json = Record<string, unknown>;

const second = (us: number): string => `${new Date(us / 1000).toISOString().slice(0, 19)}Z`;

function secretContent(world: World, pod: Pod): { readonly type: string; readonly data: Json } {
  const { plant, random } = world;
  const choice = random.between(0, 3);
  if (choice === 0)
    return { type: 'kubernetes.io/tls', data: { 'tls.key': plant.secretData('Secret tls.key', plant.pem('inside a Secret')) } };
  if (choice === 1)
    return {
      type: 'kubernetes.io/ssh-auth',
      data: { 'ssh-privatekey': plant.secretData('Secret ssh-privatekey', plant.pem('inside a Secret')) },
    };
  if (choice === 2)
    return {
      type: 'helm.sh/release.v1',
      data: { release: plant.secretData('Secret release', random.chars(random.between(2500, 14_000), alphabets.alphanumeric)) },
    };
  const token = plant.jwt('inside a Secret', `system:serviceaccount:${pod.namespace}:${pod.app}`);
  return {
    type: 'Opaque',
    data: {
      password: plant.secretData('Secret password', random.chars(20, alphabets.alphanumeric)),
      token: plant.secretData('Secret token', token),
    },
  };
}

export function secretObject(world: World, pod: Pod): Json {
  const meta = {
    name: `${pod.app}-credentials`,
    namespace: pod.namespace,
    uid: pod.uid,
    managedFields: [managedFields(world, 'kubectl', 1)],
  };
  return { kind: 'Secret', apiVersion: 'v1', metadata: meta, ...secretContent(world, pod) };
}

const settings = [
  '  timeout: 30s',
  '  retries: 5',
  '  endpoint: http://otel.monitoring:4318/v1/traces',
  '  # <tuning> & limits',
  '  pool:\n    max: 20\n    idle: 5m',
  '  cors: ["https://www.example.com"]',
  '\tworker_processes auto;',
  '  path: C:\\data\\app',
  '  enabled: true',
];

/** Configuration files as text: YAML of `lines` lines, sometimes a key or JSON beside it. */
export function configMapObject(world: World, pod: Pod, lines: number): Json {
  const { plant, random } = world;
  const line = (): string => {
    const share = random.unit();
    if (share < 0.03) return `  password: ${plant.password('YAML in a ConfigMap')}`;
    if (share < 0.05) return `  contact = "${plant.email('ConfigMap', random.pick(world.people))}"`;
    return share < 0.07 ? `  allow ${random.pick(world.offices)};` : random.pick(settings);
  };
  const nested = (): string => {
    const password = random.unit() < 0.25 ? plant.password('JSON in a ConfigMap') : '$(DB_PASSWORD)';
    return JSON.stringify({ db: { host: 'db.example.com', user: 'app', password }, limits: { rps: 500 } }, null, 2);
  };
  const data = {
    'app.yaml': Array.from({ length: lines }, line).join('\n'),
    ...(random.unit() < 0.08 ? { id_rsa: plant.pem('ConfigMap') } : {}),
    ...(random.unit() < 0.25 ? { 'settings.json': nested() } : {}),
  };
  return {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name: `${pod.app}-config`, namespace: pod.namespace, managedFields: [managedFields(world, 'kubectl', 1)] },
    data,
  };
}

export function eventObject(world: World, pod: Pod): Json {
  const { random } = world;
  const node = world.nodes[pod.node]?.name;
  const message = random.pick([
    `Back-off restarting failed container c0 in pod ${pod.name}_${pod.namespace}(${pod.uid})`,
    `Readiness probe failed: Get "http://${pod.ip}:8080/healthz": dial tcp ${pod.ip}:8080: connect: connection refused`,
    `Successfully assigned ${pod.namespace}/${pod.name} to ${node}`,
  ]);
  const about = {
    kind: 'Pod',
    namespace: pod.namespace,
    name: pod.name,
    uid: pod.uid,
    apiVersion: 'v1',
    fieldPath: 'spec.containers{c0}',
  };
  return {
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { name: `${pod.name}.${random.chars(16, alphabets.hex)}`, namespace: pod.namespace },
    involvedObject: about,
    reason: random.pick(['BackOff', 'Unhealthy', 'Scheduled']),
    message,
    source: { component: 'kubelet', host: node },
    firstTimestamp: second(world.nowUs),
    count: random.between(1, 400),
    type: 'Warning',
    related: { managedFields: [managedFields(world, 'kubelet', 1)] },
  };
}

export function nodeStatusObject(world: World, index: number): Json {
  const { random } = world;
  const node = world.nodes[index];
  const conditions = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map((type) => ({
    lastHeartbeatTime: second(world.nowUs),
    reason: `Kubelet${type}`,
    status: type === 'Ready' ? 'True' : 'False',
    type,
  }));
  const stored = Array.from({ length: random.between(8, 40) }, () => ({
    names: [`registry.example.com/team/app@sha256:${random.chars(64, alphabets.hex)}`],
    sizeBytes: random.between(1_000_000, 900_000_000),
  }));
  return {
    kind: 'Node',
    apiVersion: 'v1',
    metadata: { name: node?.name, uid: node?.uid },
    status: {
      conditions,
      addresses: [
        { address: node?.ip, type: 'InternalIP' },
        { address: node?.name, type: 'Hostname' },
      ],
      images: stored,
    },
  };
}

export function tokenReviewBodies(world: World, pod: Pod): { readonly request: Json; readonly response: Json } {
  const subject = `system:serviceaccount:${pod.namespace}:${pod.app}`;
  const head = {
    kind: 'TokenReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { creationTimestamp: null, managedFields: [managedFields(world, pod.app, 3)] },
    spec: { token: world.plant.jwt('TokenReview', subject) },
  };
  return {
    request: { ...head, status: { user: {} } },
    response: {
      ...head,
      status: { authenticated: true, user: { username: subject, uid: pod.uid, groups: ['system:serviceaccounts'] } },
    },
  };
}

/** A custom resource with scripts in it, and with numbers that a round trip through JavaScript would change. */
export function customObject(world: World, pod: Pod): Json {
  const { random, plant } = world;
  const step = (index: number): Json => {
    const token = random.unit() < 0.15 ? plant.jwt('script', `system:serviceaccount:${pod.namespace}:${pod.app}`) : '$TOKEN';
    return {
      name: `step-${index}`,
      script: `#!/bin/sh\nset -e\ncurl -H "Authorization: Bearer ${token}" https://api.example.com/v1/items?a=1&b=2 | jq '.x > 3'\n`,
    };
  };
  const steps = Array.from({ length: random.between(4, 30) }, (_, i) => step(i));
  return {
    apiVersion: 'example.com/v1',
    kind: 'Workflow',
    metadata: {
      name: pod.app,
      namespace: pod.namespace,
      managedFields: [managedFields(world, 'workflow-controller', random.between(1, 4))],
    },
    spec: { ratio: 0.25, big: '@@BIG@@', scientific: '@@SCI@@', steps },
  };
}
