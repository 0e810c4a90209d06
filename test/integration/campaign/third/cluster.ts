import { foundation } from '../foundation.ts';
import { container, goodSpec, named, rule, type Subject, workload } from '../objects.ts';
import { hook, policy, policyBinding } from '../setup-admission.ts';
import { endpointSliceIn, ingressIn, networkPolicyIn, serviceIn } from '../setup-network.ts';
import { event, podIn, podOn, tokensOf, workloadIn } from '../setup-pods.ts';
import { administrator, grant, grantIn, grantRole, newClusterRole, newRole } from '../setup-rights.ts';
import { kind, leaseIn, make, openNamespace, quotaIn, secret, settings } from '../setup-steps.ts';
import type { Step } from '../step.ts';
import { podAccounts, thirdAccounts, thirdIdentities } from './identities.ts';

const namespaces = [
  ...[
    'web',
    'staging',
    'ml',
    'ci',
    'argocd',
    'flux-system',
    'cert-manager',
    'monitoring',
    'external-secrets',
    'velero',
    'ingress-nginx',
    'vault',
  ],
  ...[
    'gatekeeper-system',
    'crossplane-system',
    'databases',
    'logging',
    'kubernetes-dashboard',
    'tekton-pipelines',
    'legacy',
    'fleet',
    'falco',
    'preview-481',
  ],
];
const developer = [
  rule(
    '',
    [
      'pods',
      'pods/log',
      'pods/exec',
      'pods/attach',
      'pods/portforward',
      'pods/ephemeralcontainers',
      'configmaps',
      'services',
      'secrets',
      'events',
      'endpoints',
      'serviceaccounts',
    ],
    ['*'],
  ),
  ...['apps', 'batch', 'networking.k8s.io', 'autoscaling'].map((group) => rule(group, ['*'], ['*'])),
];
/** Those who may only what a role says; the others may everything, as is common. */
const small = new Set(['frontend', 'kubernetes-dashboard', 'grafana', 'promtail', 'workflow']);
const bind = (namespace: string, roleName: string, subject: Subject): Step =>
  grantIn(namespace, `${roleName}-${subject[1].replaceAll(/[^a-z]/g, '')}`, roleName, subject);
const isController = ([namespace, name]: readonly [string, string]): boolean =>
  namespace === 'kube-system' && /-controller$|publisher|collector/.test(name) && name !== 'sealed-secrets-controller';

const rights: readonly Step[] = [
  ...['kubeadm:cluster-admins', 'platform-admins'].map((group) => grant(group, 'cluster-admin', ['Group', group])),
  newClusterRole('web-developer', developer),
  newClusterRole('reader', [rule('', ['pods'], ['get'])]),
  newClusterRole('audit', [
    rule(
      '',
      ['pods', 'nodes', 'namespaces', 'services', 'configmaps', 'events', 'persistentvolumes', 'serviceaccounts'],
      ['get', 'list'],
    ),
    rule('rbac.authorization.k8s.io', ['*'], ['get', 'list']),
  ]),
  newClusterRole('support', [rule('', ['pods', 'pods/log'], ['get', 'list']), rule('', ['pods/exec'], ['create'])]),
  newClusterRole('application', [
    rule('', ['pods', 'secrets', 'configmaps', 'services'], ['get', 'list']),
    rule('', ['pods/exec'], ['create', 'get']),
  ]),
  grant('audit', 'audit', ['Group', 'auditors']),
  grant('gatekeeper', 'reader', ['Group', 'gate']),
  grant('join', 'system:node-bootstrapper', ['Group', 'system:bootstrappers']),
  bind('web', 'web-developer', ['Group', 'web-developers']),
  bind('staging', 'web-developer', ['Group', 'web-developers']),
  bind('ml', 'web-developer', ['Group', 'ml-scientists']),
  bind('web', 'support', ['Group', 'support']),
  bind('web', 'application', ['ServiceAccount', 'frontend', 'web']),
  bind('ml', 'web-developer', ['ServiceAccount', 'workflow', 'ml']),
  bind('kubernetes-dashboard', 'application', ['ServiceAccount', 'kubernetes-dashboard', 'kubernetes-dashboard']),
  bind('legacy', 'audit', ['User', 'system:anonymous']),
  grant('grafana', 'reader', ['ServiceAccount', 'grafana', 'monitoring']),
  grant('promtail', 'audit', ['ServiceAccount', 'promtail', 'logging']),
  newRole('kube-public', 'cluster-info', [rule('', ['configmaps'], ['get'])]),
  grantRole('kube-public', 'cluster-info', 'cluster-info', ['User', 'system:anonymous']),
  newRole('kube-system', 'join', [rule('', ['configmaps'], ['get'])]),
  grantRole('kube-system', 'join', 'join', ['Group', 'system:bootstrappers']),
  ...thirdAccounts.filter((one) => !small.has(one[1]) && !isController(one)).map(administrator),
];

