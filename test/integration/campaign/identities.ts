import { secondIdentities } from './second/identities.ts';
import { thirdIdentities } from './third/identities.ts';

/** One who acts: user, groups and loopback address. */
export interface Acting {
  readonly user: string;
  readonly groups: readonly string[];
  readonly from: string;
  /** Namespace and name of an account that gets a real token. */
  readonly account?: readonly [namespace: string, name: string];
}

/** Who acts in the first campaign. All invented; they are good for nothing but that server. */
const firstIdentities = {
  /** Builds the cluster before the story begins. */
  root: { user: 'kubernetes-admin', groups: ['system:masters'], from: '127.0.0.1' },
  /** Developer with rights in the namespace shop. */
  alice: { user: 'alice@example.com', groups: ['developers'], from: '127.0.0.11' },
  /** On call for the platform: administrator. */
  bob: { user: 'bob@example.com', groups: ['platform'], from: '127.0.0.12' },
  /** Administrator whose credentials were stolen. */
  carol: { user: 'carol@example.com', groups: ['platform'], from: '127.0.0.66' },
  /** Somebody with an account and no rights. */
  mallory: { user: 'mallory@example.com', groups: ['interns'], from: '127.0.0.67' },
  /** The same, and stays so. */
  eve: { user: 'eve@example.com', groups: ['interns'], from: '127.0.0.64' },
  /** Account of a web application, read from its pod by the attacker. */
  web: {
    user: 'system:serviceaccount:shop:web',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:shop'],
    from: '127.0.0.68',
  },
  /** Account of a workload that has far too many rights. */
  backup: {
    user: 'system:serviceaccount:ops:backup',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:ops'],
    from: '127.0.0.69',
  },
  /** A second node, taken over. */
  stolenNode: { user: 'system:node:node-2', groups: ['system:nodes'], from: '127.0.0.70' },
  anonymous: { user: '', groups: [], from: '127.0.0.71' },
  /** A token that nobody gave out. */
  wrong: { user: '', groups: [], from: '127.0.0.72' },
  deployer: {
    user: 'system:serviceaccount:ci:deployer',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:ci'],
    from: '127.0.0.21',
  },
  argo: {
    user: 'system:serviceaccount:argocd:argocd-application-controller',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:argocd'],
    from: '127.0.0.22',
  },
  certManager: {
    user: 'system:serviceaccount:cert-manager:cert-manager',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:cert-manager'],
    from: '127.0.0.23',
  },
  prometheus: {
    user: 'system:serviceaccount:monitoring:prometheus',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:monitoring'],
    from: '127.0.0.24',
  },
  operator: {
    user: 'system:serviceaccount:databases:postgres-operator',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:databases'],
    from: '127.0.0.25',
  },
  node: { user: 'system:node:node-1', groups: ['system:nodes'], from: '127.0.0.31' },
  scheduler: { user: 'system:kube-scheduler', groups: [], from: '127.0.0.1' },
  controllers: { user: 'system:kube-controller-manager', groups: [], from: '127.0.0.1' },
  deployments: {
    user: 'system:serviceaccount:kube-system:deployment-controller',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
    from: '127.0.0.1',
  },
  replicaSets: {
    user: 'system:serviceaccount:kube-system:replicaset-controller',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
    from: '127.0.0.1',
  },
  daemonSets: {
    user: 'system:serviceaccount:kube-system:daemon-set-controller',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
    from: '127.0.0.1',
  },
  jobs: {
    user: 'system:serviceaccount:kube-system:job-controller',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
    from: '127.0.0.1',
  },
  cronJobs: {
    user: 'system:serviceaccount:kube-system:cronjob-controller',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
    from: '127.0.0.1',
  },
  endpoints: {
    user: 'system:serviceaccount:kube-system:endpointslice-controller',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
    from: '127.0.0.1',
  },
  autoscaler: {
    user: 'system:serviceaccount:kube-system:horizontal-pod-autoscaler',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
    from: '127.0.0.1',
  },
  collector: {
    user: 'system:serviceaccount:kube-system:generic-garbage-collector',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
    from: '127.0.0.1',
  },
  namespaces: {
    user: 'system:serviceaccount:kube-system:namespace-controller',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
    from: '127.0.0.1',
  },
} as const satisfies Readonly<Record<string, Acting>>;

export type Identity = keyof typeof firstIdentities | keyof typeof secondIdentities | keyof typeof thirdIdentities;

export const identities: Readonly<Record<Identity, Acting>> = {
  ...firstIdentities,
  ...secondIdentities,
  ...thirdIdentities,
};

export const tokenOf = (name: string): string => `campaign-token-of-${name}`;

/** The file of `--token-auth-file`. */
export function tokenFile(): string {
  return Object.entries(identities)
    .filter(([, { user }]) => user !== '')
    .map(([name, { user, groups }], index) => `${tokenOf(name)},${user},uid-${index},"${groups.join(',')}"\n`)
    .join('');
}
