import { attack } from '../ask.ts';
import { named } from '../objects.ts';
import { apps, batch, core, network } from '../places.ts';
import type { AttackStep } from '../step.ts';
import { adminConf, airflow, airflowScript, nadia, nadiaK9s, pavel, runner } from './attackers.ts';

/** What is broken, and the traces. */
export const wreckageSteps: readonly AttackStep[] = [
  ...attack(
    'defense evasion',
    ['DE01', nadiaK9s.remove('one event', `${core('orders')}/events/gateway.1`)],
    ['DE01', nadia.remove('all events of a namespace', `${core('orders')}/events`)],
    ['DE01', airflow.remove('events of the newer group', '/apis/events.k8s.io/v1/namespaces/billing/events')],
    ['DE01 EX16', pavel.remove('events, refused', `${core('orders')}/events`)],
    ['N31 N07 IM04', nadia.remove('who may talk to whom', `${network('orders')}/networkpolicies/deny-all`)],
    ['N07 IM04 N31', runner.remove('who may talk to whom, all of them', `${network('billing')}/networkpolicies`)],
    [
      'N07',
      nadia.merge('everybody may talk to everybody', `${network('production')}/networkpolicies/deny-all`, {
        spec: { ingress: [{}], egress: [{}] },
      }),
    ],
    ['N07 N38', nadia.remove('how much there may be', `${core('orders')}/resourcequotas/limit`)],
    [
      'DE04 N38',
      nadia.post('requests of one are never put off', '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas', {
        apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
        kind: 'FlowSchema',
        metadata: { name: 'me' },
        spec: {
          matchingPrecedence: 2,
          priorityLevelConfiguration: { name: 'exempt' },
          rules: [
            {
              subjects: [{ kind: 'User', user: { name: 'x' } }],
              resourceRules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'], clusterScope: true, namespaces: ['*'] }],
            },
          ],
        },
      }),
    ],
  ),
  ...attack(
    'impact',
    ['IM01', nadia.remove('a workload goes', `${apps('orders')}/deployments/search`)],
    ['IM01', airflowScript.remove('a workload of the production goes', `${apps('production')}/statefulsets/db`)],
    ['IM01 N31', runner.remove('all workloads of a namespace go', `${apps('billing')}/deployments`)],
    ['IM01', adminConf.remove('what runs on each node goes', `${apps('kube-system')}/daemonsets/kube-proxy`)],
    ['IM02', nadia.remove('a namespace goes', '/api/v1/namespaces/legacy')],
    ['IM02', airflow.remove('a namespace goes, by an account', '/api/v1/namespaces/preview-42')],
    ['IM02 EX16', pavel.remove('a namespace, refused', '/api/v1/namespaces/orders')],
    ['IM03 N31', nadia.remove('many pods go', `${core('orders')}/pods/batch-{n}?gracePeriodSeconds=0`, { times: 14 })],
    ['IM03 N31', runner.remove('all pods of a namespace go', `${core('billing')}/pods`)],
    [
      'IM01 IM04',
      nadia.merge('nothing is left of a workload', `${apps('orders')}/deployments/gateway/scale`, { spec: { replicas: 0 } }),
    ],
    ['IM04 N31', nadia.remove('data go', `${core('production')}/persistentvolumeclaims`)],
    ['IM04', airflow.remove('a volume goes', '/api/v1/persistentvolumes/pv-root')],
    ['IM04', nadia.remove('a service goes', `${core('orders')}/services/gateway`)],
    ['IM04', runner.remove('settings go', `${core('orders')}/configmaps/flags`)],
    ['IM04 PS01', nadia.remove('all jobs that recur go', `${batch('orders')}/cronjobs`)],
    ['N38 N29', nadia.post('very many objects', `${core('orders')}/configmaps`, named('ConfigMap', 'fill-{n}'), { times: 60 })],
  ),
];
