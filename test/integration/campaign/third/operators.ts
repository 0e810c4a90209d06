import { asks } from '../ask.ts';
import {
  accessReview,
  admission,
  clusterRole,
  configMap,
  cronJob,
  eviction,
  goodSpec,
  lease,
  named,
  owned,
  pod,
  rbac,
  role,
  roleBinding,
  rule,
  selfAccessReview,
  tokenRequest,
  tokenReview,
} from '../objects.ts';
import { reviews } from '../places.ts';
import { agentOf, type Step } from '../step.ts';

const certs = asks('certs', 'cert-manager-certificates-issuing/v1.16.1 (linux/amd64) cert-manager/17e76aa');
const prometheus = asks('prometheusServer', 'Prometheus/2.54.1');
const grafana = asks('grafana', 'python-requests/2.32.3');
const external = asks('secretsOperator', agentOf('external-secrets'));
const sealed = asks('sealed', agentOf('controller'));
const velero = asks('backups', 'velero-server/v1.14.1 (linux/amd64) 8afe3ce');
const karpenter = asks('karpenter', 'karpenter.sh-1.0.1');
const nginx = asks('nginx', 'nginx-ingress-controller/v1.11.2 (linux/amd64) ingress-nginx/46e76e5');
const dns = asks('dns', 'external-dns/v0.15.0 (linux/amd64) kubernetes/$Format');
const cilium = asks('cilium', 'cilium-operator-generic/v1.16.1');
const vault = asks('vault', 'Go-http-client/1.1');
const gatekeeper = asks('gatekeeper', 'gatekeeper/v3.17.0 (linux/amd64) 1b2c3d4');
const crossplane = asks('crossplane', agentOf('crossplane'));
const postgres = asks('postgres', agentOf('manager'));
const shipper = asks('shipper', 'promtail/3.1.1');
const datadog = asks('datadog', 'datadog-agent/7.57.0 (linux/amd64) kubernetes/$Format');
const board = asks('board', 'dashboard-api/1.8.1');
const core = '/api/v1';
const ns = (name: string): string => `${core}/namespaces/${name}`;
const watch = 'watch=true&timeoutSeconds=1';
const leases = (namespace: string): string => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;

