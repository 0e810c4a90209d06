import { asks } from '../ask.ts';
import type { Identity } from '../identities.ts';
import {
  certificateRequest,
  clusterRole,
  endpointSlice,
  eventAbout,
  goodSpec,
  job,
  lease,
  named,
  owned,
  pod,
  rbac,
  rule,
  tokenRequest,
  workload,
} from '../objects.ts';
import { apps, batch, certificates, core } from '../places.ts';
import type { Step } from '../step.ts';

const part = (who: Identity, name: string) =>
  asks(who, `kube-controller-manager/v1.37.2 (linux/amd64) kubernetes/3a1b2c3/system:serviceaccount:kube-system:${name}`);
const deployments = part('deployments4', 'deployment-controller');
const replicas = part('replicas4', 'replicaset-controller');
const statefuls = part('statefuls4', 'statefulset-controller');
const daemons = part('daemons4', 'daemon-set-controller');
const jobs = part('jobs4', 'job-controller');
const crons = part('crons4', 'cronjob-controller');
const endpoints = part('endpoints4', 'endpointslice-controller');
const nodes = part('nodes4', 'node-controller');
const hpa = part('hpa4', 'horizontal-pod-autoscaler');
const garbage = part('garbage4', 'generic-garbage-collector');
const namespaces = part('namespaces4', 'namespace-controller');
const accounts = part('tokens4', 'service-account-controller');
const aggregator = part('aggregator4', 'clusterrole-aggregation-controller');
const cleaner = part('cleaner4', 'ttl-after-finished-controller');
const manager = asks('manager4', 'kube-controller-manager/v1.37.2 (linux/amd64) kubernetes/3a1b2c3');
const scheduler = asks('scheduler4', 'kube-scheduler/v1.37.2 (linux/amd64) kubernetes/3a1b2c3/scheduler');
const server = asks('apiserver4', 'kube-apiserver/v1.37.2 (linux/amd64) kubernetes/3a1b2c3');
const kubelet = asks('kubeA', 'kubelet/v1.37.2 (linux/amd64) kubernetes/3a1b2c3');
const other = asks('kubeB', 'kubelet/v1.36.4 (linux/amd64) kubernetes/4a1b2c3');
const fresh = asks('newcomer', 'kubelet/v1.37.2 (linux/amd64) kubernetes/3a1b2c3');
const kubeadm = asks('newcomer', 'kubeadm/v1.37.2 (linux/amd64) kubernetes/3a1b2c3');
const joined = asks('kubeNew', 'kubelet/v1.37.2 (linux/amd64) kubernetes/3a1b2c3');
const leases = (namespace: string): string => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const one = '/api/v1/nodes/ip-10-4-0-1';
const ownedPod = (name: string, kind: string, owner: string, spec: object = goodSpec()): object =>
  pod(name, spec, owned(kind, owner));
const running = { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], podIP: '10.2.0.9' } };

