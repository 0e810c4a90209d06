import {
  binding,
  clusterRole,
  goodSpec,
  named,
  networkPolicy,
  pod,
  quota,
  rbac,
  role,
  roleBinding,
  rule,
  service,
} from './objects.ts';
import {
  account,
  administrator,
  event,
  hook,
  make,
  node,
  openNamespace,
  podOn,
  policy,
  secret,
  settings,
  workloadIn,
} from './setup-steps.ts';
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
  make(`${rbac()}/clusterrolebindings`, binding('platform-admins', 'cluster-admin', ['Group', 'platform'])),
  make(`${rbac('shop')}/rolebindings`, roleBinding('developers', 'shop-developer', ['Group', 'developers'])),
  make(`${rbac('open')}/rolebindings`, roleBinding('everybody', 'open-view', ['User', 'system:anonymous'])),
  ...[
    ['ops', 'backup'],
    ['argocd', 'argocd-application-controller'],
    ['cert-manager', 'cert-manager'],
    ['databases', 'postgres-operator'],
    ['ci', 'deployer'],
    ['monitoring', 'prometheus'],
  ].map(([namespace = '', name = '']) => administrator([namespace, name])),
  // The roles view and edit are filled by a controller that does not run here.
  make(`${rbac()}/clusterroles`, clusterRole('open-view', [rule('', ['configmaps'], ['get', 'list'])])),
  make(
    `${rbac()}/clusterroles`,
    clusterRole('shop-developer', [
      rule('', ['pods', 'pods/log', 'configmaps', 'services'], ['get', 'list', 'watch', 'create', 'patch', 'delete']),
      rule('apps', ['deployments', 'deployments/scale'], ['get', 'list', 'watch', 'create', 'update', 'patch']),
    ]),
  ),
  make(`${rbac('shop')}/roles`, role('reader', [rule('', ['pods'], ['get'])])),
  ...['web-0', 'old-0', 'old-1', ...Array.from({ length: 12 }, (_, n) => `many-${n}`)].map((name) => onNode('shop', name)),
  make('/api/v1/namespaces/shop/pods', pod('pending', goodSpec())),
  onNode('kube-system', 'coredns-0'),
  ...Array.from({ length: 20 }, (_, n) => secret('ops', `secret-${n}`)),
  ...['web', 'cart'].map((name) => workloadIn('shop', 'Deployment', name)),
  make('/api/v1/namespaces/shop/services', service('web', {})),
  make('/api/v1/namespaces/shop/services', service('lb', { type: 'LoadBalancer' })),
  ...['coredns', 'kubeadm-config', 'aws-auth'].map((name) => settings('kube-system', name)),
  hook('Validating', 'policy'),
  hook('Validating', 'cert-manager-webhook'),
  hook('Mutating', 'injector'),
  policy('images', { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }),
  make('/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies', networkPolicy('deny')),
  make('/api/v1/namespaces/shop/resourcequotas', quota('limit', 1000)),
  ...['web.1', 'web.2'].map((name) => event('shop', name, 'web-0')),
  make('/api/v1/namespaces/shop/persistentvolumeclaims', {
    ...named('PersistentVolumeClaim', 'data'),
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
];