const operators: readonly Step[] = [
  certs.get('secrets followed by cert-manager', `${core}/secrets?${watch}`, { isStream: true }),
  certs.get('certificate looked up', `${ns('web')}/secrets/tls-shop`),
  certs.put('certificate renewed', `${ns('web')}/secrets/tls-shop`, {
    ...named('Secret', 'tls-shop'),
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': 'x', 'tls.key': 'y' },
  }),
  certs.put('leader', `${leases('kube-system')}/cert-manager-controller`, lease('cert-manager-controller'), { times: 4 }),
  certs.post('challenge', `${ns('web')}/pods`, pod('cm-acme-http-solver-x', goodSpec(), owned('Challenge', 'c'))),
  certs.remove('challenge removed', `${ns('web')}/pods/cm-acme-http-solver-x`),
  ...['pods', 'services', 'endpoints', 'nodes'].map((kind) =>
    prometheus.get(`${kind} found by Prometheus`, `${core}/${kind}?${watch}`, { isStream: true }),
  ),
  prometheus.get('metrics of a kubelet', `${core}/nodes/pool-a-1/proxy/metrics/cadvisor`, { times: 4 }),
  prometheus.get('metrics of the server', '/metrics', { times: 4 }),
  grafana.get('dashboards found by a side car', `${core}/configmaps?labelSelector=grafana_dashboard%3D1&${watch}`, {
    isStream: true,
  }),
  grafana.get('sources found by a side car', `${ns('monitoring')}/secrets?labelSelector=grafana_datasource%3D1&${watch}`, {
    isStream: true,
  }),
  external.get('secrets followed', `${core}/secrets?${watch}`, { isStream: true }),
  ...Array.from({ length: 18 }, (_, n) => external.get('secret refreshed', `${ns('web')}/secrets/app-${n}`)),
  external.put('secret written', `${ns('web')}/secrets/db-credentials`, {
    ...named('Secret', 'db-credentials'),
    stringData: { password: 'x' },
  }),
  external.post('token for a store', `${ns('web')}/serviceaccounts/default/token`, tokenRequest(600, { audiences: ['vault'] })),
  sealed.post('secret unsealed', `${ns('web')}/secrets`, { ...named('Secret', 'unsealed'), stringData: { a: 'b' } }),
  sealed.post('new sealing key', `${ns('kube-system')}/secrets`, {
    ...named('Secret', 'sealed-secrets-key-b'),
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': 'x', 'tls.key': 'y' },
  }),
  ...['pods', 'secrets', 'configmaps', 'persistentvolumeclaims', 'serviceaccounts', 'services'].map((kind) =>
    velero.get(`${kind} for the backup`, `${ns('web')}/${kind}?limit=500`),
  ),
  ...['secrets', 'persistentvolumes', 'namespaces'].map((kind) =>
    velero.get(`${kind} of all for the backup`, `${core}/${kind}?limit=500`),
  ),
  velero.open(
    'hook before the backup',
    `${ns('databases')}/pods/orders-0/exec?command=%2Fbin%2Fbash&command=-c&command=pg_start_backup&container=main&stdout=true`,
  ),
  karpenter.get('pods that wait', `${core}/pods?${watch}`, { isStream: true }),
  karpenter.merge('node tainted', `${core}/nodes/pool-a-8`, {
    spec: { taints: [{ key: 'karpenter.sh/disrupted', effect: 'NoSchedule' }] },
  }),
  ...['shop-d', 'shop-e'].map((name) =>
    karpenter.post('pod moved away', `${ns('web')}/pods/${name}/eviction`, eviction(name, 'web')),
  ),
  karpenter.remove('node removed', `${core}/nodes/pool-a-8`),
  ...['ingresses', 'ingressclasses'].map((kind) =>
    nginx.get(`${kind} followed`, `/apis/networking.k8s.io/v1/${kind}?${watch}`, { isStream: true }),
  ),
  nginx.get('certificates followed', `${core}/secrets?${watch}`, { isStream: true }),
  nginx.put('leader', `${leases('ingress-nginx')}/ingress-nginx-leader`, lease('ingress-nginx-leader'), { times: 3 }),
  nginx.merge('address of an ingress', '/apis/networking.k8s.io/v1/namespaces/web/ingresses/front/status', {
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.10' }] } },
  }),
  dns.get('services for names', `${core}/services?${watch}`, { isStream: true }),
  cilium.get('nodes of the network', `${core}/nodes?${watch}`, { isStream: true }),
  cilium.strategic('network of a node is ready', `${core}/nodes/pool-a-1/status`, {
    status: { conditions: [{ type: 'NetworkUnavailable', status: 'False' }] },
  }),
  cilium.remove('endpoint removed', `${ns('web')}/pods/left-over`),
  vault.post('login checked', '/apis/authentication.k8s.io/v1/tokenreviews', tokenReview, { times: 4 }),
  gatekeeper.get('everything for the audit', `${core}/pods?limit=500`),
  gatekeeper.get('namespaces for the audit', `${core}/namespaces?limit=500`),
  gatekeeper.json('certificate of a webhook', `${admission}/validatingwebhookconfigurations/gatekeeper`, [
    { op: 'add', path: '/metadata/annotations', value: { rotated: '1' } },
  ]),
  gatekeeper.put('certificate of a webhook kept', `${ns('gatekeeper-system')}/secrets/gatekeeper-webhook-server-cert`, {
    ...named('Secret', 'gatekeeper-webhook-server-cert'),
    stringData: { 'tls.crt': 'x' },
  }),
  crossplane.get('credentials of a provider', `${ns('crossplane-system')}/secrets/aws-creds`, { times: 3 }),
  crossplane.post(
    'role of a provider',
    `${rbac()}/clusterroles`,
    clusterRole('crossplane:provider:aws:system', [
      rule('aws.upbound.io', ['*'], ['*']),
      rule('', ['secrets', 'configmaps', 'events'], ['*']),
    ]),
  ),
  crossplane.post('connection of a database', `${ns('databases')}/secrets`, {
    ...named('Secret', 'conn'),
    stringData: { url: 'x' },
  }),
  postgres.get('passwords of a database', `${ns('databases')}/secrets/postgres-superuser`, { times: 2 }),
  postgres.post('pod of a database', `${ns('databases')}/pods`, pod('orders-9', goodSpec(), owned('Cluster', 'orders'))),
  postgres.merge('role of a pod', `${ns('databases')}/pods/orders-9`, { metadata: { labels: { role: 'replica' } } }),
  postgres.open(
    'state asked in a database',
    `${ns('databases')}/pods/orders-0/exec?command=pg_isready&container=main&stdout=true`,
  ),
  postgres.post('account of a database', `${ns('databases')}/serviceaccounts`, named('ServiceAccount', 'orders')),
  postgres.post(
    'role of a database',
    `${rbac('databases')}/roles`,
    role('orders', [rule('', ['secrets', 'configmaps'], ['get', 'watch'])]),
  ),
  postgres.post(
    'binding of a database',
    `${rbac('databases')}/rolebindings`,
    roleBinding('orders', 'view', ['ServiceAccount', 'orders', 'databases']),
  ),
  shipper.get('pods for labels', `${core}/pods?fieldSelector=spec.nodeName%3Dpool-a-1&${watch}`, { isStream: true }),
  datadog.get('pods of a kubelet', `${core}/nodes/pool-a-1/proxy/pods`),
  datadog.get('state for metrics', `${core}/componentstatuses`),
  datadog.get('events for metrics', `${core}/events?${watch}`, { isStream: true }),
  datadog.post('may it see metrics', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('get', 'nodes')),
  board.post('login to the dashboard', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('list', 'namespaces'), {
    times: 3,
  }),
  board.get('settings of the dashboard', `${ns('kubernetes-dashboard')}/configmaps/kubernetes-dashboard-settings`),
  board.get('key of the dashboard', `${ns('kubernetes-dashboard')}/secrets/kubernetes-dashboard-key-holder`, { times: 3 }),
  ...['pods', 'services', 'secrets', 'nodes', 'configmaps'].map((kind) =>
    board.get(`${kind} in the dashboard, refused`, `${core}/${kind}?limit=100`),
  ),
  asks('prometheusServer', 'kube-rbac-proxy').post(
    'may one see metrics',
    `${reviews}/subjectaccessreviews`,
    accessReview('system:serviceaccount:monitoring:grafana', 'get', 'services'),
    { times: 4 },
  ),
  asks('fluxHelm', 'flux/v2').post(
    'cron job of a chart',
    '/apis/batch/v1/namespaces/monitoring/cronjobs',
    cronJob('retention', goodSpec()),
  ),
  asks('fluxHelm', 'flux/v2').post('settings of a chart', `${ns('monitoring')}/configmaps`, configMap('rules', { a: 'b' })),
];

/** What operators, monitoring and dashboards do. */
export const operatorSteps: readonly Step[] = operators;
