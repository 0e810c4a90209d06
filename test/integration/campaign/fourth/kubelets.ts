import { asks, attack } from '../ask.ts';
import { eviction, goodSpec, named, pod, tokenRequest } from '../objects.ts';
import { core } from '../places.ts';
import { webSocket } from '../session.ts';
import { type AttackStep, merge } from '../step.ts';
import { airflowScript, kube7, kube7Kubectl, nadia, pavel, runner } from './attackers.ts';

const one = '/api/v1/nodes/ip-10-4-0-1';
const proxy = `${one}/proxy`;
const spread = asks('nadia', 'curl/8.7.1');
const mirror = (source: string): object => ({
  annotations: {
    'kubernetes.io/config.source': source,
    'kubernetes.io/config.hash': 'abc123',
    'kubernetes.io/config.mirror': 'abc123',
  },
});
const ready = (ip: string): object => ({
  status: { conditions: [{ type: 'Ready', status: 'True' }], podIP: ip, phase: 'Running' },
});

/** Nodes, and the way to them through the API. */
export const kubeletSteps: readonly AttackStep[] = [
  ...attack(
    'kubelet',
    ['PE20', nadia.get('pods of a node', `${proxy}/pods`)],
    ['PE20', airflowScript.get('what runs there', `${proxy}/runningpods/`)],
    ['PE20', nadia.get('with scheme and port', '/api/v1/nodes/https:ip-10-4-0-1:10250/proxy/pods')],
    ['PE20', spread.get('logs of the machine', `${proxy}/logs/auth.log`)],
    ['PE20', nadia.get('output of a container', `${proxy}/containerLogs/orders/payments-0/main`)],
    ['PE20', nadia.get('its settings', `${proxy}/configz`)],
    ['PE20', nadia.post('a checkpoint of the memory', `${proxy}/checkpoint/orders/payments-0/main`, {})],
    ['PE21', spread.post('a command', `${proxy}/run/orders/payments-0/main?cmd=id`, {})],
    ['PE21', nadia.open('a session', `${proxy}/exec/orders/payments-0/main?command=sh&input=1&output=1&tty=1`)],
    [
      'PE21',
      airflowScript.get('a session by a web socket', `${proxy}/exec/orders/payments-0/main?command=id&output=1`, {
        headers: webSocket,
      }),
    ],
    ['PE21', nadia.open('attached', `${proxy}/attach/orders/payments-0/main?output=1`)],
    ['PE21', nadia.open('a port', `${proxy}/portForward/orders/payments-0?port=5432`)],
    ['PE20 PE21', pavel.get('refused', `${proxy}/pods`)],
    ['PE20 PE21', asks('basket', 'curl/7.88.1').post('refused, a command', `${proxy}/run/orders/payments-0/main?cmd=id`, {})],
    ['PE20', runner.get('refused, by the path of old', `${proxy}/stats/summary`)],
  ),
  ...attack(
    'nodes',
    ['N27', kube7.merge('another node', `${one}/status`, { status: { conditions: [{ type: 'Ready', status: 'False' }] } })],
    [
      'N27',
      kube7.merge('a label by which pods are placed', '/api/v1/nodes/ip-10-4-0-7', {
        metadata: { labels: { 'node-restriction.kubernetes.io/pci': 'true' } },
      }),
    ],
    ['N27', kube7.remove('a pod of another node', `${core('orders')}/pods/batch-2`)],
    ['N27 CA12', kube7.get('a secret of nobody there', `${core('production')}/secrets/db-root`)],
    [
      'N27 PS07',
      kube7.post(
        'a token of an account of another node',
        `${core('kube-system')}/serviceaccounts/descheduler/token`,
        tokenRequest(3600),
      ),
    ],
    ['N27 EX16', kube7Kubectl.post('a pod', `${core('default')}/pods`, pod('by-node', goodSpec({ nodeName: 'ip-10-4-0-7' })))],
    ['N27 DI02 DI04', kube7Kubectl.get('settings of the system', `${core('kube-system')}/configmaps`)],
    [
      'N26',
      kube7.post(
        'a static pod',
        `${core('kube-system')}/pods`,
        pod(
          'kube-helper-ip-10-4-0-7',
          { nodeName: 'ip-10-4-0-7', containers: [{ name: 'c', image: 'docker.io/someone/helper:1' }] },
          {
            ...mirror('file'),
            ownerReferences: [
              { apiVersion: 'v1', kind: 'Node', name: 'ip-10-4-0-7', uid: 'UID-OF-IP-10-4-0-7', controller: true },
            ],
          },
        ),
      ),
    ],
    [
      'N26',
      kube7.post(
        'a static pod that was fetched',
        `${core('default')}/pods`,
        pod(
          'www-ip-10-4-0-7',
          { nodeName: 'ip-10-4-0-7', containers: [{ name: 'c', image: 'docker.io/someone/www:1' }] },
          {
            ...mirror('http'),
            ownerReferences: [
              { apiVersion: 'v1', kind: 'Node', name: 'ip-10-4-0-7', uid: 'UID-OF-IP-10-4-0-7', controller: true },
            ],
          },
        ),
      ),
    ],
    [
      'PE24',
      nadia.merge('state of a node', '/api/v1/nodes/ip-10-4-0-2/status', { status: { capacity: { 'example.com/gpu': '8' } } }),
    ],
    ['PE24', nadia.merge('state of a pod', `${core('orders')}/pods/cart-6d5f-abcde/status`, ready('10.9.9.9'))],
    [
      'PE24',
      runner.strategic('state of a pod, by an account', `${core('production')}/pods/storefront-0/status`, ready('10.9.9.8')),
    ],
    ['PE26', nadia.strategic('no more pods for a node', '/api/v1/nodes/ip-10-4-0-2', { spec: { unschedulable: true } })],
    [
      'PE26',
      nadia.post(
        'a pod of the system has to go',
        `${core('kube-system')}/pods/coredns-5d78c9869d-7xk2p/eviction`,
        eviction('coredns-5d78c9869d-7xk2p', 'kube-system'),
      ),
    ],
    [
      'PE26',
      nadia.merge('a taint for another', one, { spec: { taints: [{ key: 'x', effect: 'NoExecute' }] } }, { contentType: merge }),
    ],
    ['PE26 IM03', nadia.remove('and its pod goes', `${core('kube-system')}/pods/kube-proxy-q8z4n`)],
    ['IM04 N31 N27', nadia.remove('a node goes', '/api/v1/nodes/ip-10-4-0-7')],
    [
      'N22 N25',
      nadia.post('a class before which all others give way', '/apis/scheduling.k8s.io/v1/priorityclasses', {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name: 'first' },
        value: 1_000_000_000,
        globalDefault: true,
      }),
    ],
    [
      'IA15',
      asks('kube7', 'kubelet/v1.36.0 (linux/amd64) kubernetes/0a1b2c3').post(
        'a node of another name',
        '/api/v1/nodes',
        named('Node', 'ip-10-4-0-66'),
      ),
    ],
  ),
];
