import {
  binding,
  clusterRole,
  container,
  endpointSlice,
  goodSpec,
  lease,
  named,
  networkPolicy,
  ownRoleBinding,
  pod,
  quota,
  rbac,
  role,
  roleBinding,
  rule,
  service,
  tlsIngress,
  workload,
} from '../objects.ts';
import {
  account,
  administrator,
  event,
  hook,
  kind,
  make,
  node,
  openNamespace,
  podOn,
  policy,
  policyBinding,
  runsIn,
  secret,
  settings,
  tokensOf,
  workloadIn,
} from '../setup-steps.ts';
import type { Step } from '../step.ts';
import { fourthAccounts, fourthIdentities, fourthPodAccounts } from './identities.ts';

const namespaces = [
  ...new Set([
    ...['orders', 'billing', 'production', 'data', 'open', 'preview-42', 'kubernetes-dashboard', 'legacy'],
    ...fourthAccounts.map(([namespace]) => namespace),
  ]),
].filter((name) => name !== 'kube-system');
const main = 'ip-10-4-0-1';
const onMain = podOn(main);
const managed = { 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/instance': 'ledger' };
const tracked = { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:production/storefront' };

const kinds: readonly (readonly [group: string, plural: string, name: string])[] = [
  ['argoproj.io', 'applications', 'Application'],
  ['argoproj.io', 'rollouts', 'Rollout'],
  ['kyverno.io', 'policies', 'Policy'],
  ['cert-manager.io', 'certificates', 'Certificate'],
  ['cert-manager.io', 'certificaterequests', 'CertificateRequest'],
  ['external-secrets.io', 'externalsecrets', 'ExternalSecret'],
  ['kafka.strimzi.io', 'kafkas', 'Kafka'],
  ['monitoring.coreos.com', 'servicemonitors', 'ServiceMonitor'],
  ['keda.sh', 'scaledobjects', 'ScaledObject'],
  ['velero.io', 'backups', 'Backup'],
  ['kustomize.toolkit.fluxcd.io', 'kustomizations', 'Kustomization'],
  ['sparkoperator.example.com', 'sparkapplications', 'SparkApplication'],
];

const rights: readonly Step[] = [
  make(`${rbac()}/clusterrolebindings`, binding('sre', 'cluster-admin', ['Group', 'oidc:sre'])),
  make(`${rbac()}/clusterrolebindings`, binding('ci', 'cluster-admin', ['Group', 'github:deployers'])),
  ...fourthAccounts
    .filter(([namespace, name]) => name !== 'default' && name !== 'basket' && name !== 'runner' && namespace !== 'kube-system')
    .map(administrator),
  ...fourthPodAccounts.filter(([namespace]) => namespace === 'kube-system').map(administrator),
  make(
    `${rbac('orders')}/roles`,
    role('orders-dev', [
      rule(
        '',
        ['pods', 'pods/log', 'pods/exec', 'pods/portforward', 'configmaps', 'services', 'events'],
        ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
      ),
      rule('apps', ['*'], ['get', 'list', 'watch', 'create', 'update', 'patch']),
      rule('batch', ['*'], ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']),
    ]),
  ),
  make(`${rbac('orders')}/rolebindings`, ownRoleBinding('orders-dev', 'orders-dev', ['Group', 'oidc:orders-dev'])),
  make(
    `${rbac('orders')}/roles`,
    role('basket', [
      rule('', ['pods', 'pods/log', 'pods/exec', 'secrets', 'configmaps'], ['get', 'list', 'create']),
      rule('batch', ['cronjobs', 'jobs'], ['get', 'create']),
    ]),
  ),
  make(`${rbac('orders')}/rolebindings`, ownRoleBinding('basket', 'basket', ['ServiceAccount', 'basket', 'orders'])),
  make(`${rbac()}/clusterroles`, clusterRole('look', [rule('', ['pods', 'configmaps', 'services'], ['get', 'list'])])),
  make(`${rbac('orders')}/rolebindings`, roleBinding('contractors', 'look', ['Group', 'oidc:contractors'])),
  make(`${rbac('data')}/rolebindings`, roleBinding('science', 'look', ['Group', 'oidc:data-science'])),
  make(`${rbac()}/clusterrolebindings`, binding('support', 'look', ['Group', 'oidc:support'])),
  make(`${rbac('open')}/rolebindings`, roleBinding('everyone', 'look', ['User', 'system:anonymous'])),
  ...['orders', 'billing', 'production'].map((name) =>
    make(`${rbac(name)}/rolebindings`, roleBinding('runner', 'cluster-admin', ['ServiceAccount', 'runner', 'gitlab'])),
  ),
  // As kubeadm leaves it.
  make(
    `${rbac()}/clusterrolebindings`,
    binding('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', [
      'Group',
      'system:bootstrappers:kubeadm:default-node-token',
    ]),
  ),
  make(`${rbac()}/clusterroles`, clusterRole('kubeadm:join', [rule('', ['configmaps', 'nodes'], ['get'])])),
  make(
    `${rbac()}/clusterrolebindings`,
    binding('kubeadm:join', 'kubeadm:join', ['Group', 'system:bootstrappers:kubeadm:default-node-token']),
  ),
  make(`${rbac()}/clusterroles`, clusterRole('report', [rule('', ['pods'], ['list'])])),
  make(`${rbac('billing')}/roles`, role('reader', [rule('', ['configmaps'], ['get'])])),
  make(`${rbac('billing')}/rolebindings`, ownRoleBinding('readers', 'reader', ['Group', 'oidc:finance'])),
];

const workloads: readonly Step[] = [
  ...['cart', 'gateway', 'mailer', 'search'].map((name) => workloadIn('orders', 'Deployment', name)),
  ...['ledger', 'invoices'].map((name) => workloadIn('billing', 'Deployment', name)),
  make('/apis/apps/v1/namespaces/production/deployments', {
    ...workload('Deployment', 'storefront', goodSpec()),
    metadata: { name: 'storefront', annotations: tracked, labels: { 'app.kubernetes.io/managed-by': 'argocd' } },
  }),
  make('/apis/apps/v1/namespaces/production/deployments', {
    ...workload('Deployment', 'ledger', goodSpec()),
    metadata: { name: 'ledger', labels: managed, annotations: { 'meta.helm.sh/release-name': 'ledger' } },
  }),
  workloadIn('production', 'StatefulSet', 'db'),
  workloadIn('kube-system', 'DaemonSet', 'kube-proxy'),
  workloadIn('kube-system', 'Deployment', 'coredns'),
  ...['cart-6d5f-abcde', 'gateway-77c-x2v1q', 'payments-0', ...Array.from({ length: 14 }, (_, n) => `batch-${n}`)].map((name) =>
    onMain('orders', name),
  ),
  ...['ledger-0', 'invoices-0'].map((name) => onMain('billing', name)),
  ...['storefront-0', 'db-0'].map((name) => onMain('production', name)),
  ...['coredns-5d78c9869d-7xk2p', 'kube-proxy-q8z4n', 'etcd-cp-1'].map((name) => onMain('kube-system', name)),
  make(
    '/api/v1/namespaces/kube-system/pods',
    pod('node-agent-1', { nodeName: main, containers: [container({ securityContext: { privileged: true } })], hostPID: true }),
  ),
  make('/api/v1/namespaces/orders/pods', pod('waiting', goodSpec())),
  make('/apis/batch/v1/namespaces/orders/cronjobs', {
    ...named('CronJob', 'nightly'),
    apiVersion: 'batch/v1',
    spec: { schedule: '0 2 * * *', jobTemplate: { spec: { template: { spec: { ...goodSpec(), restartPolicy: 'Never' } } } } },
  }),
];

const things: readonly Step[] = [
  ...Array.from({ length: 24 }, (_, n) => secret('billing', `card-key-${n}`)),
  ...['basket-db', 'stripe', 'tls'].map((name) => secret('orders', name)),
  ...['bootstrap-signer', 'registry-pull'].map((name) => secret('kube-system', name)),
  secret('production', 'db-root'),
  ...['coredns', 'aws-auth', 'kubeadm-config', 'kubelet-config', 'kube-proxy'].map((name) => settings('kube-system', name)),
  settings('orders', 'flags'),
  ...['gateway', 'cart'].map((name) => make('/api/v1/namespaces/orders/services', service(name, {}))),
  make('/api/v1/namespaces/orders/services', service('front', { type: 'LoadBalancer' })),
  make('/api/v1/namespaces/kubernetes-dashboard/services', service('kubernetes-dashboard', {})),
  make('/api/v1/namespaces/monitoring/services', service('prometheus', {})),
  make('/apis/networking.k8s.io/v1/namespaces/orders/ingresses', tlsIngress('shop', 'tls', 'gateway')),
  ...['orders', 'billing', 'production'].map((name) =>
    make(`/apis/networking.k8s.io/v1/namespaces/${name}/networkpolicies`, networkPolicy('deny-all')),
  ),
  ...['orders', 'billing'].map((name) => make(`/api/v1/namespaces/${name}/resourcequotas`, quota('limit', 500))),
  make('/apis/discovery.k8s.io/v1/namespaces/orders/endpointslices', endpointSlice('cart-1', 'cart', '10.2.0.4')),
  ...['kyverno-resource-validating', 'cert-manager-webhook'].map((name) => hook('Validating', name)),
  ...['istio-sidecar-injector', 'pod-identity'].map((name) => hook('Mutating', name)),
  policy('registries'),
  policyBinding('registries'),
  ...kinds.map((one) => kind(...one)),
  ...['gateway.1', 'gateway.2', 'gateway.3'].map((name) => event('orders', name, 'gateway-77c-x2v1q')),
  make('/apis/coordination.k8s.io/v1/namespaces/kube-system/leases', lease('operator-lock')),
  ...['data', 'logs'].map((name) =>
    make('/api/v1/namespaces/production/persistentvolumeclaims', {
      ...named('PersistentVolumeClaim', name),
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }),
  ),
  make('/apis/kyverno.io/v1/namespaces/orders/policies', {
    ...named('Policy', 'no-privileged'),
    apiVersion: 'kyverno.io/v1',
    spec: { validationFailureAction: 'Enforce' },
  }),
];

const restricted: Step = make(
  '/api/v1/namespaces',
  named('Namespace', 'tenant-blue', { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } }),
);

/** What the cluster of the fourth campaign holds before the story begins. */
export const fourthCluster: readonly Step[] = [
  ...namespaces.map(openNamespace),
  restricted,
  ...['default', 'kube-system', 'kube-public', ...namespaces.filter((name) => name !== 'orders'), 'tenant-blue'].map((name) =>
    account([name, 'default']),
  ),
  ...fourthAccounts.map(account),
  ...[main, 'ip-10-4-0-2', 'ip-10-4-0-7'].flatMap(node),
  ...rights,
  ...fourthPodAccounts.map(runsIn(main)),
  ...workloads,
  ...things,
];

export const fourthTokens = tokensOf(fourthIdentities);
