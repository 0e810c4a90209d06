import { asks } from '../ask.ts';
import { configMap, cronJob, goodSpec, job, named, selfAccessReview, workload } from '../objects.ts';
import { reviews } from '../places.ts';
import { inTerminal, webSocket } from '../session.ts';
import type { Step } from '../step.ts';

const jonas = asks('jonas', 'kubectl/v1.31.0 (darwin/arm64) kubernetes/9edcffc');
const jonasK9s = asks('jonas', 'k9s/v0.32.5 (darwin/arm64) kubernetes/$Format');
const jonasHelm = asks('jonas', 'Helm/3.16.2');
const tilt = asks('jonas', 'tilt/v0.33.20 (darwin/arm64) kubernetes/$Format');
const mei = asks('mei', 'OpenAPI-Generator/30.1.0/python');
const meiKubectl = asks('mei', 'kubectl/v1.30.2 (linux/amd64) kubernetes/3968350');
const ruth = asks('ruth', 'kubectl/v1.30.2 (windows/amd64) kubernetes/3968350');
const core = '/api/v1';
const web = `${core}/namespaces/web`;
const staging = `${core}/namespaces/staging`;
const apps = '/apis/apps/v1/namespaces';
const batch = '/apis/batch/v1/namespaces';
const watch = 'watch=true&timeoutSeconds=1';
const createdBy = 'fieldManager=kubectl-create&fieldValidation=Strict';
const applied = 'fieldManager=kubectl-client-side-apply&fieldValidation=Strict';
const release = (name: string): object => ({
  ...named('Secret', name, { labels: { owner: 'helm', name: 'shop', status: 'deployed' } }),
  type: 'helm.sh/release.v1',
  data: { release: 'SDRzSUFBQUE=' },
});

