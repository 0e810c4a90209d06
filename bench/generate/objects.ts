import { goJson } from '../../src/demo/go-json.ts';
import { alphabets } from '../../src/demo/random.ts';
import type { Pod, World } from './world.ts';

type Json = Record<string, unknown>;

const second = (us: number): string => `${new Date(us / 1000).toISOString().slice(0, 19)}Z`;
const images = [
  'registry.example.com/team/api:1.42.7',
  'registry.example.com/team/worker@sha256:5d0c1a7be2f94c836a0d7b1f2e3c4d5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4',
  'registry.k8s.io/pause:3.9',
  'docker.io/library/redis:7.2.5',
  'docker.io/library/postgres:16.3',
];
const empty = (names: readonly string[]): Json => Object.fromEntries(names.map((name) => [name, {}]));

/** Server-side apply's book-keeping: deep, long and made of keys. `containers` sets its size. */
export function managedFields(world: World, manager: string, containers: number, subresource?: string): Json {
  const { random } = world;
  const container = (index: number): [string, Json] => {
    const env = Array.from({ length: random.between(2, 8) }, (_, i): [string, Json] => [
      `k:{"name":"VAR_${index}_${i}"}`,
      empty(['.', 'f:name', 'f:value']),
    ]);
    const resources = { '.': {}, 'f:limits': empty(['.', 'f:cpu', 'f:memory']), 'f:requests': empty(['.', 'f:cpu', 'f:memory']) };
    return [
      `k:{"name":"c${index}"}`,
      {
        '.': {},
        'f:env': Object.fromEntries(env),
        ...empty(['f:image', 'f:imagePullPolicy', 'f:name', 'f:terminationMessagePath']),
        'f:resources': resources,
      },
    ];
  };
  const metadata = {
    'f:annotations': empty(['.', 'f:kubectl.kubernetes.io/last-applied-configuration']),
    'f:labels': empty(['.', 'f:app.kubernetes.io/name', 'f:app.kubernetes.io/instance', 'f:pod-template-hash']),
    'f:ownerReferences': { '.': {}, [`k:{"uid":"${random.uuid()}"}`]: {} },
  };
  const spec = {
    ...empty(['f:dnsPolicy', 'f:restartPolicy', 'f:schedulerName', 'f:securityContext', 'f:serviceAccountName']),
    'f:containers': Object.fromEntries(Array.from({ length: containers }, (_, i) => container(i))),
  };
  return {
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    time: second(world.nowUs),
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:metadata': metadata, 'f:spec': spec },
    ...(subresource && { subresource }),
  };
}

function secretVariable(world: World): Json {
  const { plant, random } = world;
  const choice = random.between(0, 3);
  if (choice === 0) return { name: 'DB_PASSWORD', value: plant.password('env value of a secret-like name') };
  if (choice === 1) return { name: 'AWS_ACCESS_KEY_ID', value: plant.awsKey('env') };
  if (choice === 2)
    return {
      name: 'JAVA_OPTS',
      value: `-Xmx512m -Dspring.datasource.password=${plant.password('option in env')} -Dlog.level=INFO`,
    };
  return { name: 'ADMIN_EMAIL', value: plant.email('env', random.pick(world.people)) };
}

function plainVariable(world: World): Json {
  const { random } = world;
  const choices: readonly Json[] = [
    { name: 'LOG_LEVEL', value: 'info' },
    { name: 'PORT', value: String(random.between(3000, 9999)) },
    { name: 'REDIS_HOST', value: 'redis.orders-prod.svc.cluster.local' },
    { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
    { name: 'DB_PASS_REF', valueFrom: { secretKeyRef: { name: 'db-credentials', key: 'password' } } },
    { name: 'FEATURES', value: 'new-cart=true,dark-mode=false,a<b&&c>d' },
    { name: 'OTLP_ENDPOINT', value: 'http://otel-collector.monitoring:4317' },
  ];
  return random.pick(choices);
}

function container(world: World, index: number, variables: number): Json {
  const { random, plant } = world;
  const env = Array.from({ length: variables }, () => (random.unit() < 0.05 ? secretVariable(world) : plainVariable(world)));
  const secretArgument = (): readonly string[] => (random.unit() < 0.15 ? [`--password=${plant.password('argument')}`] : []);
  const withArguments = random.unit() < 0.25;
  const args = withArguments
    ? ['--config=/etc/app/config.yaml', ...secretArgument(), `--listen=:${random.between(3000, 9000)}`, '--v=2']
    : [];
  return {
    name: `c${index}`,
    image: random.pick(images),
    ...(withArguments && { args }),
    ports: [{ name: 'http', containerPort: random.between(3000, 9000), protocol: 'TCP' }],
    env,
    resources: { limits: { cpu: '500m', memory: '512Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
    volumeMounts: [
      {
        name: `kube-api-access-${random.chars(5, alphabets.suffix)}`,
        readOnly: true,
        mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
      },
      { name: 'config', mountPath: '/etc/app' },
    ],
    livenessProbe: {
      httpGet: { path: '/healthz', port: 'http', scheme: 'HTTP' },
      initialDelaySeconds: 10,
      timeoutSeconds: 1,
      periodSeconds: 10,
      failureThreshold: 3,
    },
    terminationMessagePath: '/dev/termination-log',
    imagePullPolicy: 'IfNotPresent',
    securityContext: { capabilities: { drop: ['ALL'] }, runAsNonRoot: true, allowPrivilegeEscalation: false },
  };
}

function podSpec(world: World, pod: Pod, containers: number, variables: number): Json {
  return {
    volumes: [
      { name: 'config', configMap: { name: `${pod.app}-config`, defaultMode: 420 } },
      {
        name: 'kube-api-access',
        projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }], defaultMode: 420 },
      },
    ],
    containers: Array.from({ length: containers }, (_, i) => container(world, i, variables)),
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: pod.app,
    nodeName: world.nodes[pod.node]?.name,
    securityContext: { runAsUser: 1_000_660_000, fsGroup: 1_000_660_000 },
    imagePullSecrets: [{ name: 'registry' }],
    schedulerName: 'default-scheduler',
    tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }],
    enableServiceLinks: true,
  };
}

