import { admission, configMap, container, goodSpec, lease, named, networkPolicy, pod, service, workload } from '../objects.ts';
import { account, hook, kind, make, node, openNamespace, runsIn, tokensOf } from '../setup-steps.ts';
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
const inNamespace = (namespace: string, name: string, nodeName = 'worker-1'): Step =>
  make(`/api/v1/namespaces/${namespace}/pods`, pod(name, goodSpec({ nodeName })));
const deployment = (namespace: string, name: string, spec: object = goodSpec()): Step =>
  make(`/apis/apps/v1/namespaces/${namespace}/deployments`, workload('Deployment', name, spec));
const daemons = (namespace: string, name: string): Step =>
  make(`/apis/apps/v1/namespaces/${namespace}/daemonsets`, workload('DaemonSet', name, goodSpec()));

const objects: readonly Step[] = [
  ...['checkout-api-1', 'etcd-x'].map((name) => inNamespace('payments', name)),
  make('/api/v1/namespaces/payments/pods', pod('waiting', goodSpec())),
  inNamespace('kube-system', 'etcd-cp-1'),
  inNamespace('gitlab-runner', 'build-0'),
  ...Array.from({ length: 32 }, (_, n) => inNamespace('fleet', `unit-${n}`)),
  ...Array.from({ length: 12 }, (_, n) => inNamespace('fleet', `spare-${n}`)),
  ...Array.from({ length: 18 }, (_, n) =>
    make('/api/v1/namespaces/payments/secrets', { ...named('Secret', `key-${n}`), stringData: { a: 'b' } }),
  ),
  make('/api/v1/namespaces/data/secrets', { ...named('Secret', 'postgres'), stringData: { a: 'b' } }),
  deployment('payments', 'checkout-api', { containers: [container({ securityContext: { privileged: false } })] }),
  deployment('payments', 'checkout-web'),
  deployment('kyverno', 'kyverno-admission-controller'),
  make('/apis/apps/v1/namespaces/payments/deployments', {
    ...workload('Deployment', 'delivered', goodSpec()),
    metadata: {
      name: 'delivered',
      labels: { 'app.kubernetes.io/managed-by': 'Helm', 'kustomize.toolkit.fluxcd.io/name': 'apps' },
    },
  }),
  make('/apis/apps/v1/namespaces/data/statefulsets', workload('StatefulSet', 'postgres', goodSpec())),
  daemons('falco', 'falco'),
  daemons('falco', 'sensor'),
  daemons('logging', 'fluent-bit'),
  daemons('kube-system', 'kube-proxy'),
  make('/api/v1/namespaces/payments/services', service('checkout', {})),
  make('/apis/networking.k8s.io/v1/namespaces/payments/networkpolicies', networkPolicy('deny')),
  make('/apis/networking.k8s.io/v1/namespaces/payments/ingresses', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'shop' },
    spec: { tls: [{ secretName: 'x' }], defaultBackend: { service: { name: 'checkout', port: { number: 80 } } } },
  }),
  make('/api/v1/namespaces/payments/limitranges', {
    ...named('LimitRange', 'limits'),
    spec: { limits: [{ type: 'Container', max: { cpu: '4' } }] },
  }),
  make('/apis/discovery.k8s.io/v1/namespaces/payments/endpointslices', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'checkout-1', labels: { 'kubernetes.io/service-name': 'checkout' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.0.9'] }],
    ports: [{ port: 80 }],
  }),
  ...[
    'coredns',
    'kubeadm-config',
    'kubelet-config',
    'kube-proxy',
    'extension-apiserver-authentication',
    'cluster-autoscaler-status',
  ].map((name) => make('/api/v1/namespaces/kube-system/configmaps', configMap(name, { a: 'b' }))),
  make('/api/v1/namespaces/kube-public/configmaps', configMap('cluster-info', { kubeconfig: 'a' })),
  make('/apis/coordination.k8s.io/v1/namespaces/kube-system/leases', lease('kube-scheduler')),
  ...['checkout.0', 'checkout.1', 'checkout.2'].map((name) =>
    make('/api/v1/namespaces/payments/events', {
      ...named('Event', name),
      involvedObject: { kind: 'Pod', name: 'checkout-api-0', namespace: 'payments' },
    }),
  ),
  make('/api/v1/persistentvolumes', {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'orders' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'v' } },
  }),
  make('/api/v1/namespaces/data/persistentvolumeclaims', {
    ...named('PersistentVolumeClaim', 'orders'),
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
];

/** What the cluster of the second campaign holds before the story begins; findings about it do not count. */
export const secondCluster: readonly Step[] = [
  ...namespaces.map(openNamespace),
  ...['default', 'kube-system', ...namespaces].map((name) => account([name, 'default'])),
  ...[...accounts, ...more].map(account),
  ...['worker-1', 'worker-3', 'cp-1'].flatMap(node),
  ...secondRights,
  ...accounts.map(runsIn('worker-1')),
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
  make(`${admission}/validatingadmissionpolicies`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'no-latest' },
    spec: {
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['nothing.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothings'] },
        ],
      },
      validations: [{ expression: 'true' }],
    },
  }),
  make(`${admission}/validatingadmissionpolicybindings`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'no-latest' },
    spec: { policyName: 'no-latest', validationActions: ['Audit'] },
  }),
];

export const secondTokens = tokensOf(secondIdentities);
