import { asks, attack } from '../ask.ts';
import { accessReview, certificateRequest, goodSpec, named, pod, selfAccessReview, tokenRequest } from '../objects.ts';
import { certificates, reviews } from '../places.ts';
import { type AttackStep, agentOf, clients, type Step } from '../step.ts';
import { frontend, jupyterClient, svetlana, tomas } from './attackers.ts';

const curl = asks('stranger', 'curl/7.68.0');
const browser = asks(
  'stranger',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
);
const hunter = asks('stranger', 'python-requests/2.28.1');
const sprayer = asks('stranger', 'Go-http-client/1.1');
const joined = asks('joinToken', 'curl/8.5.0');
const inPod = asks('frontend', 'curl/8.5.0');
const goInPod = asks('frontend', agentOf('peirates'));
const kubelet = asks('nodeA7', clients.kubelet);
const nodeByCurl = asks('nodeA7', 'kubectl/v1.30.0 (linux/amd64) kubernetes/7c48c2b');
const core = '/api/v1';
const web = `${core}/namespaces/web`;
const system = `${core}/namespaces/kube-system`;
const rbacPath = '/apis/rbac.authorization.k8s.io/v1';

const outside = attack(
  'initial-access',
  ['DI07 IA03', curl.get('pods, by nobody', `${core}/namespaces/default/pods`)],
  ['IA03 CA13', browser.get('secrets, by nobody in a browser', `${core}/secrets`)],
  ['IA01', curl.get('what nobody may read and can', `${core}/namespaces/legacy/configmaps`)],
  ['IA02', curl.post('pod, by nobody', `${core}/namespaces/default/pods`, pod('hello', goodSpec()))],
  [
    'IA05 IA16',
    sprayer.get('tokens sprayed', `${core}/namespaces/default/secrets`, { token: 'eyJhbGciOiJSUzI1NiJ9.{n}.x', times: 14 }),
  ],
  [
    'IA05',
    curl.get('certificate of another authority', `${core}/nodes`, { certificate: 'foreign', times: 9, from: '127.0.3.77' }),
  ],
  ...[
    '/version',
    '/api',
    '/apis',
    `${core}/pods`,
    `${core}/namespaces`,
    `${core}/nodes`,
    `${core}/services`,
    `${rbacPath}/roles`,
    `${rbacPath}/clusterroles`,
    '/metrics',
    '/debug/pprof/',
  ]
    .map((path): readonly [string, Step] => ['IA03 DI03 DI07 DI08', hunter.get(`scan of ${path}`, path, { from: '127.0.3.78' })])
    .filter(([, { path }]) => path !== '/version'),
  ['IA03 EX02 EX03', curl.open('session, by nobody', `${system}/pods/etcd-cp-1/exec?command=id&stdout=true`)],
);

const joining = attack(
  'credential-access',
  ['IA17 CA13', joined.get('secrets, by a join token', `${system}/secrets`)],
  [
    'PS05 IA17',
    joined.post(
      'certificate of a node that is there',
      certificates,
      certificateRequest('csr-k2', 'CSR-FOR-POOL-A-1', 'kubernetes.io/kube-apiserver-client-kubelet', [
        'client auth',
        'digital signature',
      ]),
    ),
  ],
  [
    'PS05 PS03',
    joined.post(
      'certificate of an administrator',
      certificates,
      certificateRequest('csr-k3', 'CSR-FOR-SUPER', 'kubernetes.io/kube-apiserver-client', ['client auth']),
    ),
  ],
);

const discovery = attack(
  'discovery',
  [
    'DI01',
    inPod.post('what may I', `${reviews}/selfsubjectrulesreviews`, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace: 'web' },
    }),
  ],
  [
    'DI01 EX21',
    goInPod.post('may I make pods', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('create', 'pods', 'web')),
  ],
  ['DI01', frontend.post('may I everything', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('*', '*'))],
  [
    'DI01 DI09',
    frontend.post('who am I', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    }),
  ],
  ...['pods', 'secrets', 'configmaps', 'services', 'serviceaccounts', 'endpoints'].map((kind): readonly [string, Step] => [
    'DI02 DI03',
    goInPod.get(`${kind} of the namespace`, `${web}/${kind}`),
  ]),
  ...['pods', 'nodes', 'namespaces', 'persistentvolumes', 'services'].map((kind): readonly [string, Step] => [
    'DI02 DI03 DI04 DI05 EX17',
    frontend.get(`${kind} of all, refused`, `${core}/${kind}?limit=500`),
  ]),
  ['DI02 DI01', jupyterClient.get('roles of the cluster', `${rbacPath}/clusterroles`)],
  ['DI02 DI01', jupyterClient.get('bindings of the cluster', `${rbacPath}/clusterrolebindings`)],
  [
    'DI01 DI11',
    svetlana.post(
      'may another',
      `${reviews}/subjectaccessreviews`,
      accessReview('system:serviceaccount:ml:jupyter', 'list', 'secrets'),
    ),
  ],
  ['EX21 DI02', asks('jupyter', 'kubescape/v3.0.8 (linux/amd64)').get('scanner that names itself', `${core}/nodes`)],
  ['EX21 DI01', asks('frontend', 'kdigger/v1.5.1 (linux/amd64) kubernetes/$Format').get('another that does', `${web}/pods`)],
  [
    'N37 PE04',
    tomas.post('tried without doing it', `${web}/pods?dryRun=All`, pod('dry-{n}', goodSpec({ hostPID: true })), { times: 6 }),
  ],
);

