import { asks, attack } from '../ask.ts';
import { container, cronJob, goodSpec, job, pod, workload } from '../objects.ts';
import { type AttackStep, clients } from '../step.ts';

const ivo = asks('ivo', clients.kubectl);
const dana = asks('dana', clients.kubectl);
const script = asks('dana', 'OpenAPI-Generator/32.0.0/python');
const api = '/api/v1/namespaces/payments';
const pods = `${api}/pods`;
const apps = '/apis/apps/v1/namespaces/payments';
const batch = '/apis/batch/v1/namespaces/payments';
const only = (extra: object, more: object = {}): object => ({ containers: [container(extra)], ...more });
const secured = (securityContext: object): object => only({ securityContext });
const mounted = (path: string): object =>
  only({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }, { volumes: [{ name: 'v', hostPath: { path } }] });
const all = {
  ...only({ securityContext: { privileged: true }, volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
  hostPID: true,
  hostIPC: true,
  hostNetwork: true,
  volumes: [{ name: 'v', hostPath: { path: '/' } }],
};
const anyName = (spec: object): object => ({ apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'task-' }, spec });
const templateOf = (spec: object): object => ({ spec: { template: { spec } } });
const controller = (name: string, spec: object): object => ({
  apiVersion: 'v1',
  kind: 'ReplicationController',
  metadata: { name },
  spec: { selector: { app: name }, template: { metadata: { labels: { app: name } }, spec } },
});

const bad = attack(
  'privilege-escalation',
  ['PE01', dana.post('everything allowed', pods, anyName(all))],
  ['PE01', script.post('everything allowed, as a job', `${batch}/jobs`, job('everything', all))],
  ['PE01', dana.post('everything allowed, scheduled', `${batch}/cronjobs`, cronJob('everything', all))],
  [
    'PE01',
    dana.apply('everything allowed, on every node', `${apps}/daemonsets/everything`, workload('DaemonSet', 'everything', all)),
  ],
  ['PE02', dana.post('root of the node, as a controller', `${api}/replicationcontrollers`, controller('roots', mounted('/')))],
  [
    'PE04',
    dana.post(
      'processes, as a stateful set',
      `${apps}/statefulsets`,
      workload('StatefulSet', 'procs', { ...only({}), hostPID: true }),
    ),
  ],
  [
    'PE03',
    dana.post(
      'network, as a replica set',
      `${apps}/replicasets`,
      workload('ReplicaSet', 'nets', { ...only({}), hostNetwork: true }),
    ),
  ],
  ['PE05', script.post('shared memory', pods, pod('ipc', { ...only({}), hostIPC: true }))],
  [
    'PE01 PE04',
    dana.apply(
      'privileged by server-side apply',
      `${pods}/applied`,
      pod('applied', { ...secured({ privileged: true }), hostPID: true }),
    ),
  ],
  ['PE06', dana.post('all capabilities', pods, pod('caps', secured({ capabilities: { add: ['ALL'] } })))],
  [
    'PE06',
    dana.post('modules of the kernel', pods, pod('mods', secured({ capabilities: { add: ['NET_BIND_SERVICE', 'SYS_MODULE'] } }))),
  ],
  ['PE06', dana.post('reading past rights', pods, pod('dac', secured({ capabilities: { add: ['CAP_DAC_READ_SEARCH'] } })))],
  ['PE29', dana.post('unmasked proc', pods, pod('proc', { ...secured({ procMount: 'Unmasked' }), hostUsers: false }))],
  ['PE29', dana.post('SELinux type of nobody', pods, pod('se', secured({ seLinuxOptions: { type: 'spc_t' } })))],
  [
    'PE29',
    dana.post(
      'AppArmor off by annotation',
      pods,
      pod('aa', only({}), { annotations: { 'container.apparmor.security.beta.kubernetes.io/main': 'unconfined' } }),
    ),
  ],
  [
    'PE01 PE03',
    dana.post(
      'process of a Windows host',
      pods,
      pod('win', {
        ...secured({ windowsOptions: { hostProcess: true, runAsUserName: 'NT AUTHORITY\\SYSTEM' } }),
        hostNetwork: true,
        nodeSelector: { 'kubernetes.io/os': 'windows' },
      }),
    ),
  ],
  ['PE02', dana.post('logs of the node', pods, pod('logs', mounted('/var/log')))],
  ['PE02', dana.post('socket of containerd', pods, pod('sock', mounted('/run/containerd/containerd.sock')))],
  ['PE02', dana.post('socket of CRI-O', pods, pod('crio', mounted('/var/run/crio/crio.sock')))],
  ['PE02', dana.post('data of etcd', pods, pod('etcd', mounted('/var/lib/etcd')))],
  ['PE02', dana.post('parent directory trick', pods, pod('dots', mounted('/var/lib/kubelet/')))],
  ['PE02', dana.post('keys of root', pods, pod('ssh', mounted('/root/.ssh')))],
  ['PE02', dana.post('proc of the node', pods, pod('pr', mounted('/proc')))],
  ['PE02', dana.post('schedules of the node', pods, pod('cr', mounted('/etc/cron.d')))],
  [
    'PE02',
    ivo.post('volume over the root of a node', '/api/v1/persistentvolumes', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'roots' },
      spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteMany'], storageClassName: 'manual', hostPath: { path: '/' } },
    }),
  ],
  [
    'PE02',
    ivo.post('local volume over the root of a node', '/api/v1/persistentvolumes', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'local-roots' },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'manual',
        local: { path: '/etc' },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }] } },
      },
    }),
  ],
  ['N25', dana.post('pod on the control plane', pods, pod('cp', { ...goodSpec(), nodeName: 'cp-1' }))],
  [
    'N25',
    dana.post(
      'pod that bears every taint of the control plane',
      `${apps}/deployments`,
      workload('Deployment', 'cp', {
        ...goodSpec(),
        nodeSelector: { 'node-role.kubernetes.io/control-plane': '' },
        tolerations: [{ operator: 'Exists' }],
      }),
    ),
  ],
  [
    'N25',
    ivo.post('pod put on a node by hand', `${pods}/waiting/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'waiting' },
      target: { kind: 'Node', name: 'worker-1' },
    }),
  ],
  [
    'PE22 PE31',
    ivo.post(
      'pod with the account of a controller',
      '/api/v1/namespaces/kube-system/pods',
      pod('sync', { ...goodSpec(), serviceAccountName: 'daemon-set-controller' }),
    ),
  ],
);

const changes = attack(
  'privilege-escalation',
  [
    'PE01',
    dana.strategic(
      'privileged by a strategic patch',
      `${apps}/deployments/checkout-api`,
      templateOf({ containers: [{ name: 'main', securityContext: { privileged: true } }] }),
    ),
  ],
  [
    'PE03 PE04',
    dana.merge('network by a merge patch', `${apps}/deployments/checkout-api`, templateOf({ hostNetwork: true, hostPID: true })),
  ],
  [
    'PE06',
    dana.json('capability by a JSON patch', `${apps}/deployments/checkout-api`, [
      { op: 'add', path: '/spec/template/spec/containers/1/securityContext/capabilities', value: { add: ['SYS_PTRACE'] } },
    ]),
  ],
  [
    'PE02',
    dana.json('volume by a JSON patch', `${apps}/deployments/checkout-api`, [
      { op: 'add', path: '/spec/template/spec/volumes', value: [{ name: 'r', hostPath: { path: '/var/run' } }] },
    ]),
  ],
  [
    'PE01',
    dana.json('privileged by a JSON patch', `${apps}/deployments/checkout-api`, [
      { op: 'replace', path: '/spec/template/spec/containers/1/securityContext/privileged', value: true },
    ]),
  ],
  [
    'PE04 PE01',
    dana.put(
      'whole deployment replaced',
      `${apps}/deployments/checkout-web`,
      workload('Deployment', 'checkout-web', { ...secured({ privileged: true }), hostPID: true }),
    ),
  ],
  [
    'PE01',
    dana.apply(
      'privileged by applying a deployment',
      `${apps}/deployments/checkout-web`,
      workload('Deployment', 'checkout-web', secured({ privileged: true })),
    ),
  ],
  [
    'PE22 PE31',
    dana.merge(
      'account of a deployment changed',
      `${apps}/deployments/checkout-web`,
      templateOf({ serviceAccountName: 'payments-admin' }),
    ),
  ],
);

/** From the right to make workloads to the node. */
export const escapeSteps: readonly AttackStep[] = [...bad, ...changes];
