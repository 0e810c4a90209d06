import { asks } from '../ask.ts';
import {
  accessReview,
  admission,
  configMap,
  eviction,
  goodSpec,
  lease,
  named,
  networkPolicy,
  owned,
  pod,
  quota,
  rbac,
  role,
  roleBinding,
  rule,
  selfAccessReview,
  service,
  tokenReview,
  workload,
} from '../objects.ts';
import { apps, core, reviews } from '../places.ts';
import { agentOf, clients, type Step } from '../step.ts';

const authentication = '/apis/authentication.k8s.io/v1';
const watch = 'watch=true&timeoutSeconds=1';
const monitoring = asks('metricsOperator', 'PrometheusOperator/0.85.0');
const state = asks('stateMetrics', 'kube-state-metrics/v2.16.0');
const metricsServer = asks('metricsServer', 'metrics-server/v0.8.0 (linux/amd64) kubernetes/abc');
const autoscaler = asks('clusterAutoscaler', 'cluster-autoscaler/v1.33.0');
const updater = asks('autoscalerUpdater', agentOf('vpa-updater'));
const velero = asks('velero', 'velero-server/v1.16.1 (linux/amd64)');
const kyverno = asks('kyverno', agentOf('kyverno'));
const istiod = asks('istiod', 'pilot-discovery/1.27.0');
const provisioner = asks('provisioner', 'csi-provisioner/v5.3.0');
const dashboard = asks('dashboard', agentOf('headlamp-server'));
const rancher = asks('rancher', 'rancher/v0.0.0 (linux/amd64) kubernetes/$Format cluster c-x');
const keda = asks('keda', agentOf('keda'));
const database = asks('database', 'OpenAPI-Generator/32.0.0/python');
const garbage = asks('garbage', clients.controllers);
const sets = asks('statefulSets', clients.controllers);
const longhorn = asks('longhorn', agentOf('longhorn-manager'));

const seeing: readonly Step[] = [
  ...[
    'pods',
    'nodes',
    'services',
    'configmaps',
    'secrets',
    'namespaces',
    'persistentvolumes',
    'endpoints',
    'serviceaccounts',
  ].map((kind) => state.get(`all ${kind} counted`, `/api/v1/${kind}?limit=500`)),
  ...['secrets', 'configmaps', 'pods'].map((kind) =>
    state.get(`all ${kind} watched`, `/api/v1/${kind}?${watch}`, { isStream: true }),
  ),
  monitoring.put('configuration of the monitoring', `${core('monitoring')}/secrets/prometheus-config`, {
    ...named('Secret', 'prometheus-config'),
    stringData: { a: 'b' },
  }),
  monitoring.post('monitoring set up', `${apps('monitoring')}/statefulsets`, workload('StatefulSet', 'prometheus', goodSpec())),
  monitoring.put('endpoints of kubelets', `${core('kube-system')}/endpoints/kubelet`, {
    ...named('Endpoints', 'kubelet'),
    subsets: [{ addresses: [{ ip: '10.0.0.5' }], ports: [{ port: 10250 }] }],
  }),
  metricsServer.get('metrics of a node', '/api/v1/nodes/worker-1/metrics', { times: 3 }),
  metricsServer.get('who may be trusted', `${core('kube-system')}/configmaps/extension-apiserver-authentication`),
  metricsServer.post(
    'access of a caller',
    `${reviews}/subjectaccessreviews`,
    accessReview('system:serviceaccount:kube-system:horizontal-pod-autoscaler', 'list', 'pods'),
    { times: 4 },
  ),
  metricsServer.post('token of a caller', `${authentication}/tokenreviews`, tokenReview, { times: 4 }),
  keda.put('scaled by events', `${apps('payments')}/deployments/checkout-web/scale`, {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name: 'checkout-web', namespace: 'payments' },
    spec: { replicas: 0 },
  }),
];

const scaling: readonly Step[] = [
  autoscaler.get('nodes', '/api/v1/nodes?limit=500'),
  autoscaler.json('node marked', '/api/v1/nodes/worker-1', [
    { op: 'add', path: '/spec/taints', value: [{ key: 'ToBeDeletedByClusterAutoscaler', value: '1', effect: 'NoSchedule' }] },
  ]),
  autoscaler.post('pods driven out', `${core('fleet')}/pods/spare-{n}/eviction`, eviction('spare-{n}', 'fleet'), { times: 2 }),
  autoscaler.json('node unmarked', '/api/v1/nodes/worker-1', [{ op: 'replace', path: '/spec/taints', value: [] }]),
  autoscaler.put(
    'state of the autoscaler',
    `${core('kube-system')}/configmaps/cluster-autoscaler-status`,
    configMap('cluster-autoscaler-status', { a: 'b' }),
  ),
  updater.post('pod driven out for a new size', `${core('fleet')}/pods/spare-2/eviction`, eviction('spare-2', 'fleet')),
];

