import { asks } from '../ask.ts';
import {
  clusterRole,
  configMap,
  goodSpec,
  named,
  rbac,
  roleBinding,
  rule,
  selfAccessReview,
  service,
  workload,
} from '../objects.ts';
import { apps, core, custom, network, reviews } from '../places.ts';
import { agentOf, type Step } from '../step.ts';

const flux = asks('kustomizer', agentOf('kustomize-controller'));
const fluxHelm = asks('helmer', agentOf('helm-controller'));
const argo = asks('argoApp', 'argocd-application-controller/v3.1.5 (linux/amd64) kubernetes/$Format');
const front = asks('argoFront', 'argocd-server/v3.1.5 (linux/amd64) kubernetes/$Format');
const rollouts = asks('rollouts', agentOf('rollouts-controller'));
const reloader = asks('reloader', agentOf('reloader'));
const kured = asks('renovate', 'kured/v0.0.0 (linux/amd64) kubernetes/$Format');
const shop = apps('production');
const kustomization = (more: object = {}): object => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name: 'infra' },
  spec: { path: './infra', interval: '10m', prune: true },
  ...more,
});
const lists = ['deployments', 'statefulsets', 'daemonsets', 'replicasets'].map((plural) => `/apis/apps/v1/${plural}`);
const watched = [
  ...lists,
  '/api/v1/configmaps',
  '/api/v1/services',
  '/api/v1/secrets',
  '/api/v1/serviceaccounts',
  '/api/v1/namespaces',
  `${rbac()}/roles`,
  `${rbac()}/clusterroles`,
  `${rbac()}/clusterrolebindings`,
  '/api/v1/pods',
  '/apis/networking.k8s.io/v1/ingresses',
  '/apis/batch/v1/jobs',
];

