import { asks } from '../ask.ts';
import {
  binding,
  cronJob,
  eviction,
  goodSpec,
  job,
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
import { apps, batch, core, network, reviews } from '../places.ts';
import { inTerminal, words } from '../session.ts';
import type { Step } from '../step.ts';

const lena = asks('lena', 'kubectl/v1.36.1 (darwin/arm64) kubernetes/5a1b2c3');
const yuki = asks('yuki', 'k9s/v0.50.9 (linux/amd64) kubernetes/$Format');
const ana = asks('ana', 'kubectl/v1.35.0 (linux/amd64) kubernetes/6a1b2c3');
const desk = asks('desk', 'kubectl/v1.36.0 (windows/amd64) kubernetes/7a1b2c3');
const omar = asks('omarOps', 'kubectl/v1.37.2 (linux/amd64) kubernetes/3a1b2c3');
const ingrid = asks('ingrid', 'kubectl/v1.37.0 (darwin/arm64) kubernetes/8a1b2c3');
const helm = asks('ingrid', 'Helm/3.18.4');
const lens = asks('yuki', 'Lens/2026.3.1');
const code = asks('lena', 'vscode-kubernetes-tools/1.3.22');
const pods = `${core('orders')}/pods`;
const cart = `${pods}/cart-6d5f-abcde`;
const run = (pod: string, ...parts: readonly string[]): string =>
  `${pod}/exec?${words(parts)}&container=main&stdout=true&stderr=true`;
const table = { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' } };

/** Those who work with the cluster. */
export const crewSteps: readonly Step[] = [
  lena.get('the version', '/version?timeout=32s'),
  lena.get('groups', '/api?timeout=32s'),
  lena.get('groups', '/apis?timeout=32s'),
  lena.get('kubectl get pods', `${pods}?limit=500`, table),
  lena.get('kubectl get pods -w', `${pods}?watch=true&timeoutSeconds=1`, { isStream: true, ...table }),
  lena.get('kubectl describe pod', cart),
  lena.get('its events', `${core('orders')}/events?fieldSelector=involvedObject.name%3Dcart-6d5f-abcde`),
  lena.get('kubectl logs', `${cart}/log?container=main&tailLines=100`),
  lena.get('kubectl logs -f', `${cart}/log?follow=true`, { isStream: true }),
  lena.get('kubectl logs -l, a few pods', `${pods}/batch-{n}/log?tailLines=10`, { times: 4 }),
  lena.get('kubectl get deploy', `${apps('orders')}/deployments?limit=500`, table),
  lena.get('kubectl get svc', `${core('orders')}/services?limit=500`, table),
  lena.get('kubectl get cm', `${core('orders')}/configmaps?limit=500`, table),
  lena.get('kubectl get jobs', `${batch('orders')}/jobs?limit=500`, table),
  lena.open('kubectl exec, the folder', run(cart, 'ls', '-la', '/app')),
  lena.open('kubectl exec, settings', run(cart, 'cat', '/app/config/application.yaml')),
  lena.open('kubectl port-forward', `${cart}/portforward?ports=8080`),
  lena.merge('kubectl scale', `${apps('orders')}/deployments/gateway/scale`, { spec: { replicas: 3 } }),
  lena.strategic('kubectl rollout restart', `${apps('orders')}/deployments/gateway?fieldManager=kubectl-rollout`, {
    spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-30T09:00:00+01:00' } } } },
  }),
  lena.strategic('kubectl label', `${pods}/batch-0`, { metadata: { labels: { watch: 'me' } } }),
  lena.strategic('kubectl annotate', `${apps('orders')}/deployments/cart`, {
    metadata: { annotations: { note: 'see the page' } },
  }),
  lena.post('kubectl create job --from', `${batch('orders')}/jobs`, {
    ...job('nightly-by-hand', goodSpec()),
    metadata: { name: 'nightly-by-hand', annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' } },
  }),
  lena.remove('kubectl delete job', `${batch('orders')}/jobs/nightly-by-hand?propagationPolicy=Background`),
  lena.remove('kubectl delete pod, to restart', `${pods}/batch-3`),
  lena.post('kubectl run, the good way', pods, pod('try-1', goodSpec())),
  lena.remove('and gone', `${pods}/try-1`),
  lena.post('kubectl auth can-i', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('delete', 'deployments', 'orders')),
  lena.get('a slip: a namespace that is not hers', `${core('billing')}/pods`),
  lena.get('a slip: all namespaces', '/api/v1/pods?limit=500'),
  lena.get('a slip: secrets', `${core('orders')}/secrets`),
  lena.post('a slip: a pod where she may not', `${core('production')}/pods`, pod('try-2', goodSpec())),
  code.get('an editor looks', `${apps('orders')}/deployments`),
  code.get('an editor looks', `${core('orders')}/configmaps/flags`),
  yuki.get('a desktop tool: pods', `${pods}?limit=500&resourceVersion=0`),
  yuki.get('a desktop tool: watched', `${pods}?watch=true&timeoutSeconds=1`, { isStream: true }),
  yuki.get('a desktop tool: load', '/apis/metrics.k8s.io/v1beta1/namespaces/orders/pods'),
  yuki.post('a desktop tool: may I?', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('list', 'pods', 'ns{n}'), {
    times: 5,
  }),
  yuki.get('a desktop tool: nodes', '/api/v1/nodes'),
  yuki.get('a desktop tool: namespaces', '/api/v1/namespaces'),
  yuki.get('a desktop tool: output', `${cart}/log?follow=true&tailLines=100`, { isStream: true }),
  lens.get('another: pods', pods),
  lens.get('another: workloads', `${apps('orders')}/deployments`),
  lens.get('another: sets', `${apps('orders')}/replicasets`),
  lens.get('another: jobs', `${batch('orders')}/cronjobs`),
  ana.get('pods of the data', `${core('data')}/pods`),
  ana.get('services of the data', `${core('data')}/services`),
  ana.get('a slip: logs are not hers', `${core('data')}/pods/airflow-scheduler-0/log`),
  desk.get('where is it?', '/api/v1/pods?fieldSelector=metadata.name%3Dcart-6d5f-abcde'),
  desk.get('services', '/api/v1/services?limit=500', table),
  desk.get('a pod', cart),
  desk.get('a slip: logs', `${cart}/log`),
  omar.get('nodes', '/api/v1/nodes?limit=500', table),
  omar.get('all pods', '/api/v1/pods?limit=500', table),
  omar.get('namespaces', '/api/v1/namespaces?limit=500', table),
  omar.get('events', '/api/v1/events?limit=500', table),
  omar.get('kubectl top', '/apis/metrics.k8s.io/v1beta1/nodes'),
  omar.get('health', '/readyz?verbose'),
  omar.strategic('kubectl cordon', '/api/v1/nodes/ip-10-4-0-2', { spec: { unschedulable: true } }),
  omar.get('kubectl drain: pods', '/api/v1/pods?fieldSelector=spec.nodeName%3Dip-10-4-0-2&limit=500'),
  omar.post('kubectl drain: a pod', `${pods}/batch-10/eviction`, eviction('batch-10', 'orders')),
  omar.post('kubectl drain: another', `${pods}/batch-9/eviction`, eviction('batch-9', 'orders')),
  omar.strategic('kubectl uncordon', '/api/v1/nodes/ip-10-4-0-2', { spec: { unschedulable: null } }),
  omar.post(
    'a namespace for a team',
    '/api/v1/namespaces',
    named('Namespace', 'team-green', { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } }),
  ),
  omar.post('its quota', `${core('team-green')}/resourcequotas`, quota('q', 50)),
  omar.post('its limits', `${core('team-green')}/limitranges`, {
    ...named('LimitRange', 'l'),
    spec: { limits: [{ type: 'Container', default: { cpu: '1' } }] },
  }),
  omar.post('its policy', `${network('team-green')}/networkpolicies`, networkPolicy('deny')),
  omar.post('its role', `${rbac('team-green')}/roles`, role('dev', [rule('', ['pods', 'pods/log'], ['get', 'list', 'watch'])])),
  omar.post('who has it', `${rbac('team-green')}/rolebindings`, { ...roleBinding('dev', 'view', ['Group', 'oidc:green']) }),
  omar.post('an account of its pipeline', `${core('team-green')}/serviceaccounts`, named('ServiceAccount', 'ci')),
  omar.post(
    'a way for the eyes only',
    `${rbac()}/clusterrolebindings`,
    binding('green-nodes', 'system:discovery', ['Group', 'oidc:green']),
  ),
  omar.post('for how few there may be', '/apis/policy/v1/namespaces/orders/poddisruptionbudgets', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'cart' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'cart' } } },
  }),
  omar.get('what a role says', `${rbac('orders')}/roles/orders-dev`),
  omar.get('who is in it', `${rbac('orders')}/rolebindings?limit=500`, table),
  omar.get('kinds', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?limit=500', table),
  omar.get('classes', '/apis/storage.k8s.io/v1/storageclasses'),
  omar.get('a setting of the system', `${core('kube-system')}/configmaps/coredns`),
  omar.get('pods of the system', `${core('kube-system')}/pods?limit=500`, table),
  omar.get('output of the name service', `${core('kube-system')}/pods/coredns-5d78c9869d-7xk2p/log?tailLines=50`),
  omar.strategic('the name service anew', `${apps('kube-system')}/deployments/coredns?fieldManager=kubectl-rollout`, {
    spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-30T10:00:00Z' } } } },
  }),
  omar.open('a terminal, by the one on call', inTerminal(`${core('billing')}/pods/ledger-0`, 'sh')),
  ingrid.get('a secret of a ticket', `${core('orders')}/secrets/tls`),
  ingrid.merge('more of one', `${apps('billing')}/deployments/ledger/scale`, { spec: { replicas: 4 } }),
  ingrid.post('a token for a pipeline', `${core('team-green')}/serviceaccounts/ci/token`, tokenRequest(3600)),
  ingrid.post('a job by hand', `${batch('billing')}/jobs`, job('recount', goodSpec())),
  ingrid.post('a job of each week', `${batch('billing')}/cronjobs`, cronJob('weekly', goodSpec())),
  ingrid.json('off for a while', `${batch('billing')}/cronjobs/weekly`, [{ op: 'add', path: '/spec/suspend', value: true }]),
  ingrid.apply('a workload', `${apps('billing')}/deployments/rates`, workload('Deployment', 'rates', goodSpec())),
  ingrid.apply('its service', `${core('billing')}/services/rates`, service('rates', {})),
  ingrid.strategic('kubectl rollout undo', `${apps('billing')}/deployments/rates?fieldManager=kubectl-rollout`, {
    spec: { template: { spec: { containers: [{ name: 'main', image: 'registry.example.com/shop/web:1.4.1' }] } } },
  }),
  ingrid.strategic('kubectl set resources', `${apps('billing')}/deployments/rates`, {
    spec: { template: { spec: { containers: [{ name: 'main', resources: { limits: { memory: '256Mi' } } }] } } },
  }),
  ingrid.strategic('kubectl set env', `${apps('billing')}/deployments/rates`, {
    spec: { template: { spec: { containers: [{ name: 'main', env: [{ name: 'LOG_LEVEL', value: 'debug' }] }] } } },
  }),
  ingrid.remove('kubectl delete deploy', `${apps('billing')}/deployments/rates`),
  ingrid.remove('and its service', `${core('billing')}/services/rates`),
  helm.get('helm list', `${core('billing')}/secrets?labelSelector=owner%3Dhelm`),
  helm.get('helm status', `${core('billing')}/secrets/sh.helm.release.v1.ledger.v1`),
  ingrid.put('kubectl replace', `${core('billing')}/configmaps/rates`, { ...named('ConfigMap', 'rates'), data: { eur: '1.0' } }),
  ingrid.post('settings', `${core('billing')}/configmaps`, {
    ...named('ConfigMap', 'rates'),
    data: { eur: '1.0', url: 'https://rates.example.com/v1' },
  }),
  ingrid.get('kubectl explain', '/openapi/v3/apis/apps/v1'),
  ingrid.get('kubectl get all, one of them', `${core('billing')}/replicationcontrollers?limit=500`),
  ingrid.get('a token that ran out on a laptop', '/api/v1/namespaces', { certificate: 'expired', times: 2 }),
];
