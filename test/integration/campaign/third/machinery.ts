import { type Asking, asks } from '../ask.ts';
import type { Identity } from '../identities.ts';
import {
  accessReview,
  certificateRequest,
  eventAbout,
  goodSpec,
  job,
  lease,
  named,
  owned,
  pod,
  tokenRequest,
  tokenReview,
  workload,
} from '../objects.ts';
import { certificates } from '../places.ts';
import { clients, type Step } from '../step.ts';

const kubelet = asks('nodeA1', clients.kubelet);
const newKubelet = asks('nodeA9', clients.kubelet);
const joiner = asks('joiner', clients.kubelet);
const joinerTool = asks('joiner', 'kubeadm/v1.37.2 (linux/amd64) kubernetes/3a1b2c3');
const manager = (who: Identity, name: string): Asking =>
  asks(who, `${clients.controllers}/system:serviceaccount:kube-system:${name}`);
const control = asks('control', `${clients.controllers}/leader-election`);
const tokens = asks('control', `${clients.controllers}/kube-controller-manager`);
const scheduler = asks('schedule', clients.scheduler);
const server = asks('server', 'kube-apiserver/v1.37.2 (linux/amd64) kubernetes/3a1b2c3');
const upgrade = asks('oncall', 'kubeadm/v1.37.3 (linux/amd64) kubernetes/aaaaaaa');
const core = '/api/v1';
const web = `${core}/namespaces/web`;
const system = `${core}/namespaces/kube-system`;
const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
const watch = 'watch=true&timeoutSeconds=1';

const nodes: readonly Step[] = [
  kubelet.get('own node', `${core}/nodes/pool-a-1?resourceVersion=0`, { times: 3 }),
  kubelet.strategic(
    'own status',
    `${core}/nodes/pool-a-1/status`,
    { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
    { times: 3 },
  ),
  kubelet.get('own pods', `${core}/pods?fieldSelector=spec.nodeName%3Dpool-a-1&${watch}`, { isStream: true }),
  kubelet.get('secret of an own pod', `${web}/secrets?fieldSelector=metadata.name%3Ddb-credentials&${watch}`, { isStream: true }),
  kubelet.get('certificates of the cluster', `${web}/configmaps?fieldSelector=metadata.name%3Dkube-root-ca.crt&${watch}`, {
    isStream: true,
  }),
  kubelet.post(
    'token of an own pod',
    `${web}/serviceaccounts/frontend/token`,
    tokenRequest(3607, { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'frontend-0', uid: 'UID-OF-FRONTEND' } }),
  ),
  kubelet.strategic('status of an own pod', `${web}/pods/frontend-0/status`, { status: { phase: 'Running' } }),
  kubelet.post('event', `${web}/events`, eventAbout('web', 'frontend.a', 'frontend-0')),
  kubelet.put('heartbeat', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/pool-a-1', lease('pool-a-1'), {
    times: 3,
  }),
  kubelet.remove('own pod that has ended', `${web}/pods/ended?gracePeriodSeconds=0`),
  kubelet.get('pod that is gone', `${web}/pods/long-gone`),
  kubelet.post(
    'mirror of a file',
    `${system}/pods`,
    pod(
      'etcd-pool-a-1',
      { ...goodSpec({ nodeName: 'pool-a-1' }), hostNetwork: true },
      {
        annotations: {
          'kubernetes.io/config.mirror': 'a',
          'kubernetes.io/config.source': 'file',
          'kubernetes.io/config.hash': 'a',
        },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'pool-a-1', uid: 'UID-OF-POOL-A-1', controller: true }],
      },
    ),
  ),
  kubelet.post(
    'new certificate of its own',
    certificates,
    certificateRequest('csr-own', 'CSR-FOR-POOL-A-1', 'kubernetes.io/kube-apiserver-client-kubelet', [
      'client auth',
      'digital signature',
    ]),
  ),
  kubelet.post('who asks the kubelet', '/apis/authentication.k8s.io/v1/tokenreviews', tokenReview),
  kubelet.post(
    'may it ask the kubelet',
    '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    accessReview('system:serviceaccount:monitoring:prometheus-k8s', 'get', 'nodes', { subresource: 'metrics' }),
  ),
  joinerTool.get('settings of the cluster', `${system}/configmaps/kubeadm-config?timeout=10s`),
  joinerTool.get('settings of kubelets', `${system}/configmaps/kubelet-config?timeout=10s`),
  joinerTool.get('is it there already', `${core}/nodes/pool-a-9?timeout=10s`),
  joiner.post(
    'certificate of a machine that joins',
    certificates,
    certificateRequest('csr-new', 'CSR-FOR-POOL-A-9', 'kubernetes.io/kube-apiserver-client-kubelet', [
      'client auth',
      'digital signature',
    ]),
  ),
  newKubelet.post('node', `${core}/nodes`, named('Node', 'pool-a-9', { labels: { 'kubernetes.io/hostname': 'pool-a-9' } })),
  newKubelet.get('own node, new', `${core}/nodes/pool-a-9`),
];