const onNode = podOn('pool-a-1');

const objects: readonly Step[] = [
  ...['frontend-1', 'shop-a', 'shop-b', 'shop-c', 'shop-d', 'shop-e', 'ended', 'left-over'].map((name) => onNode('web', name)),
  ...['shop-0', 'shop-1'].map((name) => onNode('staging', name)),
  ...['etcd-cp-1', 'cilium-old'].map((name) => onNode('kube-system', name)),
  onNode('databases', 'orders-0'),
  podIn('web', 'waiting'),
  podIn('web', 'placed'),
  ...Array.from({ length: 32 }, (_, n) => onNode('fleet', `unit-${n}`)),
  ...Array.from({ length: 12 }, (_, n) => onNode('fleet', `spare-${n}`)),
  ...['db-credentials', 'tls-shop', 'tfstate-default-web', ...Array.from({ length: 18 }, (_, n) => `app-${n}`)].map((name) =>
    secret('web', name),
  ),
  ...[6, 11, 12, 13, 14, 15].map((n) => secret('web', `sh.helm.release.v1.web.v${n}`, { type: 'helm.sh/release.v1' })),
  ...Array.from({ length: 18 }, (_, n) => secret('kube-system', `token-${n}`)),
  secret('databases', 'postgres-superuser'),
  secret('argocd', 'argocd-secret'),
  secret('crossplane-system', 'aws-creds'),
  secret('gatekeeper-system', 'gatekeeper-webhook-server-cert'),
  secret('kubernetes-dashboard', 'kubernetes-dashboard-key-holder'),
  secret('ingress-nginx', 'sh.helm.release.v1.ingress-nginx.v7', { type: 'helm.sh/release.v1' }),
  ...['coredns', 'kubeadm-config', 'kubelet-config', 'aws-auth'].map((name) => settings('kube-system', name)),
  settings('kube-public', 'cluster-info'),
  settings('legacy', 'settings'),
  settings('logging', 'promtail'),
  settings('kubernetes-dashboard', 'kubernetes-dashboard-settings'),
  workloadIn('web', 'Deployment', 'shop', { containers: [container()] }),
  make('/apis/apps/v1/namespaces/web/deployments', {
    ...workload('Deployment', 'delivered', goodSpec()),
    metadata: {
      name: 'delivered',
      labels: { 'argocd.argoproj.io/instance': 'shop' },
      annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:web/delivered' },
    },
  }),
  workloadIn('gatekeeper-system', 'Deployment', 'gatekeeper-controller-manager'),
  workloadIn('falco', 'DaemonSet', 'falco'),
  workloadIn('logging', 'DaemonSet', 'promtail'),
  workloadIn('kube-system', 'DaemonSet', 'kube-proxy'),
  workloadIn('databases', 'StatefulSet', 'orders'),
  serviceIn('web', 'shop'),
  serviceIn('web', 'balanced', { type: 'LoadBalancer' }),
  serviceIn('kubernetes-dashboard', 'kubernetes-dashboard'),
  networkPolicyIn('web', 'deny-all'),
  quotaIn('web', 'quota', 1000),
  ingressIn('web', 'front', 'tls-shop', 'shop'),
  endpointSliceIn('web', 'shop-1', 'shop', '10.1.0.9'),
  ...['note.0', 'note.1'].map((name) => event('ml', name, 'jupyter-0')),
  ...[
    ['kube-system', 'kube-controller-manager'],
    ['kube-system', 'kube-scheduler'],
    ['kube-system', 'cert-manager-controller'],
    ['ingress-nginx', 'ingress-nginx-leader'],
  ].map(([namespace = '', name = '']) => leaseIn(namespace, name)),
  make('/api/v1/namespaces', named('Namespace', 'guarded', { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } })),
];

const policies: readonly Step[] = [hook('Validating', 'gatekeeper'), policy('baseline'), policyBinding('baseline')];

/** What the cluster of the third campaign holds before the story begins. */
export const thirdCluster: readonly Step[] = [
  kind('argoproj.io', 'applications', 'Application'),
  kind('argoproj.io', 'workflowtaskresults', 'WorkflowTaskResult'),
  kind('velero.io', 'backups', 'Backup'),
  ...foundation({
    namespaces: namespaces.map(openNamespace),
    withDefault: ['default', 'kube-system', ...namespaces],
    accounts: [...thirdAccounts, ['kube-system', 'clusterrole-aggregation-controller']],
    nodes: ['pool-a-1', 'pool-a-2', 'pool-a-7', 'pool-a-8', 'cp-1'],
    rights,
    running: podAccounts,
  }),
  ...objects,
  ...policies,
  make('/apis/argoproj.io/v1/namespaces/argocd/applications', {
    apiVersion: 'argoproj.io/v1',
    kind: 'Application',
    metadata: { name: 'shop' },
    spec: {},
  }),
];

export const thirdTokens = tokensOf(thirdIdentities);
