import { asks } from '../ask.ts';
import {
  configMap,
  cronJob,
  goodSpec,
  job,
  named,
  ownRoleBinding,
  rbac,
  role,
  rule,
  selfAccessReview,
  service,
  tlsIngress,
  workload,
} from '../objects.ts';
import { apps, batch, core, custom, network, reviews } from '../places.ts';
import type { Step } from '../step.ts';

const gitlab = asks('gitlabDeploy', 'kubectl/v1.35.1 (linux/amd64) kubernetes/aa1b2c3');
const helm = asks('gitlabDeploy', 'Helm/3.17.2');
const actions = asks('actions', 'kubectl/v1.36.0 (linux/amd64) kubernetes/bb1b2c3');
const actionsHelm = asks('actions', 'Helm/3.18.0');
const terraform = asks('atlantis', 'HashiCorp/1.0 Terraform/1.11.4');
const runnerPods = asks('gitlabDeploy', 'gitlab-runner/v0.0.0 (linux/amd64) kubernetes/$Format');
const skaffold = asks('lena', 'skaffold/v2.14.0');
const release = (n: number): object => ({
  ...named('Secret', `sh.helm.release.v1.cart.v${n}`, {
    labels: { owner: 'helm', name: 'cart', status: 'deployed', version: `${n}` },
  }),
  type: 'helm.sh/release.v1',
  data: { release: 'SDRzSUFBQUE=' },
});
const secrets = `${core('orders')}/secrets`;
const newImage = {
  spec: { template: { spec: { containers: [{ name: 'main', image: 'registry.example.com/shop/web:1.5.0' }] } } },
};
const buildPod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'runner-8xk2p-project-42-concurrent-0',
    labels: { 'job.runner.gitlab.com/pod': 'runner-8xk2p-project-42-concurrent-0' },
  },
  spec: {
    restartPolicy: 'Never',
    containers: [
      { name: 'build', image: 'registry.example.com/build/node:22.1', resources: { limits: { memory: '2Gi' } } },
      { name: 'helper', image: 'registry.example.com/gitlab/helper:v17.9.1', resources: { limits: { memory: '128Mi' } } },
    ],
  },
};

