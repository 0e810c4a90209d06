import { asks } from '../ask.ts';
import {
  apiService,
  binding,
  certificateRequest,
  clusterRole,
  configMap,
  container,
  eviction,
  goodSpec,
  named,
  pod,
  rbac,
  roleBinding,
  rule,
  service,
  tokenRequest,
  workload,
} from '../objects.ts';
import { apps, certificates, core, network } from '../places.ts';
import { inTerminal, words } from '../session.ts';
import type { Step } from '../step.ts';

const omar = asks('omarOps', 'kubectl/v1.37.2 (linux/amd64) kubernetes/3a1b2c3');
const ingrid = asks('ingrid', 'kubectl/v1.37.0 (darwin/arm64) kubernetes/8a1b2c3');
const helm = asks('ingrid', 'Helm/3.18.4');
const actionsHelm = asks('actions', 'Helm/3.18.0');
const lens = asks('ingrid', 'Lens/2026.3.1');
const k9s = asks('omarOps', 'k9s/v0.50.9 (linux/amd64) kubernetes/$Format');
const eks = asks('omarOps', 'eksctl/0.210.0 (linux/amd64) kubernetes/$Format');
const kyverno = asks('kyvernoAdmission', 'kyverno/v0.0.0 (linux/amd64) kubernetes/$Format');
const gitlab = asks('gitlabDeploy', 'kubectl/v1.35.1 (linux/amd64) kubernetes/aa1b2c3');
const system = core('kube-system');
const exporter = {
  hostNetwork: true,
  hostPID: true,
  containers: [
    {
      ...container({ volumeMounts: [{ name: 'root', mountPath: '/host/root', readOnly: true }] }),
      name: 'node-exporter',
      image: 'quay.io/prometheus/node-exporter:v1.9.1',
    },
  ],
  volumes: [{ name: 'root', hostPath: { path: '/' } }],
  tolerations: [{ operator: 'Exists' }],
};
const logs = {
  containers: [
    {
      ...container({ volumeMounts: [{ name: 'pods', mountPath: '/var/log/pods', readOnly: true }] }),
      name: 'promtail',
      image: 'grafana/promtail:3.5.1',
    },
  ],
  volumes: [{ name: 'pods', hostPath: { path: '/var/log/pods' } }],
};

