import { attack } from '../ask.ts';
import { container, eviction, goodSpec, named, workload } from '../objects.ts';
import type { AttackStep } from '../step.ts';
import { jupyterClient, svetlana, tomas } from './attackers.ts';

const core = '/api/v1';
const apps = '/apis/apps/v1/namespaces';
const system = `${core}/namespaces/kube-system`;

const hiding = attack(
  'defense-evasion',
  ['DE01', svetlana.remove('events of a namespace', `${core}/namespaces/web/events`)],
  ['DE01', svetlana.remove('one event', '/apis/events.k8s.io/v1/namespaces/ml/events/note.1')],
  [
    'DE09 IM01 DE04',
    svetlana.strategic('watcher runs nowhere', `${apps}/falco/daemonsets/falco`, {
      spec: { template: { spec: { nodeSelector: { no: 'where' } } } },
    }),
  ],
  [
    'DE09 IM01 DE04',
    svetlana.merge('policy engine scaled to none', `${apps}/gatekeeper-system/deployments/gatekeeper-controller-manager/scale`, {
      spec: { replicas: 0 },
    }),
  ],
  ['DE09 IM01 DE04', svetlana.remove('shipper of logs', `${apps}/logging/daemonsets/promtail`)],
  [
    'DE04 DE09',
    svetlana.merge('settings of the shipper', `${core}/namespaces/logging/configmaps/promtail`, {
      data: { 'promtail.yaml': 'clients: []' },
    }),
  ],
  ['DE06', svetlana.remove('quota', `${core}/namespaces/web/resourcequotas/quota`)],
  ['DE06', svetlana.remove('wall of a namespace', '/apis/networking.k8s.io/v1/namespaces/web/networkpolicies/deny-all')],
  [
    'PE24',
    jupyterClient.merge('status of a pod', `${core}/namespaces/web/pods/frontend-0/status`, { status: { podIP: '10.9.9.9' } }),
  ],
  [
    'LM03',
    jupyterClient.merge('addresses of a service', '/apis/discovery.k8s.io/v1/namespaces/web/endpointslices/shop-1', {
      endpoints: [{ addresses: ['10.9.9.9'] }],
    }),
  ],
  [
    'DE07',
    svetlana.merge(
      'lease of the controllers',
      '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager',
      { spec: { holderIdentity: 'x' } },
    ),
  ],
);

const stealing = attack(
  'privilege-escalation',
  ['PE26', svetlana.strategic('no pods there', `${core}/nodes/pool-a-1`, { spec: { unschedulable: true } })],
  [
    'PE26',
    svetlana.strategic('taint there', `${core}/nodes/pool-a-1`, { spec: { taints: [{ key: 'x', effect: 'NoExecute' }] } }),
  ],
  ['PE26 IM03 N31', svetlana.remove('pod of the system away', `${system}/pods/external-dns-0`)],
  [
    'PE26',
    svetlana.post('pod of the system pushed away', `${system}/pods/karpenter-0/eviction`, eviction('karpenter-0', 'kube-system')),
  ],
);

const damage = attack(
  'impact',
  ['IM01', svetlana.remove('deployment', `${apps}/web/deployments/shop`)],
  ['IM01 N31 IM03', svetlana.remove('database', `${apps}/databases/statefulsets/orders`)],
  ['IM06', tomas.merge('nothing runs', `${apps}/web/deployments/delivered/scale`, { spec: { replicas: 0 } })],
  ['N31 IM03', svetlana.remove('pods one by one', `${core}/namespaces/fleet/pods/unit-{n}`, { times: 26 })],
  ['N31 IM03', svetlana.remove('pods at once', `${core}/namespaces/fleet/pods`)],
  ['N31 CA11', svetlana.remove('secrets at once', `${core}/namespaces/databases/secrets`)],
  ['N31 IM04', svetlana.remove('volumes at once', `${core}/namespaces/databases/persistentvolumeclaims`)],
  ['IM02', svetlana.remove('namespace', `${core}/namespaces/databases`)],
  [
    'N22 IM04',
    svetlana.remove('kind with all its objects', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/backups.velero.io'),
  ],
  ['IM01 N31 CA11', svetlana.remove('backups', '/apis/velero.io/v1/namespaces/velero/backups')],
  [
    'N38 N29',
    jupyterClient.post('ransom note', `${core}/namespaces/web/configmaps`, {
      ...named('ConfigMap', 'readme'),
      data: { 'README.txt': 'Your data was taken. Pay 1 BTC to bc1q...' },
    }),
  ],
  ['N38', jupyterClient.get('everything at once', `${core}/pods?limit=0`, { times: 12 })],
  ['N31 IM03', svetlana.remove('node', `${core}/nodes/pool-a-9`)],
  [
    'N02 N06 N05',
    tomas.post(
      'by hand',
      `${apps}/default/deployments`,
      workload('Deployment', 'tool', { containers: [container({ image: 'ubuntu' })], ...goodSpec() }),
    ),
  ],
);

/** What hides, what takes nodes and what destroys. */
export const damageSteps: readonly AttackStep[] = [...hiding, ...stealing, ...damage];