const secrets = attack(
  'credential-access',
  ['CA13 CA04', inPod.get('all secrets, refused', `${core}/secrets`)],
  ['CA06 CA05 CA02', inPod.get('secrets of the namespace', `${web}/secrets`)],
  ['CA06', asks('frontend', 'python-requests/2.31.0').get('one secret', `${web}/secrets/db-credentials`)],
  ['CA06', asks('tomas', 'Wget/1.21.4').get('one secret with wget', `${web}/secrets/db-credentials`)],
  ['CA03', svetlana.get('secrets one after another', `${system}/secrets/token-{n}`, { times: 18 })],
  ['CA01 CA07', jupyterClient.get('all secrets, followed', `${core}/secrets?watch=true&timeoutSeconds=1`, { isStream: true })],
  [
    'CA01',
    svetlana.get('tokens of accounts', `${core}/secrets?fieldSelector=type%3Dkubernetes.io%2Fservice-account-token&limit=500`),
  ],
  [
    'CA01',
    jupyterClient.get('all secrets as a table', `${core}/secrets?limit=500`, {
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    }),
  ],
  ['CA02 CA03', svetlana.get('secrets of the system', `${system}/secrets?limit=500`)],
  ['CA04 CA13', frontend.get('secrets of others, refused', `${core}/namespaces/team-{n}/secrets`, { times: 22 })],
  [
    'PS07',
    svetlana.post(
      'long token of a controller',
      `${system}/serviceaccounts/clusterrole-aggregation-controller/token`,
      tokenRequest(31_536_000),
    ),
  ],
  [
    'PS07',
    jupyterClient.post(
      'token of an account elsewhere',
      `${core}/namespaces/argocd/serviceaccounts/argocd-server/token`,
      tokenRequest(3600),
    ),
  ],
  [
    'PS08 PE25 CA11 PS07',
    svetlana.post('secret that gets a token', `${system}/secrets`, {
      ...named('Secret', 'node-agent-token', { annotations: { 'kubernetes.io/service-account.name': 'node-controller' } }),
      type: 'kubernetes.io/service-account-token',
    }),
  ],
  [
    'PE25 CA11 PS08',
    svetlana.post('join token', `${system}/secrets`, {
      ...named('Secret', 'bootstrap-token-abc123'),
      type: 'bootstrap.kubernetes.io/token',
      stringData: { 'token-id': 'abc123', 'token-secret': '0123456789abcdef', 'usage-bootstrap-authentication': 'true' },
    }),
  ],
  ['CA01 CA12 N27', kubelet.get('all secrets, by a node', `${core}/secrets`)],
  ['CA12 N27', kubelet.get('secret of no pod of the node', `${core}/namespaces/databases/secrets/postgres-superuser`)],
  ['N27 PS07 CA12', kubelet.post('token of no pod of the node', `${system}/serviceaccounts/karpenter/token`, tokenRequest(3600))],
  ['N27', kubelet.strategic('labels of another node', `${core}/nodes/pool-a-1`, { metadata: { labels: { pool: 'x' } } })],
  ['N27', kubelet.remove('pod of another node', `${web}/pods/frontend-0`)],
  [
    'N27',
    kubelet.strategic('label that only administrators give', `${core}/nodes/pool-a-7`, {
      metadata: { labels: { 'node-restriction.kubernetes.io/pci': 'true' } },
    }),
  ],
  [
    'N26 EX14',
    kubelet.post(
      'pod from a file of the node',
      `${system}/pods`,
      pod(
        'kube-proxy-debug-pool-a-7',
        { nodeName: 'pool-a-7', hostNetwork: true, containers: [{ name: 'x', image: 'alpine:3.20', command: ['sleep', '1d'] }] },
        {
          annotations: {
            'kubernetes.io/config.mirror': 'aa',
            'kubernetes.io/config.source': 'file',
            'kubernetes.io/config.hash': 'aa',
          },
          ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'pool-a-7', uid: 'UID-OF-POOL-A-7', controller: true }],
        },
      ),
    ),
  ],
  ['N27 DI02 EX17 N13', nodeByCurl.get('pods of all, by a person as a node', `${core}/pods`)],
  [
    'N27 CA12 EX16',
    nodeByCurl.post('binding, by a node', `${rbacPath}/clusterrolebindings`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'nodes' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'system:node:pool-a-7' }],
    }),
  ],
);

const elsewhere = attack(
  'lateral-movement',
  ['N12 N13 IA08', inPod.get('token of a pod, from another place', `${web}/pods`, { from: '127.0.3.99', times: 2 })],
  [
    'N12 N13 CA06 CA05',
    asks('secretsOperator', 'curl/8.5.0').get('token of an operator, from another place', `${web}/secrets/db-credentials`, {
      from: '127.0.3.99',
    }),
  ],
);

/** Ways in, what there is, and credentials. */
export const reconSteps: readonly AttackStep[] = [...outside, ...joining, ...discovery, ...secrets, ...elsewhere];
