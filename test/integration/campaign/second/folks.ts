import { asks } from '../ask.ts';
import {
  accessReview,
  certificateRequest,
  configMap,
  container,
  eviction,
  goodSpec,
  job,
  named,
  pod,
  quota,
  rbac,
  roleBinding,
  selfAccessReview,
  service,
  template,
  tokenRequest,
  workload,
} from '../objects.ts';
import { certificates } from '../places.ts';
import { clients, type Step } from '../step.ts';

const priya = asks('priya', clients.kubectl);
const lens = asks('sre', 'Lens/2026.1 (linux)');
const sre = asks('sre', clients.kubectl);
const kubeadm = asks('root', 'kubeadm/v1.37.2 (linux/amd64) kubernetes/abc');
const joining = asks('joining', 'kubeadm/v1.37.2 (linux/amd64) kubernetes/abc');
const newKubelet = asks('joining', clients.kubelet);
const worker4 = asks('worker4', clients.kubelet);
const worker1 = asks('worker1', clients.kubelet);
const proxy = asks('proxy', 'kube-proxy/v1.37.2 (linux/amd64) kubernetes/abc');
const approver = asks('approver', clients.controllers);
const payments = '/api/v1/namespaces/payments';
const system = '/api/v1/namespaces/kube-system';
const apps = '/apis/apps/v1/namespaces/payments';

const developers: readonly Step[] = [
  ...['/api?timeout=32s', '/apis?timeout=32s', '/openapi/v3?timeout=32s', '/version?timeout=32s'].map((path) =>
    priya.get('what there is', path),
  ),
  priya.get('pods', `${payments}/pods?limit=500`, { times: 5 }),
  priya.get('pods watched', `${payments}/pods?watch=true&timeoutSeconds=1`, { isStream: true }),
  priya.get('pod described', `${payments}/pods/checkout-api-0`, { times: 2 }),
  priya.get('events of a pod', `${payments}/events?fieldSelector=involvedObject.name%3Dcheckout-api-0`),
  priya.get('log followed', `${payments}/pods/checkout-api-0/log?follow=true`, { isStream: true }),
  priya.get('logs of an application', `${payments}/pods/checkout-api-{n}/log?tailLines=100`, { times: 4 }),
  priya.post(
    'may I',
    '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    selfAccessReview('create', 'deployments', 'payments'),
  ),
  priya.get('before applying', `${apps}/deployments/checkout-web`),
  priya.strategic('applied', `${apps}/deployments/checkout-web?fieldManager=kubectl-client-side-apply`, {
    spec: { template: template('checkout-web', goodSpec()) },
  }),
  priya.apply(
    'applied on the server, dry',
    `${apps}/deployments/checkout-web?dryRun=All`,
    workload('Deployment', 'checkout-web', goodSpec()),
  ),
  priya.apply('applied on the server', `${apps}/deployments/checkout-web`, workload('Deployment', 'checkout-web', goodSpec())),
  priya.strategic('restarted', `${apps}/deployments/checkout-web?fieldManager=kubectl-rollout`, {
    spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-05-04T10:00:00Z' } } } },
  }),
  priya.get('history', `${apps}/replicasets?labelSelector=app%3Dcheckout-web`),
  priya.open(
    'looked into a container',
    `${payments}/pods/checkout-api-0/exec?command=ls&command=-la&command=%2Fapp&container=main&stdout=true`,
  ),
  priya.open('database of the test environment', `${payments}/pods/checkout-api-0/portforward`),
  priya.post(
    'config map',
    `${payments}/configmaps?fieldManager=kubectl-create`,
    configMap('flags', { 'new.basket': 'on', 'log.level': 'debug' }),
  ),
  priya.get('config map read', `${payments}/configmaps/flags`),
  priya.post('one-off task', '/apis/batch/v1/namespaces/payments/jobs', job('reindex', goodSpec())),
  priya.post(
    'tool of the day',
    `${payments}/pods`,
    pod('psql', { containers: [container({ image: 'registry.harbour.example/tools/psql:16', command: ['sleep', '3600'] })] }),
  ),
  priya.remove('tool of the day gone', `${payments}/pods/psql`),
  priya.get('a mistake: nodes', '/api/v1/nodes'),
  priya.get('a mistake: another namespace', '/api/v1/namespaces/data/pods', { times: 2 }),
  priya.get('a mistake: no such thing', `${payments}/deployments`, { times: 2 }),
  priya.get('own secret', `${payments}/secrets/key-1`),
  asks('wrong', clients.kubectl).get('login ran out', `${payments}/pods`, { from: '127.0.1.11', times: 3 }),
];