/** The control plane and its nodes. */
export const planeSteps: readonly Step[] = [
  deployments.post('a replica set', `${apps('orders')}/replicasets`, {
    ...workload('ReplicaSet', 'cart-api-7d9', goodSpec()),
    metadata: { name: 'cart-api-7d9', ...owned('Deployment', 'cart-api') },
  }),
  deployments.put('the state', `${apps('orders')}/deployments/cart-api/status`, workload('Deployment', 'cart-api', goodSpec())),
  deployments.merge('fewer of the old', `${apps('orders')}/replicasets/cart-api-7d9`, { spec: { replicas: 0 } }),
  replicas.post('pods', `${core('orders')}/pods`, ownedPod('cart-api-7d9-{n}', 'ReplicaSet', 'cart-api-7d9'), { times: 4 }),
  replicas.remove('a pod too many', `${core('orders')}/pods/cart-api-7d9-3`),
  replicas.post(
    'pods of the name service',
    `${core('kube-system')}/pods`,
    ownedPod('coredns-5d78c9869d-zzz11', 'ReplicaSet', 'coredns-5d78c9869d'),
  ),
  statefuls.post('a pod of a database', `${core('production')}/pods`, ownedPod('db-1', 'StatefulSet', 'db')),
  daemons.post(
    'a pod on each node',
    `${core('kube-system')}/pods`,
    ownedPod('kube-proxy-c4n7x', 'DaemonSet', 'kube-proxy', {
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      tolerations: [{ operator: 'Exists' }],
      containers: [{ name: 'kube-proxy', image: 'registry.k8s.io/kube-proxy:v1.37.2', securityContext: { privileged: true } }],
    }),
  ),
  daemons.remove('a pod of the old version', `${core('kube-system')}/pods/kube-proxy-c4n7x`),
  daemons.post('a record of a version', `${apps('kube-system')}/controllerrevisions`, {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { name: 'kube-proxy-1' },
    revision: 1,
  }),
  crons.post('a job of the night', `${batch('orders')}/jobs`, {
    ...job('nightly-29530', goodSpec()),
    metadata: { name: 'nightly-29530', ...owned('CronJob', 'nightly') },
  }),
  crons.put('the state', `${batch('orders')}/cronjobs/nightly/status`, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly' },
    spec: { schedule: '0 2 * * *', jobTemplate: { spec: { template: { spec: { ...goodSpec(), restartPolicy: 'Never' } } } } },
  }),
  jobs.post(
    'its pod',
    `${core('orders')}/pods`,
    ownedPod('nightly-29530-x', 'Job', 'nightly-29530', { ...goodSpec(), restartPolicy: 'Never' }),
  ),
  jobs.strategic('it is done', `${core('orders')}/pods/nightly-29530-x`, { metadata: { finalizers: null } }),
  cleaner.remove('jobs of the past', `${batch('orders')}/jobs/nightly-29530`),
  endpoints.post(
    'slices',
    '/apis/discovery.k8s.io/v1/namespaces/orders/endpointslices',
    endpointSlice('cart-api-x', 'cart-api', '10.2.0.9'),
  ),
  endpoints.put(
    'slices anew',
    '/apis/discovery.k8s.io/v1/namespaces/orders/endpointslices/cart-api-x',
    endpointSlice('cart-api-x', 'cart-api', '10.2.0.10'),
  ),
  nodes.strategic('a node does not answer', '/api/v1/nodes/ip-10-4-0-2', {
    spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] },
  }),
  nodes.strategic('it does again', '/api/v1/nodes/ip-10-4-0-2', { spec: { taints: null } }),
  hpa.get('how many', `${apps('orders')}/deployments/gateway/scale`),
  hpa.put('more', `${apps('orders')}/deployments/gateway/scale`, {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name: 'gateway', namespace: 'orders' },
    spec: { replicas: 6 },
  }),
  hpa.get('load of pods', '/apis/metrics.k8s.io/v1beta1/namespaces/orders/pods?labelSelector=app%3Dgateway'),
  garbage.get('kinds', '/apis?timeout=30s'),
  garbage.remove('what has no owner', `${apps('orders')}/replicasets/cart-api-7d9`),
  garbage.remove('many that have none', `${core('orders')}/pods/cart-api-7d9-{n}`, { times: 3 }),
  namespaces.remove('what was in a namespace: pods', `${core('preview-42')}/pods`),
  namespaces.remove('secrets', `${core('preview-42')}/secrets`),
  namespaces.remove('events', `${core('preview-42')}/events`),
  namespaces.remove('bindings', `${rbac('preview-42')}/rolebindings`),
  accounts.post('an account for a new namespace', `${core('preview-42')}/serviceaccounts`, named('ServiceAccount', 'default')),
  aggregator.put(
    'a role out of others',
    `${rbac()}/clusterroles/view`,
    clusterRole('view', [rule('', ['pods', 'configmaps'], ['get', 'list', 'watch'])], {
      labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
    }),
  ),
  manager.get('all kinds of objects', '/apis/metadata.example.com/v1'),
  manager.get('all secrets, for its caches', '/api/v1/secrets?allowWatchBookmarks=true&watch=true&timeoutSeconds=1', {
    isStream: true,
  }),
  manager.post('tokens of controllers', `${core('kube-system')}/serviceaccounts/replicaset-controller/token`, tokenRequest(3600)),
  manager.get('a lock', `${leases('kube-system')}/kube-controller-manager`),
  scheduler.get('pods, watched', '/api/v1/pods?fieldSelector=status.phase%21%3DSucceeded&watch=true&timeoutSeconds=1', {
    isStream: true,
  }),
  scheduler.post('a pod goes to a node', `${core('orders')}/pods/nightly-29530-x/binding`, {
    ...named('Binding', 'nightly-29530-x'),
    target: { apiVersion: 'v1', kind: 'Node', name: 'ip-10-4-0-1' },
  }),
  scheduler.strategic('a pod fits nowhere', `${core('orders')}/pods/waiting/status`, {
    status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
  }),
  scheduler.post('says so', '/apis/events.k8s.io/v1/namespaces/orders/events', {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'waiting.1' },
    eventTime: '2026-11-30T00:00:00.000000Z',
    reportingController: 'default-scheduler',
    reportingInstance: 's',
    action: 'Scheduling',
    reason: 'FailedScheduling',
    type: 'Warning',
    regarding: { kind: 'Pod', name: 'waiting', namespace: 'orders' },
  }),
  server.get(
    'its own objects',
    '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations?watch=true&timeoutSeconds=1',
    { isStream: true },
  ),
  server.put('where it is', `${leases('kube-system')}/apiserver-abc`, lease('apiserver-abc')),
  kubelet.get('its node', `${one}?resourceVersion=0`),
  kubelet.merge('its state', `${one}/status`, {
    status: { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }] },
  }),
  kubelet.get('its pods', '/api/v1/pods?fieldSelector=spec.nodeName%3Dip-10-4-0-1&limit=500'),
  kubelet.strategic('the state of a pod', `${core('orders')}/pods/payments-0/status`, running),
  kubelet.strategic('the state of many', `${core('orders')}/pods/batch-{n}/status`, running, { times: 5 }),
  kubelet.post(
    'a token for a pod',
    `${core('orders')}/serviceaccounts/basket/token`,
    tokenRequest(3607, { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'basket-0', uid: 'UID-OF-BASKET' } }),
  ),
  kubelet.post('says that a picture is there', `${core('orders')}/events`, eventAbout('orders', 'payments-0.1', 'payments-0')),
  kubelet.post('whose is this token?', '/apis/authentication.k8s.io/v1/tokenreviews', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token: 'x' },
  }),
  kubelet.post('may the one who scrapes?', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user: 'system:serviceaccount:monitoring:prometheus', nonResourceAttributes: { path: '/metrics', verb: 'get' } },
  }),
  kubelet.post(
    'a pod from a file',
    `${core('kube-system')}/pods`,
    pod(
      'kube-apiserver-ip-10-4-0-1',
      {
        nodeName: 'ip-10-4-0-1',
        hostNetwork: true,
        priorityClassName: 'system-node-critical',
        containers: [{ name: 'kube-apiserver', image: 'registry.k8s.io/kube-apiserver:v1.37.2' }],
      },
      {
        annotations: {
          'kubernetes.io/config.source': 'file',
          'kubernetes.io/config.hash': 'a',
          'kubernetes.io/config.mirror': 'a',
        },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'ip-10-4-0-1', uid: 'UID-OF-IP-10-4-0-1', controller: true }],
      },
    ),
  ),
  kubelet.remove('a pod that is over', `${core('orders')}/pods/batch-11?gracePeriodSeconds=0`),
  kubelet.post(
    'a certificate for its server',
    certificates,
    certificateRequest('csr-1', 'CSR-FOR-IP-1', 'kubernetes.io/kubelet-serving', [
      'digital signature',
      'key encipherment',
      'server auth',
    ]),
  ),
  other.post(
    'a certificate anew',
    certificates,
    certificateRequest('csr-2', 'CSR-FOR-IP-2', 'kubernetes.io/kube-apiserver-client-kubelet', [
      'digital signature',
      'client auth',
    ]),
  ),
  other.merge('its state', '/api/v1/nodes/ip-10-4-0-2/status', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
  other.get('classes of drivers', '/apis/storage.k8s.io/v1/csidrivers?watch=true&timeoutSeconds=1', { isStream: true }),
  kubeadm.get('what the cluster is', `${core('kube-public')}/configmaps/cluster-info`),
  kubeadm.get('settings for joining', `${core('kube-system')}/configmaps/kubeadm-config`),
  kubeadm.get('settings of the kubelet', `${core('kube-system')}/configmaps/kubelet-config`),
  kubeadm.get('is the name free?', '/api/v1/nodes/ip-10-4-0-3'),
  fresh.post(
    'a first certificate',
    certificates,
    certificateRequest('csr-3', 'CSR-FOR-IP-3', 'kubernetes.io/kube-apiserver-client-kubelet', [
      'digital signature',
      'client auth',
    ]),
  ),
  joined.post('the node joins', '/api/v1/nodes', named('Node', 'ip-10-4-0-3')),
  joined.put('its lease', `${leases('kube-node-lease')}/ip-10-4-0-3`, lease('ip-10-4-0-3')),
  joined.post('is known to the storage', '/apis/storage.k8s.io/v1/csinodes', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    metadata: { name: 'ip-10-4-0-3', ownerReferences: [] },
    spec: { drivers: [] },
  }),
];
