import type { Caller } from './scene.ts';

const version = 'v1.31.2 (linux/amd64) kubernetes/5864a46';
/** Outside the cluster everything is a documentation address (RFC 5737). */
const addresses = { controlPlane: '10.0.0.10', office: '198.51.100.24', thief: '203.0.113.66' } as const;

export const nodes = ['worker-1', 'worker-2', 'worker-3'] as const;

function serviceAccount(namespace: string, name: string, ip: string, agent: string, role = name): Caller {
  return {
    user: {
      username: `system:serviceaccount:${namespace}:${name}`,
      uid: '0b2d7c1e-6f43-4d1a-9a57-3c1f2e8d4b60',
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    },
    ip,
    agent,
    reason: `RBAC: allowed by ClusterRoleBinding "${role}" of ClusterRole "${role}" to ServiceAccount "${name}/${namespace}"`,
  };
}

function component(name: string): Caller {
  return {
    user: { username: `system:${name}`, groups: ['system:authenticated'] },
    ip: addresses.controlPlane,
    agent: `${name}/${version}/leader-election`,
    reason: `RBAC: allowed by ClusterRoleBinding "system:${name}" of ClusterRole "system:${name}" to User "system:${name}"`,
  };
}

const controller = (name: string): Caller =>
  serviceAccount(
    'kube-system',
    name,
    addresses.controlPlane,
    `kube-controller-manager/${version}/${name}`,
    `system:controller:${name}`,
  );

export const kubelet = (node: number): Caller => ({
  user: { username: `system:node:${nodes[node % nodes.length]}`, groups: ['system:nodes', 'system:authenticated'] },
  ip: `10.0.0.${11 + (node % nodes.length)}`,
  agent: `kubelet/${version}`,
});

export const callers = {
  apiserver: {
    user: {
      username: 'system:apiserver',
      uid: '7f0b6a52-1a7d-4d5e-9d53-20c2e3b1f4aa',
      groups: ['system:masters', 'system:authenticated'],
    },
    ip: '::1',
    agent: `kube-apiserver/${version}`,
  },
  controllerManager: component('kube-controller-manager'),
  scheduler: component('kube-scheduler'),
  deployments: controller('deployment-controller'),
  replicaSets: controller('replicaset-controller'),
  endpoints: controller('endpointslice-controller'),
  garbage: controller('generic-garbage-collector'),
  coredns: serviceAccount(
    'kube-system',
    'coredns',
    '10.244.0.3',
    'coredns/v1.11.3 (linux/amd64) kubernetes/$Format',
    'system:coredns',
  ),
  metrics: serviceAccount(
    'kube-system',
    'metrics-server',
    '10.244.1.4',
    'metrics-server/v0.7.2 (linux/amd64) kubernetes/$Format',
  ),
  prometheus: serviceAccount('monitoring', 'prometheus', '10.244.2.7', 'Prometheus/2.54.1'),
  ci: serviceAccount('ci', 'deployer', '10.244.1.19', 'kubectl/v1.31.1 (linux/amd64) kubernetes/948afe5'),
  /** The application's own account, in its pod … */
  shop: serviceAccount('shop', 'checkout', '10.244.2.31', 'checkout/v2.4.1 (linux/amd64) kubernetes/$Format'),
  /** … and with its token stolen. */
  stolen: serviceAccount('shop', 'checkout', addresses.thief, 'curl/8.5.0'),
  backdoor: serviceAccount(
    'kube-system',
    'node-metrics-agent',
    addresses.thief,
    'kubectl/v1.31.1 (linux/amd64) kubernetes/948afe5',
    'cluster-admin',
  ),
  nobody: { user: {}, ip: addresses.thief, agent: 'python-requests/2.32.3' },
  anonymous: {
    user: { username: 'system:anonymous', groups: ['system:unauthenticated'] },
    ip: addresses.thief,
    agent: 'python-requests/2.32.3',
  },
} as const satisfies Readonly<Record<string, Caller>>;

/** The engineer on call; her address is personal data. */
export const engineer = (email: string): Caller => ({
  user: { username: email, groups: ['platform', 'system:authenticated'] },
  ip: addresses.office,
  agent: 'kubectl/v1.31.1 (darwin/arm64) kubernetes/948afe5',
  reason: 'RBAC: allowed by ClusterRoleBinding "platform" of ClusterRole "admin" to Group "platform"',
});
