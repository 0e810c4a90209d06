import { asks, attack } from '../ask.ts';
import { container, cronJob, goodSpec, job, named, pod, template, workload } from '../objects.ts';
import { apps, batch, core } from '../places.ts';
import type { AttackStep } from '../step.ts';
import { airflow, airflowScript, basket, nadia, runner } from './attackers.ts';

const pods = `${core('orders')}/pods`;
const privileged = { securityContext: { privileged: true } };
const one = (extra: object, spec: object = {}): object => ({ containers: [container(extra)], ...spec });
const mount = (path: string, name = 'host'): object => ({
  ...one({ volumeMounts: [{ name, mountPath: '/host' }] }),
  volumes: [{ name, hostPath: { path } }],
});
const adds = (...names: readonly string[]): object => one({ securityContext: { capabilities: { add: names } } });
const terraform = asks('runner', 'HashiCorp/1.0 Terraform/1.9.5');

/** Workloads that reach out of their container. */
export const loadSteps: readonly AttackStep[] = [
  ...attack(
    'privileged',
    ['PE01', nadia.post('a pod', pods, pod('tool-1', one(privileged)))],
    ['PE01', runner.post('a deployment', `${apps('orders')}/deployments`, workload('Deployment', 'helper', one(privileged)))],
    ['PE01', airflow.post('a stateful set', `${apps('data')}/statefulsets`, workload('StatefulSet', 'cache', one(privileged)))],
    ['PE01 PS01', basket.post('a job that runs each minute', `${batch('orders')}/cronjobs`, cronJob('tick', one(privileged)))],
    [
      'PE01 EX13',
      nadia.apply('a daemon set, applied', `${apps('data')}/daemonsets/agent`, workload('DaemonSet', 'agent', one(privileged))),
    ],
    ['PE01', terraform.post('a replica set', `${apps('orders')}/replicasets`, workload('ReplicaSet', 'rs', one(privileged)))],
    [
      'PE01',
      nadia.post('a replication controller', `${core('orders')}/replicationcontrollers`, {
        ...named('ReplicationController', 'rc'),
        spec: { selector: { app: 'rc' }, template: template('rc', one(privileged)) },
      }),
    ],
    [
      'PE01',
      nadia.post(
        'a first container',
        pods,
        pod('tool-2', { ...goodSpec(), initContainers: [{ ...container(privileged), name: 'sysctl' }] }),
      ),
    ],
    [
      'PE01',
      runner.strategic('one that is there becomes so', `${apps('orders')}/deployments/cart`, {
        spec: {
          template: {
            spec: { containers: [{ name: 'main', securityContext: { privileged: true, allowPrivilegeEscalation: true } }] },
          },
        },
      }),
    ],
    [
      'PE01',
      runner.json('the same by a JSON patch', `${apps('orders')}/deployments/mailer`, [
        { op: 'add', path: '/spec/template/spec/containers/0/securityContext', value: { privileged: true } },
      ]),
    ],
    [
      'PE01',
      nadia.put(
        'the same by a whole object',
        `${apps('orders')}/deployments/search`,
        workload('Deployment', 'search', one(privileged)),
      ),
    ],
    [
      'PE01',
      nadia.post('a pod in a resource of another kind', `${core('orders')}/podtemplates`, {
        ...named('PodTemplate', 'tpl'),
        template: template('tpl', one(privileged)),
      }),
    ],
    [
      'PE01',
      nadia.post(
        'a container on a Windows host',
        pods,
        pod('win', {
          hostNetwork: true,
          securityContext: { windowsOptions: { hostProcess: true, runAsUserName: 'NT AUTHORITY\\SYSTEM' } },
          containers: [container()],
        }),
      ),
    ],
    ['PE02', nadia.post('the root of the node', pods, pod('root-1', mount('/')))],
    ['PE02', basket.post('the socket of the engine', pods, pod('sock-1', mount('/var/run/docker.sock')))],
    [
      'PE02',
      runner.post(
        'the socket of containerd',
        `${apps('billing')}/deployments`,
        workload('Deployment', 'exporter', mount('/run/containerd/containerd.sock')),
      ),
    ],
    [
      'PE02',
      airflow.post('the settings of the control plane', `${core('data')}/pods`, pod('read-pki', mount('/etc/kubernetes/pki'))),
    ],
    [
      'PE02',
      airflowScript.post('what the kubelet has', `${batch('data')}/jobs`, job('read-kubelet', mount('/var/lib/kubelet/pods'))),
    ],
    [
      'PE02',
      nadia.strategic('a volume for one that is there', `${apps('orders')}/deployments/gateway`, {
        spec: {
          template: {
            spec: {
              volumes: [{ name: 'h', hostPath: { path: '/etc' } }],
              containers: [{ name: 'main', volumeMounts: [{ name: 'h', mountPath: '/h' }] }],
            },
          },
        },
      }),
    ],
    ['PE02', nadia.post('keys of root', pods, pod('ssh-1', mount('/root/.ssh')))],
    ['PE02', nadia.post('logs, to follow links from', pods, pod('log-1', mount('/var/log')))],
    ['PE02', nadia.post('places where jobs of the node are', pods, pod('cron-1', mount('/etc/cron.d')))],
    ['PE02', nadia.post('a path that goes up', pods, pod('up-1', mount('/var/lib/../../')))],
    ['PE02', nadia.post('where static pods are read from', pods, pod('static-1', mount('/etc/kubernetes/manifests')))],
    [
      'PE02',
      nadia.post('a volume of the cluster on the root of a node', '/api/v1/persistentvolumes', {
        ...named('PersistentVolume', 'pv-root'),
        spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/' } },
      }),
    ],
    [
      'PE02',
      nadia.post('a local volume on the root', '/api/v1/persistentvolumes', {
        ...named('PersistentVolume', 'pv-local'),
        spec: {
          capacity: { storage: '1Gi' },
          accessModes: ['ReadWriteOnce'],
          local: { path: '/etc/kubernetes' },
          storageClassName: 'l',
          nodeAffinity: {
            required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'Exists' }] }] },
          },
        },
      }),
    ],
    ['PE03', nadia.post('the network of the node', pods, pod('net-1', goodSpec({ hostNetwork: true })))],
    ['PE04', runner.post('the processes of the node', pods, pod('pid-1', goodSpec({ hostPID: true })))],
    [
      'PE05',
      runner.post(
        'the shared memory of the node',
        `${apps('orders')}/deployments`,
        workload('Deployment', 'ipc', goodSpec({ hostIPC: true })),
      ),
    ],
    ['PE06', nadia.post('administration of the system', pods, pod('cap-1', adds('SYS_ADMIN')))],
    ['PE06', nadia.post('with the prefix', pods, pod('cap-2', adds('CAP_SYS_PTRACE', 'CAP_NET_RAW')))],
    ['PE06', airflow.post('all', `${core('data')}/pods`, pod('cap-3', adds('ALL')))],
    [
      'PE06',
      runner.strategic('modules of the kernel for one that is there', `${apps('orders')}/deployments/cart`, {
        spec: {
          template: {
            spec: { containers: [{ name: 'main', securityContext: { capabilities: { add: ['SYS_MODULE', 'BPF'] } } }] },
          },
        },
      }),
    ],
    ['PE06', nadia.post('any file', pods, pod('cap-4', adds('DAC_READ_SEARCH')))],
    [
      'PE07',
      nadia.post('more rights than the parent', pods, pod('esc-1', one({ securityContext: { allowPrivilegeEscalation: true } }))),
    ],
    [
      'N04 N20 PE01',
      nadia.post(
        'the whole of /proc',
        pods,
        pod(
          'proc-1',
          one({ securityContext: { procMount: 'Unmasked', seccompProfile: { type: 'Unconfined' } } }, { hostUsers: false }),
        ),
      ),
    ],
    [
      'N04 N20',
      nadia.post(
        'no profile of system calls',
        pods,
        pod(
          'sec-1',
          one({ securityContext: { seccompProfile: { type: 'Unconfined' }, appArmorProfile: { type: 'Unconfined' } } }),
        ),
      ),
    ],
    [
      'N24',
      nadia.post(
        'kubectl debug node',
        `${core('default')}/pods`,
        pod('node-debugger-ip-10-4-0-1-x7k2z', {
          nodeName: 'ip-10-4-0-1',
          hostPID: true,
          hostNetwork: true,
          hostIPC: true,
          restartPolicy: 'Never',
          tolerations: [{ operator: 'Exists' }],
          containers: [
            {
              name: 'debugger',
              image: 'ubuntu',
              stdin: true,
              tty: true,
              volumeMounts: [{ name: 'host-root', mountPath: '/host' }],
            },
          ],
          volumes: [{ name: 'host-root', hostPath: { path: '/' } }],
        }),
      ),
    ],
  ),
];
