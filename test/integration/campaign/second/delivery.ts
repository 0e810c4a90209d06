import { asks } from '../ask.ts';
import {
  admission,
  apiService,
  binding,
  certificateRequest,
  clusterRole,
  configMap,
  container,
  goodSpec,
  named,
  networkPolicy,
  pod,
  rbac,
  role,
  roleBinding,
  rule,
  service,
  template,
  tlsIngress,
  tokenRequest,
  webhookConfiguration,
  workload,
} from '../objects.ts';
import { apps, certificates, core } from '../places.ts';
import { agentOf, clients, type Step } from '../step.ts';

const kustomize = asks('kustomize', agentOf('kustomize-controller'));
const helm = asks('helmController', agentOf('helm-controller'));
const issuer = asks('issuer', 'cert-manager-certificates-issuing/v1.18.2 (linux/amd64) cert-manager/abc');
const injector = asks('caInjector', 'cert-manager-cainjector/v1.18.2 (linux/amd64) cert-manager/abc');
const external = asks('externalSecrets', agentOf('external-secrets'));
const builds = asks('builds', 'gitlab-runner 18.2.0 linux/amd64');
const runner = asks('runner', 'kubectl/v1.33.1 (linux/amd64) kubernetes/abc');
const reloader = asks('reloader', agentOf('Reloader'));
const airflow = asks('airflow', 'OpenAPI-Generator/32.0.0/python');
const delivered = { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' };
const fluxNamespace = named('Namespace', 'catalogue', {
  labels: { ...delivered, 'pod-security.kubernetes.io/enforce': 'baseline' },
});

const flux: readonly Step[] = [
  kustomize.apply('namespace applied', '/api/v1/namespaces/catalogue', fluxNamespace),
  kustomize.apply(
    'account applied',
    `${core('catalogue')}/serviceaccounts/catalogue`,
    named('ServiceAccount', 'catalogue', { labels: delivered }),
  ),
  kustomize.apply(
    'deployment tried',
    `${apps('catalogue')}/deployments/catalogue?dryRun=All`,
    workload('Deployment', 'catalogue', goodSpec()),
  ),
  kustomize.apply(
    'deployment applied',
    `${apps('catalogue')}/deployments/catalogue`,
    workload('Deployment', 'catalogue', goodSpec()),
    { times: 3 },
  ),
  kustomize.apply('service applied', `${core('catalogue')}/services/catalogue`, service('catalogue', {})),
  kustomize.apply(
    'role applied',
    `${rbac('catalogue')}/roles/catalogue`,
    role('catalogue', [rule('', ['configmaps'], ['get', 'list', 'watch'])]),
  ),
  kustomize.apply('binding applied', `${rbac('catalogue')}/rolebindings/catalogue`, {
    ...roleBinding('catalogue', 'catalogue', ['ServiceAccount', 'catalogue', 'catalogue']),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'catalogue' },
  }),
  kustomize.apply(
    'network policy applied',
    '/apis/networking.k8s.io/v1/namespaces/catalogue/networkpolicies/deny',
    networkPolicy('deny'),
  ),
  kustomize.apply(
    'ingress applied',
    '/apis/networking.k8s.io/v1/namespaces/catalogue/ingresses/shop',
    tlsIngress('shop', 'shop-tls', 'catalogue'),
  ),
  kustomize.remove('what left the repository is removed', `${core('catalogue')}/services/old`),
  kustomize.apply(
    'node agent applied',
    `${apps('monitoring')}/daemonsets/node-exporter`,
    workload('DaemonSet', 'node-exporter', {
      ...goodSpec({ hostNetwork: true, hostPID: true }),
      containers: [
        container({
          image: 'quay.io/prometheus/node-exporter:v1.9.1',
          volumeMounts: [{ name: 'root', mountPath: '/host/root', readOnly: true }],
        }),
      ],
      volumes: [{ name: 'root', hostPath: { path: '/' } }],
    }),
  ),
  kustomize.merge('state written', '/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories/apps/status', {
    status: {},
  }),
];

