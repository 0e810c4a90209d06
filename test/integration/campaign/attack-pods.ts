import { container, cronJob, pod, workload } from './objects.ts';
import { type AttackStep, jsonPatch, strategic } from './step.ts';

const tactic = 'privilege-escalation';
const shop = '/api/v1/namespaces/shop/pods';
const apps = '/apis/apps/v1/namespaces/shop';
const podWith = (name: string, spec: object): Pick<AttackStep, 'tactic' | 'who' | 'method' | 'path' | 'body'> => ({
  tactic,
  who: 'carol',
  method: 'POST',
  path: shop,
  body: pod(name, { containers: [container()], ...spec }),
});
const hostPath = (path: string): object => ({
  containers: [container({ volumeMounts: [{ name: 'h', mountPath: '/h' }] })],
  volumes: [{ name: 'h', hostPath: { path } }],
});
/** From the right to make workloads to the node. */
export const podSteps: readonly AttackStep[] = [
  {
    ...podWith('p1', { containers: [container({ securityContext: { privileged: true } })] }),
    what: 'privileged pod',
    rows: ['PE01'],
  },
  {
    ...podWith('p2', {
      initContainers: [{ ...container({ name: 'init', securityContext: { privileged: true } }), name: 'init' }],
    }),
    what: 'privileged init container',
    rows: ['PE01'],
  },
  { ...podWith('p3', hostPath('/')), what: 'root of the node mounted', rows: ['PE02'] },
  { ...podWith('p4', hostPath('/var/run/docker.sock')), what: 'socket of the runtime mounted', rows: ['PE02'] },
  { ...podWith('p5', hostPath('/etc/kubernetes')), what: 'configuration of the node mounted', rows: ['PE02'] },
  { ...podWith('p6', { hostNetwork: true }), what: 'network of the node', rows: ['PE03'] },
  { ...podWith('p7', { hostPID: true }), what: 'processes of the node', rows: ['PE04'] },
  { ...podWith('p8', { hostIPC: true }), what: 'shared memory of the node', rows: ['PE05'] },
  {
    ...podWith('p9', { containers: [container({ securityContext: { capabilities: { add: ['SYS_ADMIN'] } } })] }),
    what: 'capability SYS_ADMIN',
    rows: ['PE06'],
  },
  {
    ...podWith('p10', {
      containers: [
        container({
          securityContext: {
            seccompProfile: { type: 'Unconfined' },
            appArmorProfile: { type: 'Unconfined' },
          },
        }),
      ],
    }),
    what: 'seccomp and AppArmor switched off',
    rows: ['PE29'],
  },
  {
    ...podWith('p11', {
      nodeName: 'node-1',
      tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }],
    }),
    what: 'pod placed on a chosen node',
    rows: ['N25'],
  },
  { ...podWith('p12', { serviceAccountName: 'strong' }), what: 'pod with a strong account', rows: ['PE22', 'PE31'] },
  {
    tactic,
    what: 'pod with the account of a controller',
    who: 'carol',
    method: 'POST',
    path: '/api/v1/namespaces/kube-system/pods',
    body: pod('job-x', { serviceAccountName: 'clusterrole-aggregation-controller', containers: [container()] }),
    rows: ['PE22', 'EX14'],
  },
  {
    tactic,
    what: 'privileged deployment',
    who: 'carol',
    method: 'POST',
    path: `${apps}/deployments`,
    body: workload('Deployment', 'd1', { containers: [container({ securityContext: { privileged: true } })] }),
    rows: ['PE01'],
  },
  {
    tactic,
    what: 'privileged stateful set',
    who: 'carol',
    method: 'POST',
    path: `${apps}/statefulsets`,
    body: workload('StatefulSet', 's1', { hostPID: true, containers: [container({ securityContext: { privileged: true } })] }),
    rows: ['PE01'],
  },
  {
    tactic,
    what: 'replica set with the network of the node',
    who: 'carol',
    method: 'POST',
    path: `${apps}/replicasets`,
    body: workload('ReplicaSet', 'r1', { hostNetwork: true, containers: [container()] }),
    rows: ['PE03'],
  },
  {
    tactic,
    what: 'scheduled privileged task',
    who: 'carol',
    method: 'POST',
    path: '/apis/batch/v1/namespaces/shop/cronjobs',
    body: cronJob('c1', hostPath('/var/lib/kubelet')),
    rows: ['PE02'],
  },
  {
    tactic,
    what: 'privileged by a patch of a deployment',
    who: 'carol',
    method: 'PATCH',
    contentType: strategic,
    path: `${apps}/deployments/web`,
    body: {
      spec: {
        template: {
          spec: { containers: [{ name: 'main', securityContext: { privileged: true, allowPrivilegeEscalation: true } }] },
        },
      },
    },
    rows: ['PE01'],
  },
  {
    tactic,
    what: 'hostPID by a JSON patch',
    who: 'carol',
    method: 'PATCH',
    contentType: jsonPatch,
    path: `${apps}/deployments/web`,
    body: [{ op: 'add', path: '/spec/template/spec/hostPID', value: true }] as object,
    rows: ['PE04'],
  },
  {
    tactic,
    what: 'privileged replication controller',
    who: 'carol',
    method: 'POST',
    path: '/api/v1/namespaces/shop/replicationcontrollers',
    body: {
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata: { name: 'rc1' },
      spec: {
        selector: { app: 'rc1' },
        template: {
          metadata: { labels: { app: 'rc1' } },
          spec: { containers: [container({ securityContext: { privileged: true } })] },
        },
      },
    },
    rows: ['PE01'],
  },
];