const developer: readonly Step[] = [
  ...['/api?timeout=32s', '/apis?timeout=32s', '/openapi/v2?timeout=32s', '/openapi/v3?timeout=32s', '/version?timeout=32s'].map(
    (path) => jonas.get('discovery', path),
  ),
  jonas.get('pods', `${web}/pods?limit=500`, { times: 4 }),
  jonas.get('pods followed', `${web}/pods?${watch}`, { isStream: true }),
  jonas.get('pods of all, refused', `${core}/pods?limit=500`),
  jonas.get('nodes, refused', `${core}/nodes?limit=500`),
  jonas.get('namespaces, refused', `${core}/namespaces?limit=500`),
  jonas.get('deployment described', `${apps}/web/deployments/shop`),
  jonas.get('replica sets described', `${apps}/web/replicasets?labelSelector=app%3Dshop&limit=500`),
  jonas.get('events', `${web}/events?limit=500`),
  jonas.get('log', `${web}/pods/frontend-0/log?container=main&follow=true`, { isStream: true, times: 3 }),
  jonas.get('log of the run before', `${web}/pods/frontend-0/log?container=main&previous=true`),
  jonas.open('shell in his own application', inTerminal(`${staging}/pods/shop-0`, 'sh'), { method: 'GET', headers: webSocket }),
  jonas.open('list of files', inTerminal(`${staging}/pods/shop-0`, 'ls', '-la', '/app'), { method: 'GET', headers: webSocket }),
  jonas.open('console of the framework', inTerminal(`${staging}/pods/shop-0`, 'bin/rails', 'console'), {
    method: 'GET',
    headers: webSocket,
  }),
  jonas.open('port forwarded', `${staging}/pods/shop-0/portforward`, {
    method: 'GET',
    headers: { ...webSocket, 'sec-websocket-protocol': 'SPDY/3.1+portforward.k8s.io' },
  }),
  jonas.get('not there', `${web}/configmaps/no-such`),
  jonas.post('config map', `${web}/configmaps?${createdBy}`, configMap('features', { 'dark-mode': 'on' })),
  jonas.strategic('config map applied', `${web}/configmaps/features?${applied}`, { data: { 'dark-mode': 'off' } }),
  jonas.post('secret made', `${web}/secrets?${createdBy}`, { ...named('Secret', 'api-key'), stringData: { key: 'x' } }),
  jonas.get('own secret looked up', `${web}/secrets/api-key`),
  jonas.post('deployment applied', `${apps}/staging/deployments?${applied}`, workload('Deployment', 'trial', goodSpec())),
  jonas.strategic('deployment applied again', `${apps}/staging/deployments/trial?${applied}`, { spec: { replicas: 2 } }),
  jonas.strategic('restarted', `${apps}/web/deployments/shop?fieldManager=kubectl-rollout`, {
    spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-29T12:00:00Z' } } } },
  }),
  jonas.merge('scaled', `${apps}/staging/deployments/trial/scale`, { spec: { replicas: 3 } }),
  jonas.remove('trial removed', `${apps}/staging/deployments/trial`),
  jonas.remove('pod removed to restart it', `${staging}/pods/shop-1`),
  jonas.post('job by hand from a cron job', `${batch}/staging/jobs?${createdBy}`, {
    ...job('report-manual-1', goodSpec()),
    metadata: { name: 'report-manual-1', annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' } },
  }),
  jonas.post('cron job', `${batch}/staging/cronjobs?${applied}`, cronJob('report', goodSpec())),
  jonas.post('may I', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('create', 'deployments', 'web')),
  jonas.post('namespace, refused', `${core}/namespaces?${createdBy}`, named('Namespace', 'jonas')),
  jonasK9s.post('what k9s may', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('list', 'pods', 'web'), { times: 12 }),
  ...['pods', 'services', 'configmaps', 'events', 'secrets'].map((kind) =>
    jonasK9s.get(`${kind} in k9s`, `${web}/${kind}?limit=500`),
  ),
  jonasK9s.get('nodes in k9s, refused', `${core}/nodes`, { times: 4 }),
  jonasK9s.get('metrics in k9s, refused', '/apis/metrics.k8s.io/v1beta1/nodes', { times: 3 }),
  jonasHelm.get('releases by helm', `${staging}/secrets?labelSelector=owner%3Dhelm`),
  jonasHelm.post('release by helm', `${staging}/secrets`, release('sh.helm.release.v1.shop.v1')),
  jonasHelm.get('release read by helm', `${staging}/secrets/sh.helm.release.v1.shop.v1`, { times: 2 }),
  jonasHelm.post('objects by helm', `${apps}/staging/deployments?fieldManager=helm`, workload('Deployment', 'shop', goodSpec())),
  jonasHelm.get('history by helm', `${staging}/secrets?labelSelector=name%3Dshop%2Cowner%3Dhelm`),
  jonasHelm.remove('old release removed by helm', `${staging}/secrets/sh.helm.release.v1.shop.v1`),
  tilt.get('pods of a session of development', `${staging}/pods?${watch}`, { isStream: true }),
  tilt.open('files brought by a tool of development', inTerminal(`${staging}/pods/shop-0`, 'tar', '-C', '/', '-x', '-f', '-'), {
    method: 'GET',
    headers: webSocket,
  }),
];

const scientist: readonly Step[] = [
  mei.get('pods from a notebook', `${core}/namespaces/ml/pods`),
  mei.post(
    'training',
    `${batch}/ml/jobs`,
    job(
      'train-7',
      goodSpec({
        containers: [
          {
            name: 'main',
            image: 'registry.example.com/ml/train:2.1',
            resources: { limits: { 'nvidia.com/gpu': '8', cpu: '32', memory: '256Gi' } },
          },
        ],
      }),
    ),
  ),
  mei.get('training followed', `${core}/namespaces/ml/pods?labelSelector=job-name%3Dtrain-7&${watch}`, { isStream: true }),
  mei.get('log of the training', `${core}/namespaces/ml/pods/train-7-x/log`),
  mei.remove('training removed', `${batch}/ml/jobs/train-7?propagationPolicy=Background`),
  meiKubectl.open('look at the memory', inTerminal(`${core}/namespaces/ml/pods/workflow-0`, 'nvidia-smi')),
  meiKubectl.open('result copied', inTerminal(`${core}/namespaces/ml/pods/workflow-0`, 'tar', 'cf', '-', '/results/run-7')),
];

const support: readonly Step[] = [
  ruth.get('pods of a customer', `${web}/pods?limit=500`),
  ruth.get('logs of a customer', `${web}/pods/frontend-0/log?tailLines=200`, { times: 5 }),
  ruth.open('support looks', inTerminal(`${web}/pods/frontend-0`, 'cat', '/app/version.txt')),
  ruth.open('support looks at the processes', inTerminal(`${web}/pods/frontend-0`, 'ps', 'aux')),
  ruth.open('support asks the application', inTerminal(`${web}/pods/frontend-0`, 'curl', '-s', 'http://localhost:8080/healthz')),
  ruth.open('date', inTerminal(`${web}/pods/frontend-0`, 'date')),
  ruth.get('secret, refused', `${web}/secrets/api-key`),
  ruth.remove('pod, refused', `${web}/pods/frontend-0`),
];

/** What those do who work with what runs in the cluster. */
export const developerSteps: readonly Step[] = [...developer, ...scientist, ...support];