const operating: readonly Step[] = [
  ...['pods', 'nodes', 'events', 'namespaces'].map((kind) => lens.get(`window of ${kind}`, `/api/v1/${kind}?limit=500`)),
  sre.get('top', '/apis/metrics.k8s.io/v1beta1/nodes'),
  sre.post(
    'namespace of a team',
    '/api/v1/namespaces',
    named('Namespace', 'loyalty', { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } }),
  ),
  sre.post(
    'rights of a team',
    `${rbac('loyalty')}/rolebindings`,
    roleBinding('loyalty', 'payments-developer', ['Group', 'loyalty-developers']),
  ),
  sre.post('quota of a team', '/api/v1/namespaces/loyalty/resourcequotas', quota('q', 20)),
  sre.get('system looked at', `${system}/pods?limit=500`),
  sre.get('log of the system', `${system}/pods/etcd-cp-1/log?tailLines=20`),
  sre.strategic('node closed for repair', '/api/v1/nodes/cp-1', { spec: { unschedulable: true } }),
  sre.post('node emptied', '/api/v1/namespaces/fleet/pods/spare-{n}/eviction', eviction('spare-{n}', 'fleet'), { times: 4 }),
  sre.strategic('node opened again', '/api/v1/nodes/cp-1', { spec: { unschedulable: null } }),
  sre.remove('account that is not used any more', '/api/v1/namespaces/tools/serviceaccounts/retired'),
  sre.remove('pod that is not used any more', '/api/v1/namespaces/tools/pods/gone-0?gracePeriodSeconds=0'),
  sre.post('service of a team', '/api/v1/namespaces/loyalty/services', service('loyalty', {})),
];

const upgrading: readonly Step[] = [
  kubeadm.get('settings of the cluster', `${system}/configmaps/kubeadm-config`),
  kubeadm.put(
    'settings of the cluster written',
    `${system}/configmaps/kubeadm-config`,
    configMap('kubeadm-config', { ClusterConfiguration: 'kubernetesVersion: v1.37.2' }),
  ),
  kubeadm.put(
    'settings of kubelets written',
    `${system}/configmaps/kubelet-config`,
    configMap('kubelet-config', { kubelet: 'x' }),
  ),
  kubeadm.put('name service of the release', `${system}/configmaps/coredns`, configMap('coredns', { Corefile: '.:53 {\n}\n' })),
  kubeadm.put('proxy of the release', '/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy', {
    ...workload('DaemonSet', 'kube-proxy', goodSpec({ hostNetwork: true })),
  }),
];

const nodes: readonly Step[] = [
  asks('outsider', 'kubeadm/v1.37.2 (linux/amd64) kubernetes/abc').get(
    'where the cluster is',
    '/api/v1/namespaces/kube-public/configmaps/cluster-info',
    { from: '127.0.1.52' },
  ),
  joining.get('settings for who joins', `${system}/configmaps/kubeadm-config`),
  newKubelet.post(
    'certificate of a kubelet',
    certificates,
    certificateRequest('csr-w4', 'CSR-FOR-WORKER-4', 'kubernetes.io/kube-apiserver-client-kubelet', [
      'digital signature',
      'client auth',
    ]),
  ),
  approver.post(
    'may it',
    '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    accessReview('system:bootstrap:x1y2z3', 'create', 'certificatesigningrequests', {
      group: 'certificates.k8s.io',
      subresource: 'nodeclient',
    }),
  ),
  approver.merge('certificate approved', `${certificates}/csr-w4/approval`, {
    status: { conditions: [{ type: 'Approved', status: 'True', reason: 'AutoApproved', message: 'x' }] },
  }),
  worker4.post('node there', '/api/v1/nodes', named('Node', 'worker-4')),
  worker4.get('itself', '/api/v1/nodes/worker-4', { times: 2 }),
  worker4.strategic(
    'state',
    '/api/v1/nodes/worker-4/status',
    { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
    { times: 3 },
  ),
  worker1.post(
    'token of a pod',
    `${payments}/serviceaccounts/checkout-api/token`,
    tokenRequest(3607, {
      audiences: [],
      boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'checkout-api-0', uid: 'UID-OF-CHECKOUT' },
    }),
  ),
  worker1.get('config map of a pod', `${payments}/configmaps/kube-root-ca.crt`),
  asks('outsider', clients.kubelet).get('certificate of a kubelet has expired', '/api/v1/nodes/worker-2', {
    certificate: 'expired',
    from: '127.0.1.53',
    times: 40,
  }),
  worker1.get('pod that is gone', `${payments}/pods/gone-{n}`, { times: 3 }),
  worker1.get('secret of a pod that is gone', `${payments}/secrets/key-1`),
  proxy.get('services watched', '/api/v1/services?watch=true&timeoutSeconds=1', { isStream: true }),
  proxy.get('slices watched', '/apis/discovery.k8s.io/v1/endpointslices?watch=true&timeoutSeconds=1', { isStream: true }),
  asks('outsider', 'kube-probe/1.37').get('probe', '/livez', { from: '127.0.1.98', times: 5 }),
  asks('outsider', 'ELB-HealthChecker/2.0').get('probe of a balancer', '/readyz', { from: '127.0.1.98', times: 5 }),
];

/** What people do, an upgrade, and machines that join. */
export const folkSteps: readonly Step[] = [...developers, ...operating, ...upgrading, ...nodes];
