import { asks, attack } from '../ask.ts';
import { binding, configMap, goodSpec, named, pod, rbac, roleBinding, selfAccessReview, tokenRequest } from '../objects.ts';
import { reviews } from '../places.ts';
import { type AttackStep, clients } from '../step.ts';

const outsider = asks('outsider', clients.go);
const checkout = asks('checkout', 'Go-http-client/1.1');
const checkoutKubectl = asks('checkout', clients.kubectl);
const noor = asks('noor', clients.kubectl);
const ivo = asks('ivo', clients.kubectl);
const dana = asks('dana', clients.kubectl);
const worker3 = asks('worker3', clients.curl);
const longhorn = asks('longhorn', 'python-urllib/3.11');
const runner = asks('runner', clients.kubectl);
const payments = '/api/v1/namespaces/payments';
const system = '/api/v1/namespaces/kube-system';
const rules = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace: 'payments' } };

const gettingIn = attack(
  'initial-access',
  ['IA03 IA04', outsider.get('pods without credentials', '/api/v1/namespaces/kube-system/pods', { client: 'curl/7.88.1' })],
  ['IA03 IA04', outsider.get('secrets without credentials', `${system}/secrets`)],
  ['IA03 IA04', outsider.get('nodes without credentials', '/api/v1/nodes')],
  ['IA03 PE20', outsider.get('kubelet without credentials', '/api/v1/nodes/worker-1:10250/proxy/runningpods/')],
  ['IA02', outsider.post('job without credentials', '/apis/batch/v1/namespaces/default/jobs', { kind: 'Job' })],
  ['IA02 IA03 DI01', outsider.post('rights asked for without credentials', `${reviews}/selfsubjectrulesreviews`, rules)],
  ['IA02', outsider.remove('namespace deleted without credentials', '/api/v1/namespaces/payments')],
  ['IA02 EX03', outsider.open('command without credentials', `${payments}/pods/checkout-api-0/exec?command=id&stdout=true`)],
  ['IA03', outsider.get('paths tried', '/logs/{n}', { times: 12, client: 'Mozilla/5.0 zgrab/0.x' })],
  ['IA03', outsider.get('specification of the API', '/openapi/v2', { client: clients.python })],
);

const tokens = attack(
  'credential-access',
  ['CA01', ivo.get('secrets of everything by page', '/api/v1/secrets?limit=100&continue=')],
  ['CA01', ivo.get('tokens of accounts by type', '/api/v1/secrets?fieldSelector=type%3Dkubernetes.io%2Fservice-account-token')],
  ['CA01', ivo.get('all secrets on the old path of watches', '/api/v1/watch/secrets?timeoutSeconds=1', { isStream: true })],
  ['CA07 CA01 CA06', longhorn.get('all secrets by an operator, with Python', '/api/v1/secrets')],
  ['CA02', ivo.get('secrets of kube-system', `${system}/secrets?limit=500`)],
  ['CA03 CA08', dana.get('secrets one by one', `${payments}/secrets/key-{n}`, { times: 18 })],
  ['CA13', checkout.get('secrets of the application asked for', `${payments}/secrets`)],
  ['CA04', checkout.get('secrets of others asked for', '/api/v1/namespaces/data/secrets/postgres')],
  ['CA13 CA04', noor.get('secrets asked for in every namespace', '/api/v1/namespaces/team-{n}/secrets', { times: 22 })],
  ['CA12 N27', worker3.get('secret of another node', '/api/v1/namespaces/data/secrets/postgres')],
  [
    'PS07',
    ivo.post('token of a controller', `${system}/serviceaccounts/generic-garbage-collector/token`, tokenRequest(31_536_000)),
  ],
  ['PS07', dana.post('token of an account', `${payments}/serviceaccounts/checkout-api/token`, tokenRequest(7200))],
  [
    'PS07',
    longhorn.post(
      'token of kube-system by an operator',
      `${system}/serviceaccounts/clusterrole-aggregation-controller/token`,
      tokenRequest(3600),
    ),
  ],
  [
    'PS07 CA12',
    worker3.post('token for a pod that is not there', `${payments}/serviceaccounts/checkout-api/token`, tokenRequest(3600)),
  ],
  [
    'PS16 PE25',
    ivo.post('token that lets machines join', `${system}/secrets`, {
      ...named('Secret', 'bootstrap-token-aa11bb'),
      type: 'bootstrap.kubernetes.io/token',
      stringData: { 'token-id': 'aa11bb', 'token-secret': '0123456789abcdef' },
    }),
  ],
  [
    'CA09',
    dana.apply('keys in a config map', `${payments}/configmaps/batch`, configMap('batch', { env: 'DB_PASSWORD=invented-99' })),
  ],
  [
    'N40',
    dana.post(
      'password in a pod',
      `${payments}/pods`,
      pod(
        'dump',
        goodSpec({
          containers: [
            {
              name: 'c',
              image: 'registry.harbour.example/tool:1',
              env: [{ name: 'DATABASE_URL', value: 'postgres://app:invented-55@db/app' }],
            },
          ],
        }),
      ),
    ),
  ],
);

