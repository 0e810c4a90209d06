import { type Acting, serviceAccount } from './acting.ts';
import { fourthIdentities } from './fourth/identities.ts';
import { secondIdentities } from './second/identities.ts';
import { thirdIdentities } from './third/identities.ts';

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
  web: serviceAccount('shop', 'web', '127.0.0.68'),
  /** Account of a workload that has far too many rights. */
  backup: serviceAccount('ops', 'backup', '127.0.0.69'),
  /** A second node, taken over. */
  stolenNode: { user: 'system:node:node-2', groups: ['system:nodes'], from: '127.0.0.70' },
  anonymous: { user: '', groups: [], from: '127.0.0.71' },
  /** A token that nobody gave out. */
  wrong: { user: '', groups: [], from: '127.0.0.72' },
  deployer: serviceAccount('ci', 'deployer', '127.0.0.21'),
  argo: serviceAccount('argocd', 'argocd-application-controller', '127.0.0.22'),
  certManager: serviceAccount('cert-manager', 'cert-manager', '127.0.0.23'),
  prometheus: serviceAccount('monitoring', 'prometheus', '127.0.0.24'),
  operator: serviceAccount('databases', 'postgres-operator', '127.0.0.25'),
  node: { user: 'system:node:node-1', groups: ['system:nodes'], from: '127.0.0.31' },
  scheduler: { user: 'system:kube-scheduler', groups: [], from: '127.0.0.1' },
  controllers: { user: 'system:kube-controller-manager', groups: [], from: '127.0.0.1' },
  deployments: serviceAccount('kube-system', 'deployment-controller', '127.0.0.1'),
  replicaSets: serviceAccount('kube-system', 'replicaset-controller', '127.0.0.1'),
  daemonSets: serviceAccount('kube-system', 'daemon-set-controller', '127.0.0.1'),
  jobs: serviceAccount('kube-system', 'job-controller', '127.0.0.1'),
  cronJobs: serviceAccount('kube-system', 'cronjob-controller', '127.0.0.1'),
  endpoints: serviceAccount('kube-system', 'endpointslice-controller', '127.0.0.1'),
  autoscaler: serviceAccount('kube-system', 'horizontal-pod-autoscaler', '127.0.0.1'),
  collector: serviceAccount('kube-system', 'generic-garbage-collector', '127.0.0.1'),
  namespaces: serviceAccount('kube-system', 'namespace-controller', '127.0.0.1'),
} as const satisfies Readonly<Record<string, Acting>>;

export type Identity =
  | keyof typeof firstIdentities
  | keyof typeof secondIdentities
  | keyof typeof thirdIdentities
  | keyof typeof fourthIdentities;

export const identities: Readonly<Record<Identity, Acting>> = {
  ...firstIdentities,
  ...secondIdentities,
  ...thirdIdentities,
  ...fourthIdentities,
};

export const tokenOf = (name: string): string => `campaign-token-of-${name}`;

/** The file of `--token-auth-file`. */
export function tokenFile(): string {
  return Object.entries(identities)
    .filter(([, { user }]) => user !== '')
    .map(([name, { user, groups }], index) => `${tokenOf(name)},${user},uid-${index},"${groups.join(',')}"\n`)
    .join('');
}