const controllers: readonly Step[] = [
  control.put('leader', `${leases}/kube-controller-manager`, lease('kube-controller-manager'), { times: 5 }),
  control.get('leader looked up', `${leases}/kube-controller-manager`, { times: 5 }),
  scheduler.put('leader', `${leases}/kube-scheduler`, lease('kube-scheduler'), { times: 5 }),
  scheduler.post('pod placed', `${web}/pods/placed/binding`, {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name: 'placed' },
    target: { apiVersion: 'v1', kind: 'Node', name: 'pool-a-1' },
  }),
  tokens.post('token of a controller', `${system}/serviceaccounts/replicaset-controller/token`, tokenRequest(3600)),
  ...['pods', 'secrets', 'configmaps', 'serviceaccounts'].map((kind) =>
    tokens.get(`${kind} followed`, `${core}/${kind}?${watch}`, { isStream: true }),
  ),
  manager('deployments3', 'deployment-controller').post('replica set', '/apis/apps/v1/namespaces/web/replicasets', {
    ...workload('ReplicaSet', 'shop-66f', goodSpec()),
    metadata: { name: 'shop-66f', ...owned('Deployment', 'shop') },
  }),
  manager('replicas', 'replicaset-controller').post(
    'pods',
    `${web}/pods`,
    pod('shop-66f-{n}', goodSpec(), owned('ReplicaSet', 'shop-66f')),
    { times: 4 },
  ),
  manager('replicas', 'replicaset-controller').remove('pod too many', `${web}/pods/shop-66f-0`),
  manager('daemons3', 'daemon-set-controller').post(
    'pod of a network',
    `${system}/pods`,
    pod(
      'cilium-x1',
      {
        ...goodSpec(),
        hostNetwork: true,
        containers: [{ name: 'agent', image: 'quay.io/cilium/cilium:v1.16.1', securityContext: { privileged: true } }],
        volumes: [{ name: 'cni', hostPath: { path: '/opt/cni/bin' } }],
      },
      owned('DaemonSet', 'cilium'),
    ),
  ),
  manager('cronJobs3', 'cronjob-controller').post('job of a cron job', '/apis/batch/v1/namespaces/staging/jobs', {
    ...job('report-1', goodSpec()),
    metadata: { name: 'report-1', ...owned('CronJob', 'report') },
  }),
  manager('cronJobs3', 'cronjob-controller').remove('old job', '/apis/batch/v1/namespaces/staging/jobs/report-1'),
  manager('jobs3', 'job-controller').post(
    'pod of a job',
    `${core}/namespaces/staging/pods`,
    pod('report-1-x', goodSpec(), owned('Job', 'report-1')),
  ),
  manager('scaler', 'horizontal-pod-autoscaler').put('scaled', '/apis/apps/v1/namespaces/web/deployments/shop/scale', {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name: 'shop', namespace: 'web' },
    spec: { replicas: 4 },
  }),
  manager('scaler', 'horizontal-pod-autoscaler').get('usage', '/apis/metrics.k8s.io/v1beta1/namespaces/web/pods', { times: 4 }),
  manager('emptier', 'namespace-controller').remove('objects of a namespace', `${core}/namespaces/preview-481/pods`),
  manager('emptier', 'namespace-controller').remove('secrets of a namespace', `${core}/namespaces/preview-481/secrets`),
  manager('emptier', 'namespace-controller').remove('events of a namespace', `${core}/namespaces/preview-481/events`),
  manager('publisher', 'root-ca-cert-publisher').post(
    'certificates of the cluster',
    `${core}/namespaces/preview-482/configmaps`,
    { ...named('ConfigMap', 'kube-root-ca.crt'), data: { 'ca.crt': 'x' } },
  ),
  manager('accounts3', 'service-account-controller').post(
    'default account',
    `${core}/namespaces/preview-482/serviceaccounts`,
    named('ServiceAccount', 'default'),
  ),
  manager('collector3', 'generic-garbage-collector').remove('left over', `${web}/pods/shop-66f-1`),
  manager('podCollector', 'pod-garbage-collector').remove(
    'pods of a node that is gone',
    `${core}/namespaces/fleet/pods/spare-{n}?gracePeriodSeconds=0`,
    { times: 12 },
  ),
  manager('signer', 'certificate-controller').put('certificate of a kubelet approved', `${certificates}/csr-new/approval`, {
    ...certificateRequest('csr-new', 'CSR-FOR-POOL-A-9', 'kubernetes.io/kube-apiserver-client-kubelet', [
      'client auth',
      'digital signature',
    ]),
    status: { conditions: [{ type: 'Approved', status: 'True', reason: 'AutoApproved', message: 'x' }] },
  }),
  server.put('heartbeat of the server', `${leases}/apiserver-x`, lease('apiserver-x')),
];

const upgrading: readonly Step[] = [
  upgrade.get('settings of the cluster', `${system}/configmaps/kubeadm-config`),
  upgrade.put('settings of the cluster written', `${system}/configmaps/kubeadm-config`, {
    ...named('ConfigMap', 'kubeadm-config'),
    data: { ClusterConfiguration: 'kubernetesVersion: v1.37.3' },
  }),
  upgrade.put('names', `${system}/configmaps/coredns`, {
    ...named('ConfigMap', 'coredns'),
    data: { Corefile: '.:53 { errors }' },
  }),
  upgrade.merge('proxy of every node', '/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy', {
    spec: { template: { metadata: { annotations: { v: '1.37.3' } } } },
  }),
  upgrade.get('pods of the control plane', `${system}/pods?labelSelector=component%3Dkube-apiserver`, { times: 4 }),
];

/** What nodes and the control plane do by themselves. */
export const machinerySteps: readonly Step[] = [...nodes, ...controllers, ...upgrading];