const charts: readonly Step[] = [
  helm.get('releases looked for', `${core('keda')}/secrets?labelSelector=owner%3Dhelm`),
  helm.post(
    'release stored',
    `${core('keda')}/secrets`,
    {
      ...named('Secret', 'sh.helm.release.v1.keda.v{n}', { labels: { owner: 'helm' } }),
      type: 'helm.sh/release.v1',
      stringData: { release: 'x' },
    },
    { times: 2 },
  ),
  helm.post('kind of a chart', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'scaledobjects.keda.sh' },
    spec: {
      group: 'keda.sh',
      scope: 'Namespaced',
      names: { plural: 'scaledobjects', singular: 'scaledobject', kind: 'ScaledObject', listKind: 'ScaledObjectList' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  }),
  helm.post('account of a chart', `${core('keda')}/serviceaccounts`, named('ServiceAccount', 'keda-metrics')),
  helm.post(
    'role of a chart',
    `${rbac()}/clusterroles`,
    clusterRole('keda-operator', [
      rule('', ['pods', 'services', 'secrets', 'external'], ['get', 'list', 'watch']),
      rule('*', ['*/scale'], ['get', 'update', 'patch']),
    ]),
  ),
  helm.post(
    'binding of a chart',
    `${rbac()}/clusterrolebindings`,
    binding('keda-operator', 'keda-operator', ['ServiceAccount', 'keda-operator', 'keda']),
  ),
  helm.post('workload of a chart', `${apps('keda')}/deployments`, workload('Deployment', 'keda-operator', goodSpec())),
  helm.post(
    'webhook of a chart',
    `${admission}/validatingwebhookconfigurations`,
    webhookConfiguration('Validating', 'keda-admission', {
      name: 'v.keda.sh',
      failurePolicy: 'Ignore',
      clientConfig: { service: { name: 'keda', namespace: 'keda', path: '/v' } },
      rules: [{ apiGroups: ['keda.sh'], apiVersions: ['*'], operations: ['CREATE'], resources: ['scaledobjects'] }],
    }),
  ),
  helm.post(
    'API of a chart',
    '/apis/apiregistration.k8s.io/v1/apiservices',
    apiService('external.metrics.k8s.io', 'v1beta1', { service: { name: 'keda', namespace: 'keda' } }),
  ),
  helm.strategic('chart upgraded', `${apps('keda')}/deployments/keda-operator`, {
    spec: { template: template('keda-operator', goodSpec()) },
  }),
];

const secrets: readonly Step[] = [
  issuer.get(
    'secrets watched',
    '/api/v1/secrets?watch=true&timeoutSeconds=1&labelSelector=controller.cert-manager.io%2Ffao%3Dtrue',
    { isStream: true },
  ),
  issuer.post('certificate stored', `${core('catalogue')}/secrets`, {
    ...named('Secret', 'shop-tls'),
    type: 'Opaque',
    stringData: { note: 'x' },
  }),
  issuer.apply(
    'certificate renewed',
    `${core('catalogue')}/secrets/shop-tls`,
    { ...named('Secret', 'shop-tls'), type: 'Opaque', stringData: { note: 'y' } },
    { times: 3 },
  ),
  issuer.post(
    'request signed',
    certificates,
    certificateRequest('istio-{n}', 'CSR-FOR-FRIEND', 'issuers.cert-manager.io/mesh', [
      'digital signature',
      'client auth',
      'server auth',
    ]),
    { times: 2 },
  ),
  injector.json('authority injected', `${admission}/validatingwebhookconfigurations/cert-manager-webhook`, [
    { op: 'add', path: '/metadata/annotations', value: { a: 'b' } },
  ]),
  injector.apply(
    'authority injected into an API',
    '/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.external.metrics.k8s.io',
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.external.metrics.k8s.io', annotations: { a: 'b' } },
    },
  ),
  external.get('secrets watched by a syncer', '/api/v1/secrets?watch=true&timeoutSeconds=1', { isStream: true }),
  external.post(
    'token for a vault',
    `${core('payments')}/serviceaccounts/checkout-api/token`,
    tokenRequest(600, { audiences: ['vault'] }),
    { times: 4 },
  ),
  external.post(
    'secret synced',
    `${core('catalogue')}/secrets`,
    { ...named('Secret', 'catalogue-{n}'), stringData: { a: 'b' } },
    { times: 4 },
  ),
  external.get('synced secret read', `${core('catalogue')}/secrets/catalogue-{n}`, { times: 4 }),
  external.merge('synced secret changed', `${core('catalogue')}/secrets/catalogue-{n}`, { stringData: { a: 'c' } }, { times: 4 }),
  external.get('secrets of everything read one by one', `${core('payments')}/secrets/key-{n}`, { times: 18 }),
  reloader.strategic('rolled for a new secret', `${apps('catalogue')}/deployments/catalogue`, {
    spec: { template: { metadata: { annotations: { 'reloader.stakater.com/last': 'x' } } } },
  }),
];

