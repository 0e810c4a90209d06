import { rule } from './objects.ts';
import { hook, policy } from './setup-admission.ts';
import { networkPolicyIn, serviceIn } from './setup-network.ts';
import { event, podIn, podOn, workloadIn } from './setup-pods.ts';
import { administrator, grant, grantIn, newClusterRole, newRole } from './setup-rights.ts';
import { account, claimIn, node, openNamespace, quotaIn, secret, settings } from './setup-steps.ts';
import type { Step } from './step.ts';

const namespaces = ['shop', 'ops', 'ci', 'argocd', 'cert-manager', 'monitoring', 'databases', 'preview', 'open'] as const;
const onNode = podOn('node-1');
/** What the cluster holds before the story begins; findings about it do not count. */
export const clusterSteps: readonly Step[] = [
  ...namespaces.map(openNamespace),
  ...['default', 'kube-system', ...namespaces].map((name) => account([name, 'default'])),
  ...[
    ['shop', 'web'],
    ['shop', 'strong'],
    ['ops', 'backup'],
    ['ci', 'deployer'],
    ['kube-system', 'deployment-controller'],
    ['kube-system', 'clusterrole-aggregation-controller'],
  ].map(([namespace = '', name = '']) => account([namespace, name])),
  ...node('node-1'),
  ...node('node-2'),
  grant('platform-admins', 'cluster-admin', ['Group', 'platform']),
  grantIn('shop', 'developers', 'shop-developer', ['Group', 'developers']),
  grantIn('open', 'everybody', 'open-view', ['User', 'system:anonymous']),
  ...[
    ['ops', 'backup'],
    ['argocd', 'argocd-application-controller'],
    ['cert-manager', 'cert-manager'],
    ['databases', 'postgres-operator'],
    ['ci', 'deployer'],
    ['monitoring', 'prometheus'],
  ].map(([namespace = '', name = '']) => administrator([namespace, name])),
  // The roles view and edit are filled by a controller that does not run here.
  newClusterRole('open-view', [rule('', ['configmaps'], ['get', 'list'])]),
  newClusterRole('shop-developer', [
    rule('', ['pods', 'pods/log', 'configmaps', 'services'], ['get', 'list', 'watch', 'create', 'patch', 'delete']),
    rule('apps', ['deployments', 'deployments/scale'], ['get', 'list', 'watch', 'create', 'update', 'patch']),
  ]),
  newRole('shop', 'reader', [rule('', ['pods'], ['get'])]),
  ...['web-0', 'old-0', 'old-1', ...Array.from({ length: 12 }, (_, n) => `many-${n}`)].map((name) => onNode('shop', name)),
  podIn('shop', 'pending'),
  onNode('kube-system', 'coredns-0'),
  ...Array.from({ length: 20 }, (_, n) => secret('ops', `secret-${n}`)),
  ...['web', 'cart'].map((name) => workloadIn('shop', 'Deployment', name)),
  serviceIn('shop', 'web'),
  serviceIn('shop', 'lb', { type: 'LoadBalancer' }),
  ...['coredns', 'kubeadm-config', 'aws-auth'].map((name) => settings('kube-system', name)),
  hook('Validating', 'policy'),
  hook('Validating', 'cert-manager-webhook'),
  hook('Mutating', 'injector'),
  policy('images', { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }),
  networkPolicyIn('shop', 'deny'),
  quotaIn('shop', 'limit', 1000),
  ...['web.1', 'web.2'].map((name) => event('shop', name, 'web-0')),
  claimIn('shop', 'data'),
];