/** What keeps the cluster as a repository says. */
export const shippingSteps: readonly Step[] = [
  ...watched.map((path) => argo.get(`a cache of ${path}`, `${path}?limit=500&resourceVersion=0`)),
  ...watched.map((path) =>
    argo.get(`a watch of ${path}`, `${path}?allowWatchBookmarks=true&watch=true&timeoutSeconds=1`, { isStream: true }),
  ),
  argo.strategic('the storefront', `${shop}/deployments/storefront?fieldManager=argocd-controller`, {
    spec: { template: { spec: { containers: [{ name: 'main', image: 'registry.example.com/shop/web:1.5.1' }] } } },
  }),
  argo.apply('its service', `${core('production')}/services/storefront`, service('storefront', {})),
  argo.apply(
    'settings',
    `${core('production')}/configmaps/storefront`,
    configMap('storefront', { 'nginx.conf': 'worker_processes auto;' }),
  ),
  argo.merge('the state of the application', `${custom('argoproj.io', 'v1', 'argocd')}/applications/shop`, {
    status: { sync: { status: 'Synced' } },
  }),
  argo.remove('what is no longer there', `${core('production')}/configmaps/old`),
  argo.apply(
    'a role of a chart',
    `${rbac()}/clusterroles/storefront-reader`,
    clusterRole('storefront-reader', [rule('', ['configmaps', 'endpoints'], ['get', 'list', 'watch'])]),
  ),
  front.get('an application', `${custom('argoproj.io', 'v1', 'argocd')}/applications`),
  front.get('output of a pod, shown', `${core('production')}/pods/storefront-0/log?tailLines=1000`),
  front.get('an object, shown', `${shop}/deployments/storefront`),
  front.post('may it?', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('get', 'pods', 'production')),
  front.get('its own settings', `${core('argocd')}/configmaps?watch=true&timeoutSeconds=1`, { isStream: true }),
  front.get('its own secrets', `${core('argocd')}/secrets?labelSelector=argocd.argoproj.io%2Fsecret-type%3Drepository`),
  flux.post('a kustomization', `${custom('kustomize.toolkit.fluxcd.io', 'v1', 'flux-system')}/kustomizations`, kustomization()),
  flux.apply('tried first', `${core('production')}/configmaps/edge?dryRun=All`, configMap('edge', { a: 'b' })),
  flux.apply('and made', `${core('production')}/configmaps/edge`, configMap('edge', { a: 'b' })),
  flux.apply(
    'a namespace',
    '/api/v1/namespaces/edge',
    named('Namespace', 'edge', { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } }),
  ),
  flux.apply('its workload', `${apps('production')}/deployments/edge`, workload('Deployment', 'edge', goodSpec())),
  flux.apply('its rights', `${rbac('production')}/rolebindings/edge`, roleBinding('edge', 'view', ['Group', 'oidc:orders-dev'])),
  flux.apply('who may talk to it', `${network('production')}/networkpolicies/edge`, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'edge' },
    spec: { podSelector: { matchLabels: { app: 'edge' } }, ingress: [{ from: [{ podSelector: {} }] }] },
  }),
  flux.get('is it ready?', `${apps('production')}/deployments/edge`, { times: 3 }),
  flux.post('an event', `${core('flux-system')}/events`, {
    ...named('Event', 'infra.1'),
    involvedObject: { kind: 'Kustomization', name: 'infra', namespace: 'flux-system' },
    reason: 'ReconciliationSucceeded',
  }),
  flux.get('a key for what is encrypted', `${core('flux-system')}/secrets/sops-age`),
  flux.get('its lock', '/apis/coordination.k8s.io/v1/namespaces/flux-system/leases/kustomize-controller-leader-election'),
  fluxHelm.get('releases', `${core('monitoring')}/secrets?labelSelector=owner%3Dhelm%2Cstatus%3Ddeployed`),
  fluxHelm.post('a release', `${core('monitoring')}/secrets`, {
    ...named('Secret', 'sh.helm.release.v1.loki.v1', { labels: { owner: 'helm' } }),
    type: 'helm.sh/release.v1',
  }),
  fluxHelm.post('an account of a chart', `${core('monitoring')}/serviceaccounts`, named('ServiceAccount', 'loki')),
  fluxHelm.post(
    'a stateful set of a chart',
    `${apps('monitoring')}/statefulsets`,
    workload('StatefulSet', 'loki', goodSpec({ serviceAccountName: 'loki' })),
  ),
  fluxHelm.post('a daemon set of a chart', `${apps('monitoring')}/daemonsets`, workload('DaemonSet', 'loki-canary', goodSpec())),
  fluxHelm.post(
    'a role of a chart',
    `${rbac()}/clusterroles`,
    clusterRole('loki', [rule('', ['configmaps', 'secrets'], ['get', 'list', 'watch'])]),
  ),
  rollouts.merge('a step of a rollout', `${custom('argoproj.io', 'v1', 'production')}/rollouts/web`, {
    status: { currentStepIndex: 2 },
  }),
  rollouts.post('a replica set', `${apps('production')}/replicasets`, workload('ReplicaSet', 'web-6b7', goodSpec())),
  rollouts.merge('fewer of the old', `${apps('production')}/replicasets/web-6b7`, { spec: { replicas: 0 } }),
  rollouts.merge('a service points to the new', `${core('production')}/services/storefront`, {
    spec: { selector: { 'rollouts-pod-template-hash': '6b7' } },
  }),
  reloader.get('secrets, watched', '/api/v1/secrets?watch=true&timeoutSeconds=1', { isStream: true }),
  reloader.strategic('a restart since a secret is new', `${apps('production')}/deployments/edge`, {
    spec: {
      template: {
        spec: {
          containers: [
            { name: 'main', env: [{ name: 'STAKATER_TLS_SECRET', value: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567' }] },
          ],
        },
      },
    },
  }),
  kured.get('its daemon set', `${apps('infra')}/daemonsets/kured`),
  kured.merge('a lock on its daemon set', `${apps('infra')}/daemonsets/kured`, {
    metadata: { annotations: { 'weave.works/kured-node-lock': '{"nodeID":"ip-10-4-0-2"}' } },
  }),
  kured.strategic('a node is cordoned for a restart', '/api/v1/nodes/ip-10-4-0-2', { spec: { unschedulable: true } }),
  kured.get('its pods', '/api/v1/pods?fieldSelector=spec.nodeName%3Dip-10-4-0-2'),
  kured.strategic('and is back', '/api/v1/nodes/ip-10-4-0-2', { spec: { unschedulable: null } }),
];
