import { asks } from '../ask.ts';
import {
  admission,
  binding,
  clusterRole,
  goodSpec,
  ingress,
  job,
  named,
  networkPolicy,
  owned,
  pod,
  quota,
  rbac,
  role,
  roleBinding,
  rule,
  service,
  template,
  webhookConfiguration,
  workload,
} from '../objects.ts';
import { apps, core } from '../places.ts';
import { agentOf, type Step } from '../step.ts';

const deployHelm = asks('deploy', 'Helm/3.15.4');
const deployKubectl = asks('deploy', 'kubectl/v1.30.4 (linux/amd64) kubernetes/a51b3b7');
const terraform = asks('terraform', 'HashiCorp/1.0 Terraform/1.9.5');
const tekton = asks('tekton', agentOf('controller'));
const argoServer = asks('argoServer', 'argocd-server/v2.12.3 (linux/amd64) kubernetes/$Format');
const argo = asks('argoController', 'argocd-application-controller/v2.12.3 (linux/amd64) kubernetes/$Format');
const flux = asks('fluxHelm', 'helm-controller/v1.1.0 (linux/amd64) kubernetes/$Format');
const jenkins = asks('jenkins', 'fabric8-kubernetes-client/6.10.0');
const workflow = asks('argoWorkflow', agentOf('argo-workflows-executor'));
const watch = 'watch=true&timeoutSeconds=1';
const release = (n: number): string => `sh.helm.release.v1.web.v${n}`;
const pipelines: readonly Step[] = [
  deployHelm.get('releases', `${core('web')}/secrets?labelSelector=name%3Dweb%2Cowner%3Dhelm%2Cstatus%3Ddeployed`),
  ...[11, 12, 13, 14, 15].map((n) => deployHelm.get('release', `${core('web')}/secrets/${release(n)}`)),
  deployHelm.post('new release', `${core('web')}/secrets`, {
    ...named('Secret', release(16), { labels: { owner: 'helm', name: 'web' } }),
    type: 'helm.sh/release.v1',
    data: { release: 'eA==' },
  }),
  deployHelm.strategic('deployment', `${apps('web')}/deployments/shop?fieldManager=helm`, {
    spec: { template: template('shop', goodSpec()) },
  }),
  deployHelm.post(
    'job before the release',
    '/apis/batch/v1/namespaces/web/jobs?fieldManager=helm',
    job('web-migrate', goodSpec()),
  ),
  deployHelm.get('job watched', `/apis/batch/v1/namespaces/web/jobs?fieldSelector=metadata.name%3Dweb-migrate&${watch}`, {
    isStream: true,
  }),
  deployHelm.remove('job removed', '/apis/batch/v1/namespaces/web/jobs/web-migrate?propagationPolicy=Background'),
  deployHelm.remove('oldest release removed', `${core('web')}/secrets/${release(6)}`),
  deployKubectl.get('state of the rollout', `${apps('web')}/deployments/shop?${watch}`, { isStream: true }),
  deployKubectl.post(
    'namespace of a preview',
    '/api/v1/namespaces?fieldManager=kubectl-create',
    named('Namespace', 'preview-482', { labels: { preview: '482' } }),
  ),
  deployKubectl.post('pull secret of a preview', `${core('preview-482')}/secrets?fieldManager=kubectl-create`, {
    ...named('Secret', 'registry'),
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': '{"auths":{}}' },
  }),
  deployKubectl.post(
    'deployment of a preview',
    `${apps('preview-482')}/deployments?fieldManager=kubectl-client-side-apply`,
    workload('Deployment', 'shop', goodSpec()),
  ),
  deployKubectl.post(
    'service of a preview',
    `${core('preview-482')}/services?fieldManager=kubectl-client-side-apply`,
    service('shop', {}),
  ),
  deployKubectl.post(
    'ingress of a preview',
    '/apis/networking.k8s.io/v1/namespaces/preview-482/ingresses?fieldManager=kubectl-client-side-apply',
    ingress(
      'shop',
      {
        tls: [{ hosts: ['pr-482.example.com'], secretName: 'pr-482-tls' }],
        rules: [
          {
            host: 'pr-482.example.com',
            http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'shop', port: { number: 80 } } } }] },
          },
        ],
      },
      { annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt' } },
    ),
  ),
  deployKubectl.remove('namespace of a preview removed', `/api/v1/namespaces/preview-481`),
  asks('stranger', 'kubectl/v1.30.4 (linux/amd64) kubernetes/a51b3b7').get(
    'expired token of a pipeline',
    `${apps('web')}/deployments/shop`,
    { token: 'eyJhbGciOiJSUzI1NiJ9.old-job.x', from: '127.0.3.20', times: 5 },
  ),
  terraform.get('state read', `${core('web')}/secrets/tfstate-default-web`),
  terraform.put('state written', `${core('web')}/secrets/tfstate-default-web`, {
    ...named('Secret', 'tfstate-default-web'),
    stringData: { tfstate: 'x' },
  }),
  terraform.post(
    'namespace',
    '/api/v1/namespaces',
    named('Namespace', 'tf-apps', { labels: { 'app.kubernetes.io/managed-by': 'terraform' } }),
  ),
  terraform.post('quota', `${core('tf-apps')}/resourcequotas`, quota('q', 20)),
  terraform.post('wall', '/apis/networking.k8s.io/v1/namespaces/tf-apps/networkpolicies', networkPolicy('deny-all')),
  terraform.post(
    'role',
    `${rbac()}/clusterroles`,
    clusterRole('tf-reader', [rule('', ['pods', 'services'], ['get', 'list', 'watch'])]),
  ),
  terraform.post('binding', `${rbac()}/clusterrolebindings`, binding('tf-reader', 'tf-reader', ['Group', 'readers'])),
  tekton.post('pod of a task', `${core('ci')}/pods`, pod('build-task-1', goodSpec(), owned('TaskRun', 'build'))),
  tekton.get('pod of a task followed', `${core('ci')}/pods?${watch}`, { isStream: true }),
  jenkins.post('agent of a build', `${core('ci')}/pods`, pod('jenkins-agent-1', goodSpec(), { labels: { jenkins: 'slave' } })),
  jenkins.open(
    'command of a build',
    `${core('ci')}/pods/jenkins-agent-1/exec?command=sh&container=main&stdin=true&stdout=true&tty=true`,
    { method: 'GET' },
  ),
  jenkins.remove('agent of a build removed', `${core('ci')}/pods/jenkins-agent-1`),
  workflow.post('result of a step', '/apis/argoproj.io/v1/namespaces/ml/workflowtaskresults', {
    apiVersion: 'argoproj.io/v1',
    kind: 'WorkflowTaskResult',
    metadata: { name: 'step-1' },
  }),
  workflow.get('pod of a step', `${core('ml')}/pods/workflow-0`),
  argoServer.get('clusters of Argo CD', `${core('argocd')}/secrets?labelSelector=argocd.argoproj.io%2Fsecret-type%3Dcluster`),
  argoServer.get('settings of Argo CD', `${core('argocd')}/secrets/argocd-secret`),
  argoServer.get('settings followed', `${core('argocd')}/secrets?${watch}`, { isStream: true }),
  ...[
    'pods',
    'services',
    'secrets',
    'configmaps',
    'serviceaccounts',
    'namespaces',
    'events',
    'persistentvolumeclaims',
    'resourcequotas',
  ].map((kind) => argo.get(`${kind} followed by Argo CD`, `/api/v1/${kind}?${watch}`, { isStream: true })),
  argo.get('roles by Argo CD', `${rbac()}/clusterroles?limit=500`),
  argo.apply('delivered', `${apps('web')}/deployments/delivered`, workload('Deployment', 'delivered', goodSpec())),
  argo.post(
    'made by Argo CD',
    `${apps('web')}/deployments?fieldManager=argocd-controller`,
    workload('Deployment', 'api', goodSpec()),
  ),
  argo.post('role by Argo CD', `${rbac('web')}/roles`, role('api', [rule('', ['configmaps'], ['get'])])),
  argo.post(
    'binding by Argo CD',
    `${rbac('web')}/rolebindings`,
    roleBinding('api', 'view', ['ServiceAccount', 'default', 'web']),
  ),
  argo.remove('pruned by Argo CD', `${core('web')}/configmaps/features`),
  argo.merge('status of an application', '/apis/argoproj.io/v1/namespaces/argocd/applications/shop', {
    status: { sync: { status: 'Synced' } },
  }),
  flux.get('releases of Flux', `${core('monitoring')}/secrets?labelSelector=owner%3Dhelm`),
  flux.post('release of Flux', `${core('monitoring')}/secrets`, {
    ...named('Secret', 'sh.helm.release.v1.kps.v1'),
    type: 'helm.sh/release.v1',
    data: { release: 'eA==' },
  }),
  flux.post(
    'role of a chart',
    `${rbac()}/clusterroles`,
    clusterRole('kps-operator', [
      rule('monitoring.coreos.com', ['*'], ['*']),
      rule('', ['configmaps', 'secrets'], ['get', 'list', 'watch']),
    ]),
  ),
  flux.post(
    'binding of a chart',
    `${rbac()}/clusterrolebindings`,
    binding('kps-operator', 'kps-operator', ['ServiceAccount', 'kps-operator', 'monitoring']),
  ),
  flux.post(
    'exporter on every node',
    `${apps('monitoring')}/daemonsets`,
    workload('DaemonSet', 'node-exporter', {
      ...goodSpec(),
      hostNetwork: true,
      hostPID: true,
      volumes: [{ name: 'root', hostPath: { path: '/' } }],
    }),
  ),
  flux.post(
    'webhook of a chart',
    `${admission}/validatingwebhookconfigurations`,
    webhookConfiguration('Validating', 'kps-admission', {
      name: 'kps.example.com',
      failurePolicy: 'Ignore',
      clientConfig: { service: { namespace: 'monitoring', name: 'kps-operator' } },
      rules: [
        { apiGroups: ['monitoring.coreos.com'], apiVersions: ['*'], operations: ['CREATE'], resources: ['prometheusrules'] },
      ],
    }),
  ),
];

/** What pipelines and delivery systems do. */
export const pipelineSteps: readonly Step[] = pipelines;
