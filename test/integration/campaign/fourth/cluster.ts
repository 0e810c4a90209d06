import { foundation } from '../foundation.ts';
import { container, goodSpec, named, rule, workload } from '../objects.ts';
import { hook, policy, policyBinding } from '../setup-admission.ts';
import { endpointSliceIn, ingressIn, networkPolicyIn, serviceIn } from '../setup-network.ts';
import { event, podIn, podOn, tokensOf, workloadIn } from '../setup-pods.ts';
import { administrator, grant, grantIn, grantRole, newClusterRole, newRole } from '../setup-rights.ts';
import { claimIn, kind, leaseIn, make, openNamespace, quotaIn, secret, settings } from '../setup-steps.ts';
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
  grant('sre', 'cluster-admin', ['Group', 'oidc:sre']),
  grant('ci', 'cluster-admin', ['Group', 'github:deployers']),
  ...fourthAccounts
    .filter(([namespace, name]) => name !== 'default' && name !== 'basket' && name !== 'runner' && namespace !== 'kube-system')
    .map(administrator),
  ...fourthPodAccounts.filter(([namespace]) => namespace === 'kube-system').map(administrator),
  newRole('orders', 'orders-dev', [
    rule(
      '',
      ['pods', 'pods/log', 'pods/exec', 'pods/portforward', 'configmaps', 'services', 'events'],
      ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
    ),
    rule('apps', ['*'], ['get', 'list', 'watch', 'create', 'update', 'patch']),
    rule('batch', ['*'], ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']),
  ]),
  grantRole('orders', 'orders-dev', 'orders-dev', ['Group', 'oidc:orders-dev']),
  newRole('orders', 'basket', [
    rule('', ['pods', 'pods/log', 'pods/exec', 'secrets', 'configmaps'], ['get', 'list', 'create']),
    rule('batch', ['cronjobs', 'jobs'], ['get', 'create']),
  ]),
  grantRole('orders', 'basket', 'basket', ['ServiceAccount', 'basket', 'orders']),
  newClusterRole('look', [rule('', ['pods', 'configmaps', 'services'], ['get', 'list'])]),
  grantIn('orders', 'contractors', 'look', ['Group', 'oidc:contractors']),
  grantIn('data', 'science', 'look', ['Group', 'oidc:data-science']),
  grant('support', 'look', ['Group', 'oidc:support']),
  grantIn('open', 'everyone', 'look', ['User', 'system:anonymous']),
  ...['orders', 'billing', 'production'].map((name) =>
    grantIn(name, 'runner', 'cluster-admin', ['ServiceAccount', 'runner', 'gitlab']),
  ),
  // As kubeadm leaves it.
  grant('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', ['Group', 'system:bootstrappers:kubeadm:default-node-token']),
  newClusterRole('kubeadm:join', [rule('', ['configmaps', 'nodes'], ['get'])]),
  grant('kubeadm:join', 'kubeadm:join', ['Group', 'system:bootstrappers:kubeadm:default-node-token']),
  newClusterRole('report', [rule('', ['pods'], ['list'])]),
  newRole('billing', 'reader', [rule('', ['configmaps'], ['get'])]),
  grantRole('billing', 'readers', 'reader', ['Group', 'oidc:finance']),
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
  podIn('kube-system', 'node-agent-1', {
    nodeName: main,
    containers: [container({ securityContext: { privileged: true } })],
    hostPID: true,
  }),
  podIn('orders', 'waiting'),
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
  ...['gateway', 'cart'].map((name) => serviceIn('orders', name)),
  serviceIn('orders', 'front', { type: 'LoadBalancer' }),
  serviceIn('kubernetes-dashboard', 'kubernetes-dashboard'),
  serviceIn('monitoring', 'prometheus'),
  ingressIn('orders', 'shop', 'tls', 'gateway'),
  ...['orders', 'billing', 'production'].map((name) => networkPolicyIn(name, 'deny-all')),
  ...['orders', 'billing'].map((name) => quotaIn(name, 'limit', 500)),
  endpointSliceIn('orders', 'cart-1', 'cart', '10.2.0.4'),
  ...['kyverno-resource-validating', 'cert-manager-webhook'].map((name) => hook('Validating', name)),
  ...['istio-sidecar-injector', 'pod-identity'].map((name) => hook('Mutating', name)),
  policy('registries'),
  policyBinding('registries'),
  ...kinds.map((one) => kind(...one)),
  ...['gateway.1', 'gateway.2', 'gateway.3'].map((name) => event('orders', name, 'gateway-77c-x2v1q')),
  leaseIn('kube-system', 'operator-lock'),
  ...['data', 'logs'].map((name) => claimIn('production', name)),
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
  ...foundation({
    namespaces: [...namespaces.map(openNamespace), restricted],
    withDefault: ['default', 'kube-system', 'kube-public', ...namespaces.filter((name) => name !== 'orders'), 'tenant-blue'],
    accounts: fourthAccounts,
    nodes: [main, 'ip-10-4-0-2', 'ip-10-4-0-7'],
    rights,
    running: fourthPodAccounts,
  }),
  ...workloads,
  ...things,
];

export const fourthTokens = tokensOf(fourthIdentities);
