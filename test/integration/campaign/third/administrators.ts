import { asks } from '../ask.ts';
import {
  eviction,
  goodSpec,
  named,
  networkPolicy,
  pod,
  quota,
  rbac,
  role,
  roleBinding,
  rule,
  selfAccessReview,
  service,
  tokenRequest,
  workload,
} from '../objects.ts';
import { reviews } from '../places.ts';
import { inTerminal, webSocket } from '../session.ts';
import type { Step } from '../step.ts';

const electron =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Lens/6.5.2 Chrome/102.0.5005.167 Electron/19.1.9 Safari/537.36';
const omar = asks('auditor', electron);
const omarKubectl = asks('auditor', 'kubectl/v1.31.0 (darwin/arm64) kubernetes/9edcffc');
const oncall = asks('oncall', 'kubectl/v1.31.0 (linux/amd64) kubernetes/9edcffc');
const k9s = asks('oncall', 'k9s/v0.32.5 (linux/amd64) kubernetes/$Format');
const lens = asks('oncall', electron);
const octant = asks('oncall', 'freelens/1.4.0 (linux)');
const adminHelm = asks('oncall', 'Helm/3.16.2');
const ended = asks('stranger', 'kubectl/v1.31.0 (darwin/arm64) kubernetes/9edcffc');
const probe = asks('stranger', 'kube-probe/1.31');
const balancer = asks('stranger', 'ELB-HealthChecker/2.0');
const core = '/api/v1';
const web = `${core}/namespaces/web`;
const staging = `${core}/namespaces/staging`;
const system = `${core}/namespaces/kube-system`;
const apps = '/apis/apps/v1/namespaces';
const watch = 'watch=true&timeoutSeconds=1';
const createdBy = 'fieldManager=kubectl-create&fieldValidation=Strict';
const applied = 'fieldManager=kubectl-client-side-apply&fieldValidation=Strict';
const rulesReview = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace: 'web' } };
const auditing: readonly Step[] = [
  ...['pods', 'nodes', 'namespaces', 'services', 'configmaps', 'events', 'persistentvolumes', 'serviceaccounts'].map((kind) =>
    omar.get(`${kind} in a desktop`, `${core}/${kind}`),
  ),
  omar.get('secrets in a desktop, refused', `${core}/secrets`),
  omar.post('what the desktop may', `${reviews}/selfsubjectrulesreviews`, rulesReview),
  omarKubectl.get('roles for the audit', `${rbac()}/clusterroles?limit=500`),
  omarKubectl.get('bindings for the audit', `${rbac()}/clusterrolebindings?limit=500`),
  omarKubectl.post('may I read secrets', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('list', 'secrets')),
  omarKubectl.post('who am I', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'SelfSubjectReview',
  }),
];