const openings = attack(
  'initial-access',
  [
    'IA09',
    ivo.apply(
      'everybody may look',
      `${rbac()}/clusterrolebindings/look`,
      binding('look', 'view', ['Group', 'system:unauthenticated']),
    ),
  ],
  [
    'IA09',
    ivo.json('anonymous added to a binding', `${rbac('payments')}/rolebindings/developers`, [
      {
        op: 'add',
        path: '/subjects/0',
        value: { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'system:anonymous' },
      },
    ]),
  ],
  [
    'IA09',
    ivo.post(
      'everybody who logs in may write',
      `${rbac('data')}/rolebindings`,
      roleBinding('open', 'edit', ['Group', 'system:authenticated']),
    ),
  ],
  [
    'DE04 IA14',
    ivo.merge('who signs for the front proxy', `${system}/configmaps/extension-apiserver-authentication`, {
      data: { 'requestheader-client-ca-file': 'x' },
    }),
  ],
  [
    'DE04',
    ivo.merge('where machines find the cluster', '/api/v1/namespaces/kube-public/configmaps/cluster-info', {
      data: { kubeconfig: 'x' },
    }),
  ],
  [
    'PE32',
    ivo.merge('cloud identity for an account', `${payments}/serviceaccounts/checkout-api`, {
      metadata: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/admin' } },
    }),
  ],
);

const insidePod = attack(
  'discovery',
  ['DI01', checkout.post('what may I do', `${reviews}/selfsubjectrulesreviews`, rules)],
  [
    'DI01',
    checkoutKubectl.post('may I', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('create', 'pods', 'payments'), {
      times: 12,
    }),
  ],
  [
    'DI09',
    checkoutKubectl.post('who am I', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    }),
  ],
  ['DI05 IA04', checkoutKubectl.get('namespaces asked for', '/api/v1/namespaces?limit=500')],
  ['DI05 IA04', checkoutKubectl.get('nodes asked for', '/api/v1/nodes?limit=500')],
  ['DI05 IA04', checkout.get('roles asked for', `${rbac()}/clusterroles`)],
  ['DI03 DI05 IA04', checkout.get('pods of everybody asked for', '/api/v1/pods')],
  ['DI03 DI05 DI04 IA04', checkout.get('config maps of kube-system asked for', `${system}/configmaps`)],
  ['EX16 N37', checkout.post('pod tried', `${payments}/pods`, pod('x', goodSpec()))],
  [
    'PE17 EX16',
    checkout.post(
      'binding tried',
      `${rbac()}/clusterrolebindings`,
      binding('me', 'cluster-admin', ['ServiceAccount', 'checkout-api', 'payments']),
    ),
  ],
  ['EX03', checkout.open('command tried', `${payments}/pods/checkout-api-0/exec?command=sh`)],
  ['N12', asks('checkout', clients.kubectl).get('token used from outside', `${payments}/pods`, { from: '127.0.1.99', times: 3 })],
  ['DI01', runner.post('what may the runner do', `${reviews}/selfsubjectrulesreviews`, rules)],
);

/** Getting in and getting at credentials. */
export const entrySteps: readonly AttackStep[] = [...gettingIn, ...insidePod, ...tokens, ...openings];
