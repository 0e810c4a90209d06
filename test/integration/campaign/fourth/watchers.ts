import { asks } from '../ask.ts';
import { goodSpec, job, named, rbac, selfAccessReview, workload } from '../objects.ts';
import { apps, batch, core, custom, reviews } from '../places.ts';
import { agentOf, type Step } from '../step.ts';

const prometheus = asks('promServer', 'Prometheus/3.5.0');
const operator = asks('promOperator', 'PrometheusOperator/0.84.0');
const metrics = asks('stateMetrics', 'kube-state-metrics/v2.16.0 (linux/amd64)');
const server = asks('metricsServer', agentOf('metrics-server'));
const alloy = asks('alloy', agentOf('alloy'));
const detector = asks('problemDetector', 'node-problem-detector/v0.8.20');
const velero = asks('veleroServer', 'velero-server/v1.16.2 (linux/amd64) abc');
const trivy = asks('trivy', agentOf('trivy-operator'));
const headlamp = asks('lena', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/138.0 Safari/537.36');
const rancher = asks('rancher', 'rancher/v2.12.1 (linux/amd64)');
const own = asks('headlamp', 'headlamp/0.34.0');
const kinds = [
  'pods',
  'nodes',
  'namespaces',
  'services',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'endpoints',
  'resourcequotas',
  'limitranges',
];
const backed = ['pods', 'persistentvolumeclaims', 'configmaps', 'secrets', 'serviceaccounts', 'services', 'events'];
const scanned = ['deployments', 'statefulsets', 'daemonsets', 'replicasets'];
const proxy = '/api/v1/nodes/ip-10-4-0-1/proxy';

/** What looks, counts, scans and backs up. */
export const watcherSteps: readonly Step[] = [
  prometheus.get('metrics of the server', '/metrics'),
  prometheus.get('load of the server', '/metrics/slis'),
  prometheus.get('pods to ask', '/api/v1/pods?watch=true&timeoutSeconds=1', { isStream: true }),
  prometheus.get('slices', '/apis/discovery.k8s.io/v1/endpointslices?limit=500'),
  prometheus.get('metrics of a node', `${proxy}/metrics`),
  prometheus.get('metrics of its containers', `${proxy}/metrics/cadvisor`),
  prometheus.get('metrics of its probes', `${proxy}/metrics/probes`),
  server.get('load of a node', `${proxy}/metrics/resource`),
  server.get('load of a node, the old way', `${proxy}/stats/summary`),
  server.post('whose is this token?', '/apis/authentication.k8s.io/v1/tokenreviews', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token: 'y' },
  }),
  server.get('whom to trust', `${core('kube-system')}/configmaps/extension-apiserver-authentication`),
  operator.get('monitors', '/apis/monitoring.coreos.com/v1/servicemonitors'),
  operator.post('settings, compressed', `${core('monitoring')}/secrets`, {
    ...named('Secret', 'prometheus-main'),
    data: { 'prometheus.yaml.gz': 'H4sIAAAAAAAA' },
  }),
  operator.put('settings anew', `${core('monitoring')}/secrets/prometheus-main`, {
    ...named('Secret', 'prometheus-main'),
    data: { 'prometheus.yaml.gz': 'H4sIAAAAAAAB' },
  }),
  operator.post('a stateful set', `${apps('monitoring')}/statefulsets`, workload('StatefulSet', 'prometheus-main', goodSpec())),
  operator.get('a secret that a monitor names', `${core('orders')}/secrets/basket-db`),
  ...kinds.map((kind) => metrics.get(`counts ${kind}`, `/api/v1/${kind}?limit=500&resourceVersion=0`)),
  metrics.get('counts jobs', '/apis/batch/v1/jobs?limit=500'),
  metrics.get('counts requests of certificates', '/apis/certificates.k8s.io/v1/certificatesigningrequests?limit=500'),
  metrics.get('counts webhooks', '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations?limit=500'),
  alloy.get('output of pods', `${core('orders')}/pods/batch-{n}/log?container=main&follow=true&sinceSeconds=10`, {
    times: 8,
    isStream: true,
  }),
  alloy.get('events', '/api/v1/events?watch=true&timeoutSeconds=1', { isStream: true }),
  detector.strategic('a disk is well', '/api/v1/nodes/ip-10-4-0-1/status', {
    status: { conditions: [{ type: 'KernelDeadlock', status: 'False', reason: 'KernelHasNoDeadlock' }] },
  }),
  detector.post('a word about the node', `${core('default')}/events`, {
    ...named('Event', 'ip-10-4-0-1.1'),
    involvedObject: { kind: 'Node', name: 'ip-10-4-0-1' },
    reason: 'OOMKilling',
  }),
  velero.post('a backup', `${custom('velero.io', 'v1', 'velero')}/backups`, {
    apiVersion: 'velero.io/v1',
    kind: 'Backup',
    metadata: { name: 'daily' },
    spec: { ttl: '720h' },
  }),
  ...backed.map((kind) => velero.get(`backs up ${kind}`, `${core('billing')}/${kind}`)),
  velero.get('backs up roles', `${rbac()}/clusterroles`),
  velero.get('backs up each secret', `${core('billing')}/secrets/card-key-{n}`, { times: 20 }),
  velero.get('keys of its storage', `${core('velero')}/secrets/cloud-credentials`),
  velero.open(
    'a hook before a backup',
    `${core('production')}/pods/db-0/exec?command=${encodeURIComponent('/sbin/fsfreeze')}&command=--freeze&command=${encodeURIComponent('/data')}&container=main&stdout=true`,
  ),
  ...scanned.map((kind) => trivy.get(`scans ${kind}`, `/apis/apps/v1/${kind}?limit=500`)),
  trivy.get('scans rights', `${rbac()}/clusterroles?limit=500`),
  trivy.get('scans rights of namespaces', `${rbac()}/rolebindings?limit=500`),
  trivy.post(
    'a job that scans',
    `${batch('trivy-system')}/jobs`,
    job('scan-vulnerabilityreport-6f9', {
      containers: [
        {
          name: 'main',
          image: 'registry.example.com/aquasec/trivy:0.65.0',
          args: ['image', '--format', 'json', 'registry.example.com/shop/web:1.5.0'],
          resources: { limits: { memory: '500M' } },
        },
      ],
    }),
  ),
  trivy.get('what it found', `${core('trivy-system')}/pods?labelSelector=job-name%3Dscan-vulnerabilityreport-6f9`),
  trivy.remove('the job goes', `${batch('trivy-system')}/jobs/scan-vulnerabilityreport-6f9`),
  own.get('the version', '/version'),
  own.get('whose token?', '/api/v1/namespaces'),
  headlamp.get('pods in a browser', `${core('orders')}/pods?limit=100`),
  headlamp.get('workloads in a browser', `${apps('orders')}/deployments`),
  headlamp.post('may I?', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('{n}', 'pods', 'orders'), { times: 6 }),
  headlamp.get('output in a browser', `${core('orders')}/pods/cart-6d5f-abcde/log?tailLines=100&follow=true`, { isStream: true }),
  rancher.get('the version', '/version'),
  rancher.get('namespaces, watched', '/api/v1/namespaces?watch=true&timeoutSeconds=1', { isStream: true }),
  rancher.get('bindings, watched', `${rbac()}/clusterrolebindings?watch=true&timeoutSeconds=1`, { isStream: true }),
  rancher.get('secrets, watched', '/api/v1/secrets?watch=true&timeoutSeconds=1', { isStream: true }),
  rancher.get('a person, by the board', `${core('orders')}/pods`, {
    headers: { 'impersonate-user': 'oidc:yuki@harbourline.example', 'impersonate-group': 'oidc:orders-dev' },
  }),
  rancher.merge('a mark of a project', '/api/v1/namespaces/orders', {
    metadata: { annotations: { 'field.cattle.io/projectId': 'c-1:p-1' } },
  }),
];