/** Pipelines and what they roll out. */
export const builderSteps: readonly Step[] = [
  helm.get('discovery', '/version'),
  helm.get('groups', '/apis'),
  helm.get('releases', `${secrets}?labelSelector=name%3Dcart%2Cowner%3Dhelm`),
  helm.get('a release', `${secrets}/sh.helm.release.v1.cart.v1`),
  helm.post('a release, pending', secrets, release(1)),
  helm.get('is there an account?', `${core('orders')}/serviceaccounts/cart`),
  helm.post('an account', `${core('orders')}/serviceaccounts?fieldManager=helm`, named('ServiceAccount', 'cart')),
  helm.post(
    'settings',
    `${core('orders')}/configmaps?fieldManager=helm`,
    configMap('cart-settings', { LOG_LEVEL: 'info', 'app.yaml': 'server:\n  port: 8080\n' }),
  ),
  helm.post('a service', `${core('orders')}/services?fieldManager=helm`, service('cart-api', {})),
  helm.post(
    'a workload',
    `${apps('orders')}/deployments?fieldManager=helm`,
    workload('Deployment', 'cart-api', goodSpec({ serviceAccountName: 'cart' })),
  ),
  helm.post('a way in', `${network('orders')}/ingresses?fieldManager=helm`, tlsIngress('cart-api', 'tls', 'cart-api')),
  helm.post('a job before the next release', `${batch('orders')}/jobs`, job('cart-migrate-2', goodSpec())),
  helm.get('waits', `${apps('orders')}/deployments/cart-api`, { times: 5 }),
  helm.get(
    'waits for the job',
    `${batch('orders')}/jobs?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dcart-migrate-2`,
    { isStream: true },
  ),
  helm.strategic('the next release', `${apps('orders')}/deployments/cart-api`, newImage),
  helm.merge('the release of before', `${secrets}/sh.helm.release.v1.cart.v1`, {
    metadata: { labels: { status: 'superseded' } },
  }),
  helm.post('the release of now', secrets, release(2)),
  helm.remove('a release of long ago', `${secrets}/sh.helm.release.v1.cart.v1`),
  helm.remove('the job that is done', `${batch('orders')}/jobs/cart-migrate-2?propagationPolicy=Background`),
  gitlab.get('namespaces', '/api/v1/namespaces/orders'),
  gitlab.post('may I?', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('create', 'deployments', 'orders')),
  gitlab.get('openapi', '/openapi/v3?timeout=32s'),
  gitlab.strategic('kubectl set image', `${apps('orders')}/deployments/gateway?fieldManager=kubectl-set`, newImage),
  gitlab.get(
    'kubectl rollout status',
    `${apps('orders')}/deployments?fieldSelector=metadata.name%3Dgateway&watch=true&timeoutSeconds=1`,
    { isStream: true },
  ),
  gitlab.apply('kubectl apply --server-side', `${core('orders')}/configmaps/flags`, configMap('flags', { beta: 'on' })),
  gitlab.strategic('kubectl apply', `${apps('orders')}/deployments/mailer?fieldManager=kubectl-client-side-apply`, {
    metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } },
    spec: { replicas: 2 },
  }),
  gitlab.post(
    'kubectl diff',
    `${apps('orders')}/deployments?dryRun=All&fieldManager=kubectl`,
    workload('Deployment', 'diffed', goodSpec()),
  ),
  gitlab.post(
    'a namespace for a preview',
    '/api/v1/namespaces',
    named('Namespace', 'preview-77', { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } }),
  ),
  gitlab.post('a quota for it', `${core('preview-77')}/resourcequotas`, {
    ...named('ResourceQuota', 'q'),
    spec: { hard: { pods: '20' } },
  }),
  gitlab.post('an account for it', `${core('preview-77')}/serviceaccounts`, named('ServiceAccount', 'default')),
  gitlab.post('the workload in it', `${apps('preview-77')}/deployments`, workload('Deployment', 'web', goodSpec())),
  gitlab.get('its pods', `${core('preview-77')}/pods`),
  gitlab.remove('the preview goes', '/api/v1/namespaces/preview-77'),
  runnerPods.post('a pod for a build', `${core('gitlab')}/pods`, buildPod),
  runnerPods.post('credentials for a build', `${core('gitlab')}/secrets`, {
    ...named('Secret', 'runner-8xk2p-project-42-concurrent-0'),
    type: 'Opaque',
    data: {},
  }),
  runnerPods.get('the pod of a build', `${core('gitlab')}/pods/runner-8xk2p-project-42-concurrent-0`, { times: 4 }),
  runnerPods.open(
    'attached to a build',
    `${core('gitlab')}/pods/runner-8xk2p-project-42-concurrent-0/attach?container=build&stdin=true&stdout=true`,
  ),
  runnerPods.get('output of a build', `${core('gitlab')}/pods/runner-8xk2p-project-42-concurrent-0/log?container=build`),
  runnerPods.remove('the pod of a build goes', `${core('gitlab')}/pods/runner-8xk2p-project-42-concurrent-0`),
  runnerPods.remove('the credentials of a build go', `${core('gitlab')}/secrets/runner-8xk2p-project-42-concurrent-0`),
  actions.get('deployments', `${apps('billing')}/deployments`),
  actions.strategic('another image', `${apps('billing')}/deployments/invoices?fieldManager=kubectl-set`, newImage),
  actions.strategic('kubectl rollout restart', `${apps('billing')}/deployments/invoices?fieldManager=kubectl-rollout`, {
    spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-30T00:00:00Z' } } } },
  }),
  actions.get('pods of the release', `${core('billing')}/pods?labelSelector=app%3Dinvoices`),
  actions.get('output of the release', `${core('billing')}/pods/invoices-0/log?tailLines=50`),
  actionsHelm.get('releases', `${core('billing')}/secrets?labelSelector=owner%3Dhelm`),
  actionsHelm.post('a release', `${core('billing')}/secrets`, {
    ...release(1),
    ...named('Secret', 'sh.helm.release.v1.ledger.v1'),
  }),
  actions.post('a job of tests', `${batch('billing')}/jobs`, job('smoke-test', goodSpec())),
  actions.get('output of tests', `${core('billing')}/pods?labelSelector=job-name%3Dsmoke-test`),
  actions.remove('the job of tests', `${batch('billing')}/jobs/smoke-test?propagationPolicy=Foreground`),
  actions.apply('a job that recurs', `${batch('billing')}/cronjobs/report`, cronJob('report', goodSpec())),
  terraform.get('plan: namespaces', '/api/v1/namespaces/billing'),
  terraform.get('plan: roles', `${rbac('billing')}/roles/reader`),
  terraform.get('plan: bindings', `${rbac('billing')}/rolebindings/readers`),
  terraform.get('plan: settings', `${core('billing')}/configmaps`),
  terraform.get('plan: secret', `${core('billing')}/secrets/card-key-0`),
  terraform.post(
    'a role',
    `${rbac('billing')}/roles`,
    role('viewer-of-ledger', [rule('', ['configmaps', 'pods'], ['get', 'list'])]),
  ),
  terraform.post(
    'its binding',
    `${rbac('billing')}/rolebindings`,
    ownRoleBinding('viewers', 'viewer-of-ledger', ['Group', 'oidc:finance']),
  ),
  terraform.json('a label', '/api/v1/namespaces/billing', [{ op: 'add', path: '/metadata/labels/team', value: 'money' }]),
  terraform.post('limits', `${core('billing')}/limitranges`, {
    ...named('LimitRange', 'l'),
    spec: { limits: [{ type: 'Container', default: { memory: '256Mi' } }] },
  }),
  terraform.post('who may talk to whom', `${network('billing')}/networkpolicies`, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'allow-dns' },
    spec: { podSelector: {}, egress: [{ ports: [{ port: 53, protocol: 'UDP' }] }], policyTypes: ['Egress'] },
  }),
  skaffold.get('pods of the team', `${core('orders')}/pods?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dskaffold`),
  skaffold.apply(
    'a workload under work',
    `${apps('orders')}/deployments/cart-dev`,
    workload('Deployment', 'cart-dev', goodSpec()),
  ),
  skaffold.open('a port under work', `${core('orders')}/pods/cart-6d5f-abcde/portforward`),
  gitlab.get('an object that is not there', `${apps('orders')}/deployments/none`),
  gitlab.post('one that is there already', `${core('orders')}/services`, service('cart-api', {})),
  gitlab.post('one that is not valid', `${apps('orders')}/deployments`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'Bad_Name' },
    spec: {},
  }),
  gitlab.post('a certificate of an object of its own', `${custom('cert-manager.io', 'v1', 'orders')}/certificates`, {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: 'cart' },
    spec: { secretName: 'cart-tls', dnsNames: ['cart.example.com'] },
  }),
];
