import { asks, attack } from '../ask.ts';
import {
  accessReview,
  container,
  goodSpec,
  job,
  pod,
  rbac,
  reviewOfOwnRules,
  selfAccessReview,
  tokenReview,
  workload,
} from '../objects.ts';
import { apps, batch, core, reviews } from '../places.ts';
import type { AttackStep } from '../step.ts';
import {
  airflow,
  airflowScript,
  basket,
  basketKubectl,
  kube7Kubectl,
  nadia,
  nadiaK9s,
  pavel,
  runner,
  runnerGo,
} from './attackers.ts';

const hunter = asks('basket', 'python-requests/2.25.1');
const tool = (client: string) => asks('basket', client);
const dry = '?dryRun=All';
const everything = [
  '/api/v1/nodes',
  '/api/v1/namespaces',
  '/api/v1/services',
  '/api/v1/endpoints',
  '/apis/networking.k8s.io/v1/ingresses',
  '/apis/networking.k8s.io/v1/networkpolicies',
  `${rbac()}/clusterroles`,
  `${rbac()}/clusterrolebindings`,
  `${rbac()}/rolebindings`,
  '/apis/apps/v1/deployments',
  '/api/v1/persistentvolumes',
  '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
];
const word = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What is there, and what may I? */
export const scoutingSteps: readonly AttackStep[] = [
  ...attack(
    'discovery',
    ['DI01', basket.post('rules of the own account', `${reviews}/selfsubjectrulesreviews`, reviewOfOwnRules('orders'))],
    [
      'DI01',
      basketKubectl.post(
        'kubectl auth can-i --list in the system',
        `${reviews}/selfsubjectrulesreviews`,
        reviewOfOwnRules('kube-system'),
      ),
    ],
    [
      'DI01',
      basketKubectl.post(
        'kubectl auth can-i create pods',
        `${reviews}/selfsubjectaccessreviews`,
        selfAccessReview('create', 'pods', 'kube-system'),
      ),
    ],
    ['DI01', airflow.post('may it do all?', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('*', '*'))],
    [
      'DI01',
      airflowScript.post('who am I?', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'SelfSubjectReview',
      }),
    ],
    [
      'DI01',
      kube7Kubectl.post('may the node read secrets?', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('list', 'secrets')),
    ],
    [
      'DI01',
      pavel.post('rights one by one', `${reviews}/selfsubjectaccessreviews`, selfAccessReview('get', 'secrets', 'ns-{n}'), {
        times: 15,
      }),
    ],
    [
      'DI01',
      runnerGo.post(
        'what another may',
        `${reviews}/subjectaccessreviews`,
        accessReview('system:serviceaccount:kube-system:default', 'create', 'pods'),
      ),
    ],
    [
      'DI01',
      asks('ordersDefault', 'curl/8.4.0').post(
        'rules of the account that every pod has',
        `${reviews}/selfsubjectrulesreviews`,
        reviewOfOwnRules('orders'),
      ),
    ],
    ['DI01 DI04', airflow.post('whose is this token?', '/apis/authentication.k8s.io/v1/tokenreviews', tokenReview)],
    ...everything.map((path): readonly [string, ReturnType<typeof airflow.get>] => [
      'DI02 DI03',
      airflowScript.get(`all ${word(path)}`, `${path}?limit=500`),
    ]),
    ...['/version', '/api', '/apis', '/api/v1/pods', '/api/v1/namespaces', `${rbac()}/roles`, `${rbac()}/clusterroles`].map(
      (path): readonly [string, ReturnType<typeof hunter.get>] => ['DI08 DI02 DI03 DI04', hunter.get(`a scan: ${path}`, path)],
    ),
    ...['pods', 'services', 'configmaps', 'secrets', 'serviceaccounts', 'events', 'replicationcontrollers'].map(
      (plural): readonly [string, ReturnType<typeof runner.get>] => [
        'DI02 DI03',
        runner.get(`kubectl get all: ${plural}`, `${core('production')}/${plural}?limit=500`),
      ],
    ),
    ...[
      'nodes',
      'secrets',
      'persistentvolumes',
      'namespaces',
      'serviceaccounts',
      'resourcequotas',
      'podtemplates',
      'endpoints',
      'limitranges',
      'events',
    ].map((plural): readonly [string, ReturnType<typeof pavel.get>] => [
      'DI04 DI03 IA04',
      pavel.get(`refused: all ${plural}`, `/api/v1/${plural}`),
    ]),
    [
      'DI05 EX17 DI04',
      asks('ordersDefault', 'curl/8.4.0').get('secrets by the account that every pod has', `${core('orders')}/secrets`),
    ],
    ['DI05 EX17 DI04', asks('ordersDefault', 'Wget/1.21').get('pods of the system by the same', `${core('kube-system')}/pods`)],
    [
      'DI04 DI03 DI05',
      asks('ordersDefault', 'Wget/1.21').get('many namespaces by the same', '/api/v1/namespaces/team-{n}/secrets', { times: 12 }),
    ],
    ['DI04 DI03', basket.get('paths that are no objects', '/debug/pprof/profile?x={n}', { times: 10 })],
    ['EX21', tool('kube-hunter/0.6.10').get('a hunter', '/version')],
    ['EX21', tool('peirates/1.1.15').get('a tool of attackers', `${core('orders')}/pods`)],
    ['EX21', tool('trufflehog/3.63.1').get('a seeker of secrets', `${core('orders')}/secrets`)],
    ['EX21', asks('nadia', 'azurehound/v2.1.8').get('a hound', '/api/v1/namespaces')],
    ['EX21', tool('kubeletctl/v1.11').get('a client of kubelets', '/api/v1/nodes')],
    ['EX21', asks('airflow', 'Mozilla/5.0 (compatible; Nuclei - Open-source project)').get('a scanner of holes', '/api')],
    ['EX21', tool('kdigger/1.5.0').get('a digger', '/version')],
    [
      'EX22 DI08',
      runner.post(
        'a hunter as a job',
        `${batch('orders')}/jobs`,
        job('hunt', { containers: [container({ image: 'aquasec/kube-hunter:0.6.10', args: ['--pod'] })] }),
      ),
    ],
    [
      'EX22',
      nadia.post(
        'a pod of an attack tool',
        `${core('orders')}/pods`,
        pod('debug-1', { containers: [container({ image: 'docker.io/bustakube/peirates:latest' })] }),
      ),
    ],
    [
      'EX22',
      nadia.post(
        'a bench as a daemon set',
        `${apps('data')}/daemonsets`,
        workload('DaemonSet', 'bench', { containers: [container({ image: 'ghcr.io/aquasecurity/kube-bench:v0.9' })] }),
      ),
    ],
    [
      'EX22',
      nadia.post(
        'a picture of Kali',
        `${core('orders')}/pods`,
        pod('k', { containers: [container({ image: 'kalilinux/kali-rolling', command: ['sleep', '9999'] })] }),
      ),
    ],
    ['N31', nadiaK9s.get('the logs of many pods', `${core('orders')}/pods/batch-{n}/log?tailLines=200`, { times: 14 })],
    ['N11', runner.get('an old kind of object', `${core('orders')}/endpoints`)],
    ['N11 DI02', airflowScript.get('states of the parts of the control plane', '/api/v1/componentstatuses')],
    [
      'N10',
      asks('runner', 'kubectl/v1.14.3 (linux/amd64) kubernetes/5e53fd6').get(
        'a client of six years ago',
        `${core('orders')}/pods`,
      ),
    ],
  ),
  ...attack(
    'rehearsal',
    ['N37 EX16', pavel.post('a pod, only tried', `${core('orders')}/pods${dry}`, pod('t', goodSpec({ hostPID: true })))],
    [
      'N37 EX16',
      pavel.post('a binding, only tried', `${rbac('orders')}/rolebindings${dry}`, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 't' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
        subjects: [],
      }),
    ],
    ['N37 EX16', pavel.post('a job, only tried', `${batch('orders')}/jobs${dry}`, job('t', goodSpec()))],
    [
      'N37 PE01',
      runner.post(
        'a privileged pod, only tried',
        `${core('orders')}/pods${dry}`,
        pod('t{n}', goodSpec({ containers: [container({ securityContext: { privileged: true } })] })),
        { times: 5 },
      ),
    ],
    ['EX16', pavel.post('a pod, refused', `${core('orders')}/pods`, pod('p', goodSpec()))],
    ['EX16', pavel.post('a deployment, refused', `${apps('orders')}/deployments`, workload('Deployment', 'p', goodSpec()))],
    [
      'EX16',
      pavel.post('an account, refused', `${core('orders')}/serviceaccounts`, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'p' },
      }),
    ],
  ),
];