export function podStatus(world: World, pod: Pod, containers: number): Json {
  const { random } = world;
  const at = second(world.nowUs - random.between(1, 900_000_000));
  const container = (index: number): Json => ({
    name: `c${index}`,
    state: { running: { startedAt: at } },
    ready: true,
    restartCount: random.between(0, 3),
    image: random.pick(images),
    imageID: `docker.io/library/app@sha256:${random.chars(64, alphabets.hex)}`,
    containerID: `containerd://${random.chars(64, alphabets.hex)}`,
    started: true,
  });
  const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
    type,
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: at,
  }));
  const statuses = Array.from({ length: containers }, (_, i) => container(i));
  return {
    phase: 'Running',
    conditions,
    hostIP: world.nodes[pod.node]?.ip,
    podIP: pod.ip,
    podIPs: [{ ip: pod.ip }],
    startTime: at,
    containerStatuses: statuses,
    qosClass: 'Burstable',
  };
}

const labels = (pod: Pod): Json => ({
  app: pod.app,
  'app.kubernetes.io/instance': `${pod.app}-${pod.namespace}`,
  'app.kubernetes.io/managed-by': 'Helm',
  'app.kubernetes.io/name': pod.app,
  'pod-template-hash': pod.replicaSet.slice(pod.app.length + 1),
});

function metadata(world: World, pod: Pod, name: string): Json {
  world.resourceVersion += world.random.between(1, 9);
  return {
    name,
    namespace: pod.namespace,
    uid: pod.uid,
    resourceVersion: String(world.resourceVersion),
    creationTimestamp: second(world.nowUs - 86_400_000_000),
    labels: labels(pod),
  };
}

export function podObject(
  world: World,
  pod: Pod,
  size: { readonly containers: number; readonly variables: number },
  full: boolean,
): Json {
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: pod.replicaSet,
    uid: pod.ownerUid,
    controller: true,
    blockOwnerDeletion: true,
  };
  const fields = full
    ? {
        managedFields: [
          managedFields(world, 'kube-controller-manager', size.containers),
          managedFields(world, 'kubelet', 1, 'status'),
        ],
      }
    : {};
  const meta = { ...metadata(world, pod, pod.name), generateName: `${pod.replicaSet}-`, ownerReferences: [owner], ...fields };
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: meta,
    spec: podSpec(world, pod, size.containers, size.variables),
    status: full ? podStatus(world, pod, size.containers) : {},
  };
}

export function deploymentObject(
  world: World,
  pod: Pod,
  size: { readonly containers: number; readonly variables: number },
  full: boolean,
): Json {
  const { random } = world;
  const template = {
    metadata: {
      creationTimestamp: null,
      labels: labels(pod),
      annotations: { 'prometheus.io/scrape': 'true', 'checksum/config': random.chars(64, alphabets.hex) },
    },
    spec: podSpec(world, pod, size.containers, size.variables),
  };
  const spec = {
    replicas: random.between(1, 12),
    selector: { matchLabels: { app: pod.app } },
    template,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
    revisionHistoryLimit: 10,
  };
  const applied = goJson({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { annotations: {}, name: pod.app, namespace: pod.namespace },
    spec,
  });
  const annotations = {
    'deployment.kubernetes.io/revision': String(random.between(1, 90)),
    ...(random.unit() < 0.75 ? { 'kubectl.kubernetes.io/last-applied-configuration': `${applied}\n` } : {}),
    ...(random.unit() < 0.1
      ? { 'example.com/owner': `équipe plateforme – 支払い 🚀 (${world.plant.email('annotation', random.pick(world.people))})` }
      : {}),
  };
  const fields = full
    ? {
        managedFields: [
          managedFields(world, 'kubectl-client-side-apply', size.containers),
          managedFields(world, 'kube-controller-manager', 1, 'status'),
        ],
      }
    : {};
  const status = { observedGeneration: 3, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };
  return {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: { ...metadata(world, pod, pod.app), annotations, ...fields },
    spec,
    status,
  };
}