const keeping: readonly Step[] = [
  ...['secrets', 'configmaps', 'pods', 'services', 'serviceaccounts', 'persistentvolumeclaims', 'events'].map((kind) =>
    velero.get(`backup of ${kind}`, `/api/v1/${kind}?limit=500`),
  ),
  velero.get('backup of roles', `${rbac()}/clusterroles`),
  velero.get('backup of bindings', `${rbac()}/clusterrolebindings`),
  velero.post(
    'backup noted',
    '/apis/velero.io/v1/namespaces/velero/backups',
    { apiVersion: 'velero.io/v1', kind: 'Backup', metadata: { name: 'nightly-{n}' } },
    { times: 2 },
  ),
  velero.remove('old backup removed', '/apis/velero.io/v1/namespaces/velero/backups/nightly-0'),
  velero.open(
    'database brought to rest',
    `${core('data')}/pods/postgres-operator-0/exec?command=%2Fsbin%2Ffsfreeze&command=--freeze&stdout=true`,
  ),
  provisioner.post(
    'volume made',
    '/api/v1/persistentvolumes',
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pvc-{n}' },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'v{n}' },
      },
    },
    { times: 2 },
  ),
  provisioner.remove('volume gone', '/api/v1/persistentvolumes/pvc-0'),
  longhorn.post(
    'volume manager on every node',
    `${apps('longhorn-system')}/daemonsets`,
    workload('DaemonSet', 'longhorn-csi', goodSpec()),
  ),
  longhorn.post(
    'machine of a volume',
    `${core('longhorn-system')}/pods`,
    pod(
      'instance-manager-{n}',
      {
        ...goodSpec(),
        nodeName: 'worker-1',
        containers: [{ name: 'im', image: 'longhornio/instance-manager:v1.9', securityContext: { privileged: true } }],
      },
      owned('InstanceManager', 'im'),
    ),
  ),
  database.get('lease of the database', `${core('data')}/endpoints/orders`, { times: 3 }),
  database.post('endpoints of the database', `${core('data')}/endpoints`, {
    ...named('Endpoints', 'orders'),
    subsets: [{ addresses: [{ ip: '10.1.0.3' }], ports: [{ port: 5432 }] }],
  }),
  database.post('cluster of the database', `${apps('data')}/statefulsets`, workload('StatefulSet', 'orders', goodSpec())),
  database.get('password of the database', `${core('data')}/secrets/postgres`, { times: 3 }),
  sets.post('pod of a set', `${core('data')}/pods`, pod('orders-0', goodSpec(), owned('StatefulSet', 'orders'))),
  garbage.remove('orphans removed', `${core('data')}/pods/orders-9`, { times: 2 }),
];

const guarding: readonly Step[] = [
  kyverno.json('webhook kept up to date', `${admission}/validatingwebhookconfigurations/kyverno`, [
    { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
  ]),
  kyverno.post(
    'access of a policy',
    `${reviews}/subjectaccessreviews`,
    accessReview('system:serviceaccount:kyverno:kyverno-background-controller', 'list', 'pods'),
    { times: 6 },
  ),
  kyverno.post('own access', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('get', 'pods'), { times: 3 }),
  kyverno.post(
    'policy of a new namespace',
    '/apis/networking.k8s.io/v1/namespaces/catalogue/networkpolicies',
    networkPolicy('default-deny'),
  ),
  kyverno.post('quota of a new namespace', `${core('catalogue')}/resourcequotas`, quota('q', 10)),
  istiod.json('authority of the mesh injected', `${admission}/mutatingwebhookconfigurations/istio-sidecar-injector`, [
    { op: 'add', path: '/metadata/annotations', value: { a: 'b' } },
  ]),
  istiod.post(
    'authority of the mesh for a namespace',
    `${core('catalogue')}/configmaps`,
    configMap('istio-ca-root-cert', { 'root-cert.pem': '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n' }),
  ),
  istiod.post('token of a sidecar', `${authentication}/tokenreviews`, tokenReview, { times: 4 }),
  istiod.get('secrets for gateways', `/api/v1/secrets?${watch}&fieldSelector=type%3Dkubernetes.io%2Ftls`, { isStream: true }),
  istiod.put(
    'leader of the mesh',
    '/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/istio-leader',
    lease('istio-leader'),
  ),
  istiod.apply('address of a gateway', `${core('istio-system')}/services/gateway`, service('gateway', { type: 'LoadBalancer' })),
];

const seenBy = { headers: { 'impersonate-user': 'priya@harbour.example', 'impersonate-group': 'payments-developers' } };
const windows: readonly Step[] = [
  dashboard.post('what the viewer may do', `${reviews}/selfsubjectrulesreviews`, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace: 'default' },
  }),
  ...['pods', 'services', 'configmaps', 'namespaces', 'nodes', 'events', 'persistentvolumeclaims'].map((kind) =>
    dashboard.get(`board of ${kind}`, `/api/v1/${kind}?limit=500`),
  ),
  rancher.get('pods for a viewer', `${core('payments')}/pods?limit=500`, { ...seenBy, times: 4 }),
  rancher.post('what a viewer may do', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('list', 'pods'), {
    ...seenBy,
    times: 5,
  }),
  rancher.post(
    'rights of a project member',
    `${rbac('payments')}/rolebindings`,
    roleBinding('rb-priya', 'payments-developer', ['User', 'priya@harbour.example']),
  ),
  rancher.post('role of a project', `${rbac('payments')}/roles`, role('project', [rule('', ['pods'], ['get'])])),
];

/** What runs the platform: monitoring, scaling, backup, storage, policies, mesh and dashboards. */
export const platformSteps: readonly Step[] = [...seeing, ...scaling, ...keeping, ...guarding, ...windows];