const administrator: readonly Step[] = [
  ...['/api?timeout=32s', '/apis?timeout=32s', '/readyz?verbose', '/metrics'].map((path) =>
    oncall.get('state of the cluster', path),
  ),
  oncall.get('nodes', `${core}/nodes?limit=500`, { times: 3 }),
  oncall.get('pods of all', `${core}/pods?limit=500`, { times: 3 }),
  oncall.get('events of all', `${core}/events?limit=500`),
  oncall.get('log of a system pod', `${system}/pods/external-dns-0/log`),
  oncall.get('usage of nodes', '/apis/metrics.k8s.io/v1beta1/nodes'),
  oncall.get('one secret looked at', `${web}/secrets/tls-shop`),
  oncall.strategic('node cordoned', `${core}/nodes/pool-a-2?fieldManager=kubectl-cordon`, { spec: { unschedulable: true } }),
  oncall.get('pods of the node', `${core}/pods?fieldSelector=spec.nodeName%3Dpool-a-2&limit=500`),
  ...['shop-a', 'shop-b', 'shop-c'].map((name) => oncall.post('drained', `${web}/pods/${name}/eviction`, eviction(name, 'web'))),
  oncall.strategic('node uncordoned', `${core}/nodes/pool-a-2?fieldManager=kubectl-cordon`, { spec: { unschedulable: null } }),
  oncall.strategic('node labelled', `${core}/nodes/pool-a-2?fieldManager=kubectl-label`, {
    metadata: { labels: { 'workload-class': 'batch' } },
  }),
  oncall.strategic('debugging container by an administrator', `${web}/pods/frontend-1/ephemeralcontainers`, {
    spec: {
      ephemeralContainers: [
        {
          name: 'debugger-abc12',
          image: 'registry.example.com/tools/debug:1.2',
          stdin: true,
          tty: true,
          targetContainerName: 'main',
        },
      ],
    },
  }),
  oncall.open('attached to it', `${web}/pods/frontend-1/attach?container=debugger-abc12&stdin=true&tty=true`, {
    method: 'GET',
    headers: webSocket,
  }),
  oncall.open('session by an administrator', inTerminal(`${web}/pods/frontend-0`, 'sh'), { method: 'GET', headers: webSocket }),
  oncall.open('configuration of a proxy', inTerminal(`${core}/namespaces/ingress-nginx/pods/ingress-nginx-0`, 'nginx', '-T')),
  oncall.open(
    'state of a database',
    inTerminal(`${core}/namespaces/databases/pods/orders-0`, 'psql', '-U', 'postgres', '-c', 'select 1'),
  ),
  oncall.open('port of a page', `${core}/namespaces/monitoring/pods/grafana-0/portforward`, {
    method: 'GET',
    headers: { ...webSocket, 'sec-websocket-protocol': 'SPDY/3.1+portforward.k8s.io' },
  }),
  oncall.post(
    'namespace for a team',
    `${core}/namespaces?${applied}`,
    named('Namespace', 'team-blue', { labels: { team: 'blue', 'pod-security.kubernetes.io/enforce': 'restricted' } }),
  ),
  oncall.post('its quota', `${core}/namespaces/team-blue/resourcequotas?${applied}`, quota('quota', 50)),
  oncall.post('its limits', `${core}/namespaces/team-blue/limitranges?${applied}`, {
    ...named('LimitRange', 'limits'),
    spec: { limits: [{ type: 'Container', max: { cpu: '4' } }] },
  }),
  oncall.post(
    'its wall',
    `/apis/networking.k8s.io/v1/namespaces/team-blue/networkpolicies?${applied}`,
    networkPolicy('deny-all'),
  ),
  oncall.post('its role', `${rbac('team-blue')}/rolebindings?${applied}`, roleBinding('edit', 'edit', ['Group', 'team-blue'])),
  oncall.post(
    'a small role',
    `${rbac('team-blue')}/roles?${applied}`,
    role('reader', [rule('', ['configmaps'], ['get', 'list', 'watch'])]),
  ),
  oncall.post(
    'account for a program',
    `${core}/namespaces/team-blue/serviceaccounts?${createdBy}`,
    named('ServiceAccount', 'api'),
  ),
  oncall.post('short token for a colleague', `${core}/namespaces/team-blue/serviceaccounts/api/token`, tokenRequest(3600)),
  oncall.strategic('limit raised', `${core}/namespaces/team-blue/resourcequotas/quota?fieldManager=kubectl-edit`, {
    spec: { hard: { pods: '80' } },
  }),
  oncall.strategic('names answered for a new zone', `${system}/configmaps/coredns?fieldManager=kubectl-edit`, {
    metadata: { annotations: { reviewed: 'yes' } },
  }),
  oncall.remove('broken pod removed', `${system}/pods/cilium-old`),
  oncall.merge('application scaled up', `${apps}/web/deployments/shop/scale`, { spec: { replicas: 6 } }),
  oncall.post(
    'rolled back',
    `${apps}/web/deployments?dryRun=All&fieldManager=kubectl-client-side-apply`,
    workload('Deployment', 'dry', goodSpec()),
  ),
  oncall.post('test pod', `${staging}/pods?fieldManager=kubectl-run`, pod('dns-test', goodSpec())),
  oncall.remove('test pod removed', `${staging}/pods/dns-test`),
  oncall.post(
    'balancer for a service',
    `${web}/services?${applied}`,
    service('public', { type: 'LoadBalancer', ports: [{ port: 443 }] }),
  ),
  ...['pods', 'nodes', 'namespaces', 'services', 'secrets', 'configmaps', 'events'].map((kind) =>
    k9s.get(`${kind} of all in k9s`, `${core}/${kind}?limit=500`),
  ),
  k9s.post('what k9s may do', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('list', 'pods'), { times: 20 }),
  k9s.get('usage in k9s', '/apis/metrics.k8s.io/v1beta1/pods', { times: 5 }),
  ...['pods', 'nodes', 'namespaces', 'secrets', 'configmaps', 'serviceaccounts', 'events', 'services'].map((kind) =>
    lens.get(`${kind} followed in a desktop`, `${core}/${kind}?${watch}`, { isStream: true }),
  ),
  lens.post('what a desktop may', `${reviews}/selfsubjectrulesreviews`, rulesReview, { times: 5 }),
  octant.get('roles in a desktop', `${rbac()}/clusterroles`),
  octant.get('bindings in a desktop', `${rbac()}/clusterrolebindings`),
  adminHelm.get('releases of all by helm', `${core}/secrets?labelSelector=owner%3Dhelm`),
  adminHelm.get('chart of the ingress by helm', `${core}/namespaces/ingress-nginx/secrets/sh.helm.release.v1.ingress-nginx.v7`),
];

const refused: readonly Step[] = [
  ended.get('token that has expired over the weekend', `${web}/pods?limit=500`, {
    token: 'eyJhbGciOiJSUzI1NiJ9.expired.x',
    times: 3,
    from: '127.0.3.10',
  }),
  probe.get('probe', '/livez', { times: 3 }),
  balancer.get('probe of a balancer', '/readyz', { times: 3 }),
  balancer.get('probe of a balancer at the root', '/', { times: 3 }),
  probe.get('version', '/version', { times: 2 }),
  asks('stranger', 'kubeadm/v1.37.2 (linux/amd64) kubernetes/3a1b2c3').get(
    'what a machine reads that joins',
    `${core}/namespaces/kube-public/configmaps/cluster-info?timeout=10s`,
    { from: '127.0.3.52' },
  ),
];

/** What those do who look after the cluster, and what comes to its door. */
export const administratorSteps: readonly Step[] = [...auditing, ...administrator, ...refused];
