import type { World } from './world.ts';

/** Who sends the next request. */
export interface BenchCaller {
  readonly kind: 'node' | 'controller' | 'scheduler' | 'apiserver' | 'account' | 'person';
  readonly user: object;
  readonly name: string;
  readonly ips: readonly string[];
  readonly agent: string;
  readonly reason: string;
}

const build = 'v1.30.4 (linux/amd64) kubernetes/a51b3b7';
const group = 'system:authenticated';

function node(world: World): BenchCaller {
  const { name, ip } = world.random.pick(world.nodes);
  return {
    kind: 'node',
    name,
    user: { username: `system:node:${name}`, groups: ['system:nodes', group] },
    ips: [ip],
    agent: `kubelet/${build}`,
    reason: '',
  };
}

function component(kind: 'controller' | 'scheduler', name: string): BenchCaller {
  const reason = `RBAC: allowed by ClusterRoleBinding "system:${name}" of ClusterRole "system:${name}" to User "system:${name}"`;
  return {
    kind,
    name,
    user: { username: `system:${name}`, groups: [group] },
    ips: ['10.0.0.4'],
    agent: `${name}/${build}/leader-election`,
    reason,
  };
}

function account(world: World): BenchCaller {
  const { random } = world;
  const { namespace, name, uid } = world.hot(world.accounts);
  const pod = world.hot(world.pods);
  const key = 'authentication.kubernetes.io';
  const extra = {
    [`${key}/credential-id`]: [`JTI=${pod.ownerUid}`],
    [`${key}/node-name`]: [world.nodes[pod.node]?.name],
    [`${key}/pod-name`]: [pod.name],
    [`${key}/pod-uid`]: [pod.uid],
  };
  return {
    kind: 'account',
    name,
    user: {
      username: `system:serviceaccount:${namespace}:${name}`,
      uid,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, group],
      ...(random.unit() < 0.7 ? { extra } : {}),
    },
    ips: [pod.ip],
    agent: name.endsWith('-controller')
      ? `kube-controller-manager/${build}/system:serviceaccount:kube-system:${name}`
      : random.pick([`${name}/v2.1.0 (linux/amd64) kubernetes/$Format`, 'Go-http-client/2.0']),
    reason: `RBAC: allowed by ClusterRoleBinding "${name}" of ClusterRole "${name}" to ServiceAccount "${name}/${namespace}"`,
  };
}

const tools = [
  'kubectl/v1.30.2 (darwin/arm64) kubernetes/3968350',
  'kubectl/v1.29.6 (linux/amd64) kubernetes/062798d',
  'Helm/3.15.3',
  'k9s/v0.32.5 (darwin/arm64) kubernetes/$Format',
];

function person(world: World): BenchCaller {
  const { random } = world;
  const email = world.plant.email('user name', random.pick(world.people));
  const office = random.pick(world.offices);
  return {
    kind: 'person',
    name: email,
    user: { username: random.unit() < 0.4 ? `oidc:${email}` : email, groups: ['platform', group] },
    ips: random.unit() < 0.3 ? [office, '10.0.0.9'] : [office],
    agent: random.pick(tools),
    reason: 'RBAC: allowed by ClusterRoleBinding "platform" of ClusterRole "cluster-admin" to Group "platform"',
  };
}

/** Shares as in a busy cluster: most calls come from nodes and service accounts, few from people. */
export function nextCaller(world: World): BenchCaller {
  const share = world.random.unit();
  if (share < 0.34) return node(world);
  if (share < 0.46) return component('controller', 'kube-controller-manager');
  if (share < 0.52) return component('scheduler', 'kube-scheduler');
  if (share < 0.57)
    return {
      kind: 'apiserver',
      name: 'apiserver',
      user: { username: 'system:apiserver', groups: [group, 'system:masters'] },
      ips: ['::1'],
      agent: `kube-apiserver/${build}`,
      reason: '',
    };
  return share < 0.92 ? account(world) : person(world);
}