/** Work that looks like more than it is: charts of the system, clearing up, repairs. */
export const choreSteps: readonly Step[] = [
  helm.get('helm list, in default', `${core('default')}/secrets?labelSelector=owner%3Dhelm%2Cstatus%3Ddeployed`),
  helm.get('helm list, in the system', `${system}/secrets?labelSelector=owner%3Dhelm`),
  helm.get('helm list -A', '/api/v1/secrets?labelSelector=owner%3Dhelm'),
  helm.post('a chart of the nodes: account', `${core('monitoring')}/serviceaccounts`, named('ServiceAccount', 'node-exporter')),
  helm.post(
    'a chart of the nodes: daemon set',
    `${apps('monitoring')}/daemonsets?fieldManager=helm`,
    workload('DaemonSet', 'node-exporter', exporter),
  ),
  helm.strategic('a chart of the nodes: next version', `${apps('monitoring')}/daemonsets/node-exporter?fieldManager=helm`, {
    spec: { template: { spec: { containers: [{ name: 'node-exporter', image: 'quay.io/prometheus/node-exporter:v1.9.2' }] } } },
  }),
  actionsHelm.post(
    'a chart of logs: daemon set',
    `${apps('monitoring')}/daemonsets?fieldManager=helm`,
    workload('DaemonSet', 'promtail', logs),
  ),
  actionsHelm.post(
    'a chart of logs: role',
    `${rbac()}/clusterroles?fieldManager=helm`,
    clusterRole('promtail', [rule('', ['nodes', 'nodes/proxy', 'services', 'endpoints', 'pods'], ['get', 'watch', 'list'])]),
  ),
  actionsHelm.post(
    'a chart of logs: binding',
    `${rbac()}/clusterrolebindings?fieldManager=helm`,
    binding('promtail', 'promtail', ['ServiceAccount', 'promtail', 'monitoring']),
  ),
  helm.post(
    'metrics of the system: account',
    `${system}/serviceaccounts?fieldManager=helm`,
    named('ServiceAccount', 'metrics-server-2'),
  ),
  helm.post(
    'metrics of the system: role',
    `${rbac()}/clusterroles?fieldManager=helm`,
    clusterRole('system:aggregated-metrics-reader', [rule('metrics.k8s.io', ['pods', 'nodes'], ['get', 'list', 'watch'])], {
      labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' },
    }),
  ),
  helm.post(
    'metrics of the system: reader',
    `${rbac('kube-system')}/rolebindings?fieldManager=helm`,
    roleBinding('metrics-server-auth-reader', 'extension-apiserver-authentication-reader', [
      'ServiceAccount',
      'metrics-server-2',
      'kube-system',
    ]),
  ),
  helm.post(
    'metrics of the system: delegation',
    `${rbac()}/clusterrolebindings?fieldManager=helm`,
    binding('metrics-server:system:auth-delegator', 'system:auth-delegator', [
      'ServiceAccount',
      'metrics-server-2',
      'kube-system',
    ]),
  ),
  helm.post('metrics of the system: service', `${system}/services?fieldManager=helm`, service('metrics-server', {})),
  helm.post(
    'metrics of the system: workload',
    `${apps('kube-system')}/deployments?fieldManager=helm`,
    workload(
      'Deployment',
      'metrics-server',
      goodSpec({ serviceAccountName: 'metrics-server-2', priorityClassName: 'system-cluster-critical' }),
    ),
  ),
  helm.post(
    'metrics of the system: group',
    '/apis/apiregistration.k8s.io/v1/apiservices?fieldManager=helm',
    apiService('custom.metrics.k8s.io', 'v1beta1', {
      service: { name: 'metrics-server', namespace: 'kube-system' },
      insecureSkipTLSVerify: true,
    }),
  ),
  omar.post(
    'kubectl run --rm -it',
    `${core('default')}/pods?fieldManager=kubectl-run`,
    pod('tmp-shell', {
      restartPolicy: 'Never',
      containers: [{ name: 'tmp-shell', image: 'busybox:1.37', stdin: true, tty: true }],
    }),
  ),
  omar.remove('and gone', `${core('default')}/pods/tmp-shell`),
  ingrid.strategic('kubectl debug, in a pod', `${core('billing')}/pods/ledger-0/ephemeralcontainers`, {
    spec: {
      ephemeralContainers: [{ name: 'debugger-x1', image: 'busybox:1.37', stdin: true, tty: true, targetContainerName: 'main' }],
    },
  }),
  ingrid.open(
    'kubectl cp, out of a pod',
    `${core('billing')}/pods/ledger-0/exec?${words(['tar', 'cf', '-', '/var/log/app'])}&container=main&stdout=true&stderr=true`,
  ),
  ingrid.open(
    'psql in a terminal',
    inTerminal(`${core('billing')}/pods/invoices-0`, 'psql', '-U', 'app', '-c', 'select count(*) from orders'),
  ),
  omar.post('a namespace for a try', '/api/v1/namespaces', named('Namespace', 'test-omar')),
  omar.remove('a namespace of a try goes', '/api/v1/namespaces/test-omar'),
  ingrid.post('kubectl create secret', `${core('billing')}/secrets`, { ...named('Secret', 'smtp'), stringData: { user: 'a' } }),
  ingrid.strategic('kubectl apply, a secret', `${core('billing')}/secrets/smtp`, { stringData: { user: 'b' } }),
  ingrid.post(
    'kubectl create cm',
    `${core('billing')}/configmaps`,
    configMap('mail', { host: 'mail.example.com', from: 'no-reply@example.com' }),
  ),
  ingrid.get('kubectl get secret', `${core('billing')}/secrets/smtp`),
  lens.get('a desktop tool shows secrets of default', `${core('default')}/secrets`),
  lens.get('and watches them', `${core('default')}/secrets?watch=1&timeoutSeconds=1`, { isStream: true }),
  k9s.get('another shows secrets of the system', `${system}/secrets?limit=500`),
  omar.get('kubectl get all, in the system', `${system}/pods?limit=500`),
  omar.get('kubectl get all, in the system', `${apps('kube-system')}/daemonsets?limit=500`),
  omar.post(
    'kubectl drain: a pod of the system',
    `${system}/pods/coredns-5d78c9869d-zzz11/eviction`,
    eviction('coredns-5d78c9869d-zzz11', 'kube-system'),
  ),
  omar.strategic('kubectl taint', '/api/v1/nodes/ip-10-4-0-2', {
    spec: { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] },
  }),
  omar.strategic('kubectl label node', '/api/v1/nodes/ip-10-4-0-2', { metadata: { labels: { pool: 'gpu' } } }),
  omar.put('kubectl certificate approve, of a kubelet', `${certificates}/csr-1/approval`, {
    ...certificateRequest('csr-1', 'CSR-FOR-IP-1', 'kubernetes.io/kubelet-serving', [
      'digital signature',
      'key encipherment',
      'server auth',
    ]),
    status: {
      conditions: [
        {
          type: 'Approved',
          status: 'True',
          reason: 'KubectlApprove',
          message: 'checked',
          lastUpdateTime: '2026-11-30T00:00:00Z',
        },
      ],
    },
  }),
  eks.get('a tool of the cloud: who may log in', `${system}/configmaps/aws-auth`),
  gitlab.post('kubectl create token, for a board', `${core('gitlab')}/serviceaccounts/runner/token`, tokenRequest(600)),
  gitlab.apply('a namespace of a merge request', '/api/v1/namespaces/review-mr-81', named('Namespace', 'review-mr-81')),
  gitlab.remove('and gone', '/api/v1/namespaces/review-mr-81'),
  gitlab.remove('a deployment of it', `${apps('orders')}/deployments/cart-dev`),
  kyverno.remove(
    'its own webhook goes when it stops',
    '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/kyverno-resource-validating-webhook-cfg',
  ),
  ingrid.merge('a network policy gets one more', `${network('team-green')}/networkpolicies/deny`, {
    spec: { ingress: [{ from: [{ podSelector: {} }] }] },
  }),
  ingrid.merge('more of a quota', `${core('team-green')}/resourcequotas/q`, { spec: { hard: { pods: '80' } } }),
  ingrid.remove('a claim that nobody uses', `${core('production')}/persistentvolumeclaims/logs`),
  ingrid.remove('a binding of somebody who left', `${rbac('team-green')}/rolebindings/dev`),
  ingrid.merge('nobody at night', `${apps('billing')}/deployments/invoices/scale`, { spec: { replicas: 0 } }),
  ingrid.merge('and back', `${apps('billing')}/deployments/invoices/scale`, { spec: { replicas: 2 } }),
];
