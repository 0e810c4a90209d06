import { foundation } from '../foundation.ts';
import { configMap, container, goodSpec, named, workload } from '../objects.ts';
import { hook, policy, policyBinding } from '../setup-admission.ts';
import { endpointSliceIn, ingressIn, networkPolicyIn, serviceIn } from '../setup-network.ts';
import { event, podIn, podOn, tokensOf, workloadIn } from '../setup-pods.ts';
import { claimIn, kind, leaseIn, make, openNamespace, secret, settings } from '../setup-steps.ts';
import type { Step } from '../step.ts';
import { secondRights } from './cluster-rights.ts';
import { accounts, secondIdentities } from './identities.ts';

const namespaces = [
  ...[
    'payments',
    'data',
    'gitlab-runner',
    'longhorn-system',
    'flux-system',
    'cert-manager',
    'monitoring',
    'velero',
    'external-secrets',
  ],
  ...['kyverno', 'istio-system', 'headlamp', 'cattle-system', 'tools', 'keda', 'fleet', 'falco', 'logging', 'ingress-nginx'],
];
const more = [
  ['payments', 'payments-admin'],
  ['kube-system', 'daemon-set-controller'],
  ['kube-system', 'clusterrole-aggregation-controller'],
] as const;
const onNode = podOn('worker-1');

const objects: readonly Step[] = [
  ...['checkout-api-1', 'etcd-x'].map((name) => onNode('payments', name)),
  podIn('payments', 'waiting'),
  onNode('kube-system', 'etcd-cp-1'),
  onNode('gitlab-runner', 'build-0'),
  ...Array.from({ length: 32 }, (_, n) => onNode('fleet', `unit-${n}`)),
  ...Array.from({ length: 12 }, (_, n) => onNode('fleet', `spare-${n}`)),
  ...Array.from({ length: 18 }, (_, n) => secret('payments', `key-${n}`)),
  secret('data', 'postgres'),
  workloadIn('payments', 'Deployment', 'checkout-api', { containers: [container({ securityContext: { privileged: false } })] }),
  workloadIn('payments', 'Deployment', 'checkout-web'),
  workloadIn('kyverno', 'Deployment', 'kyverno-admission-controller'),
  make('/apis/apps/v1/namespaces/payments/deployments', {
    ...workload('Deployment', 'delivered', goodSpec()),
    metadata: {
      name: 'delivered',
      labels: { 'app.kubernetes.io/managed-by': 'Helm', 'kustomize.toolkit.fluxcd.io/name': 'apps' },
    },
  }),
  workloadIn('data', 'StatefulSet', 'postgres'),
  workloadIn('falco', 'DaemonSet', 'falco'),
  workloadIn('falco', 'DaemonSet', 'sensor'),
  workloadIn('logging', 'DaemonSet', 'fluent-bit'),
  workloadIn('kube-system', 'DaemonSet', 'kube-proxy'),
  serviceIn('payments', 'checkout'),
  networkPolicyIn('payments', 'deny'),
  ingressIn('payments', 'shop', 'x', 'checkout'),
  make('/api/v1/namespaces/payments/limitranges', {
    ...named('LimitRange', 'limits'),
    spec: { limits: [{ type: 'Container', max: { cpu: '4' } }] },
  }),
  endpointSliceIn('payments', 'checkout-1', 'checkout', '10.1.0.9'),
  ...[
    'coredns',
    'kubeadm-config',
    'kubelet-config',
    'kube-proxy',
    'extension-apiserver-authentication',
    'cluster-autoscaler-status',
  ].map((name) => settings('kube-system', name)),
  make('/api/v1/namespaces/kube-public/configmaps', configMap('cluster-info', { kubeconfig: 'a' })),
  leaseIn('kube-system', 'kube-scheduler'),
  ...['checkout.0', 'checkout.1', 'checkout.2'].map((name) => event('payments', name, 'checkout-api-0')),
  make('/api/v1/persistentvolumes', {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'orders' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'v' } },
  }),
  claimIn('data', 'orders'),
];

/** What the cluster of the second campaign holds before the story begins; findings about it do not count. */
export const secondCluster: readonly Step[] = [
  ...foundation({
    namespaces: namespaces.map(openNamespace),
    withDefault: ['default', 'kube-system', ...namespaces],
    accounts: [...accounts, ...more],
    nodes: ['worker-1', 'worker-3', 'cp-1'],
    rights: secondRights,
    running: accounts,
  }),
  ...objects,
  kind('velero.io', 'backups', 'Backup'),
  kind('kyverno.io', 'policies', 'Policy'),
  kind('source.toolkit.fluxcd.io', 'gitrepositories', 'GitRepository'),
  kind('cert-manager.io', 'certificates', 'Certificate'),
  kind('external-secrets.io', 'externalsecrets', 'ExternalSecret'),
  hook('Mutating', 'sidecars'),
  hook('Validating', 'kyverno'),
  hook('Validating', 'cert-manager-webhook'),
  hook('Mutating', 'istio-sidecar-injector'),
  policy('no-latest'),
  policyBinding('no-latest'),
];

export const secondTokens = tokensOf(secondIdentities);