const pipelines: readonly Step[] = [
  builds.post('build', `${core('gitlab-runner')}/pods`, pod('runner-abc-{n}', goodSpec()), { times: 3 }),
  builds.post(
    'credentials of a build',
    `${core('gitlab-runner')}/secrets`,
    { ...named('Secret', 'runner-abc-{n}'), stringData: { a: 'b' } },
    { times: 3 },
  ),
  builds.open('build attached', `${core('gitlab-runner')}/pods/build-0/attach?container=main&stdin=true&stdout=true`),
  builds.open(
    'command of a build',
    `${core('gitlab-runner')}/pods/build-0/exec?command=sh&command=-c&command=cat+%2Fproc%2Fversion&container=main&stdin=true&stdout=true`,
  ),
  builds.get('log of a build', `${core('gitlab-runner')}/pods/build-0/log?follow=true`, { isStream: true }),
  builds.remove('build done', `${core('gitlab-runner')}/pods/runner-abc-{n}`, { times: 3 }),
  builds.remove('credentials of a build gone', `${core('gitlab-runner')}/secrets/runner-abc-{n}`, { times: 3 }),
  runner.get('deployment looked at', `${apps('gitlab-runner')}/deployments/cache`, { times: 2 }),
  runner.apply('deployed', `${apps('gitlab-runner')}/deployments/cache`, workload('Deployment', 'cache', goodSpec())),
  runner.post('migration', '/apis/batch/v1/namespaces/gitlab-runner/jobs', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { generateName: 'migrate-' },
    spec: { template: { spec: { restartPolicy: 'Never', ...goodSpec() } } },
  }),
  runner.get('a mistake of the pipeline', `${core('payments')}/pods`, { times: 2 }),
  airflow.post('task', `${core('data')}/pods`, pod('task-{n}', goodSpec()), { times: 5 }),
  airflow.get('log of a task', `${core('data')}/pods/task-{n}/log`, { times: 5 }),
  airflow.open('side file of a task', `${core('data')}/pods/task-0/exec?command=%2Fbin%2Fsh&stdin=true&stdout=true`, {
    method: 'GET',
  }),
  airflow.remove('task done', `${core('data')}/pods/task-{n}`, { times: 5 }),
  airflow.put('settings of the tasks', `${core('data')}/configmaps/tasks`, configMap('tasks', { level: 'info' })),
];

/** Delivery from repositories, charts, certificates, secrets and pipelines. */
export const deliverySteps: readonly Step[] = [
  ...flux,
  ...charts,
  ...secrets,
  ...pipelines,
  asks('kustomize', clients.helm).get('version', '/version'),
];
