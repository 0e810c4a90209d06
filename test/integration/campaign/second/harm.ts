import { asks, attack } from '../ask.ts';
import { accessReview, admission, binding, eviction, goodSpec, named, pod, quota } from '../objects.ts';
import { type AttackStep, agentOf, clients } from '../step.ts';

const ivo = asks('ivo', clients.kubectl);
const dana = asks('dana', clients.kubectl);
const hound = asks('ivo', agentOf('kubehound'));
const client = asks('ivo', 'OpenAPI-Generator/32.0.0/python');
const runner = asks('runner', clients.kubectl);
const noor = asks('noor', clients.kubectl);
const payments = '/api/v1/namespaces/payments';
const apps = '/apis/apps/v1/namespaces';
const networking = '/apis/networking.k8s.io/v1/namespaces/payments/networkpolicies';

const hiding = attack(
  'defense-evasion',
  [
    'N20',
    ivo.merge('pod security label taken away by a merge patch', '/api/v1/namespaces/payments', {
      metadata: { labels: { 'pod-security.kubernetes.io/enforce': null } },
    }),
  ],
  [
    'N20',
    ivo.apply(
      'pod security switched off by applying',
      '/api/v1/namespaces/data',
      named('Namespace', 'data', { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } }),
    ),
  ],
  [
    'N20 DE08',
    ivo.merge('namespace left out by the policy engine', '/api/v1/namespaces/payments', {
      metadata: { labels: { 'admission.gatekeeper.sh/ignore': 'no-self-managing' } },
    }),
  ],
  [
    'DE08',
    ivo.merge('no sidecars any more', '/api/v1/namespaces/payments', { metadata: { labels: { 'istio-injection': 'disabled' } } }),
  ],
  [
    'N19 PS02',
    ivo.strategic('webhook lets failures pass', `${admission}/validatingwebhookconfigurations/kyverno`, {
      webhooks: [{ name: 'kyverno.example.com', failurePolicy: 'Ignore' }],
    }),
  ],
  ['PS02', ivo.remove('webhook removed', `${admission}/mutatingwebhookconfigurations/sidecars`)],
  ['PS02 N31', ivo.remove('every webhook removed', `${admission}/validatingwebhookconfigurations`)],
  ['N21', ivo.remove('binding of a policy removed', `${admission}/validatingadmissionpolicybindings/no-latest`)],
  [
    'N21',
    ivo.merge('policy only audits', `${admission}/validatingadmissionpolicies/no-latest`, { spec: { failurePolicy: 'Ignore' } }),
  ],
  [
    'DE06',
    ivo.merge('network policy opened', `${networking}/deny`, {
      spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] },
    }),
  ],
  ['DE06', ivo.remove('network policies removed', networking)],
  ['DE06', ivo.remove('limits removed', `${payments}/limitranges/limits`)],
  ['DE09 IM01', ivo.remove('watching agent removed', `${apps}/falco/daemonsets/falco`)],
  [
    'DE09',
    ivo.strategic('watching agent runs nowhere', `${apps}/falco/daemonsets/sensor`, {
      spec: { template: { spec: { nodeSelector: { 'no-such': 'node' } } } },
    }),
  ],
  [
    'DE09 IM06',
    ivo.merge('policy engine scaled to nothing', `${apps}/kyverno/deployments/kyverno-admission-controller/scale`, {
      spec: { replicas: 0 },
    }),
  ],
  ['DE09 IM01', ivo.remove('collector of logs removed', `${apps}/logging/daemonsets/fluent-bit`)],
  ['DE01', client.remove('events of a pod removed one by one', `${payments}/events/checkout.{n}`, { times: 2 })],
  ['DE01', ivo.remove('events removed', '/apis/events.k8s.io/v1/namespaces/payments/events')],
  [
    'DE04',
    ivo.strategic('kubelets ask nobody', '/api/v1/namespaces/kube-system/configmaps/kubelet-config', {
      data: { kubelet: 'authentication: {anonymous: {enabled: true}}' },
    }),
  ],
);

const kinds = ['pods', 'nodes', 'serviceaccounts', 'endpoints', 'namespaces', 'services', 'configmaps'];
const looking = attack(
  'discovery',
  ...kinds.map((kind): readonly [string, ReturnType<typeof hound.get>] => [
    'DI02 DI08 EX21',
    hound.get(`graph of the cluster: ${kind}`, `/api/v1/${kind}?limit=1000`),
  ]),
  ['DI02 DI08 EX21', hound.get('graph of the cluster: bindings', '/apis/rbac.authorization.k8s.io/v1/rolebindings?limit=1000')],
  ['EX21', asks('noor', 'kdigger/v1.5.1 (linux/amd64) kubernetes/$Format').get('digger', '/version')],
  ['EX21', asks('noor', agentOf('peirates')).get('peirates', '/api/v1/namespaces')],
  ['EX21', asks('noor', agentOf('kubectl-access_matrix')).get('matrix of rights', '/api')],
  ['EX21', asks('ivo', 'stratus-red-team_4d1b').get('stratus', '/api/v1/namespaces')],
  [
    'DI01 DI11',
    ivo.post(
      'who may do this',
      '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      accessReview('priya@harbour.example', 'list', 'secrets'),
      { times: 3 },
    ),
  ],
  ['N31', ivo.get('logs of the fleet', '/api/v1/namespaces/fleet/pods/unit-{n}/log?tailLines=100', { times: 32 })],
  ['N37 EX16', noor.post('dry runs', '/api/v1/namespaces/team-{n}/pods?dryRun=All', pod('x', goodSpec()), { times: 7 })],
  ['DI04 IA04 DI03', runner.get('the runner tries every door', '/api/v1/namespaces/team-{n}/configmaps', { times: 22 })],
);

const moving = attack(
  'lateral-movement',
  [
    'LM04',
    ivo.get('dashboard through the API', '/api/v1/namespaces/payments/services/https:checkout:443/proxy/', {
      client: clients.curl,
    }),
  ],
  [
    'LM04',
    ivo.get('admin path of a pod through the API', '/api/v1/namespaces/payments/pods/checkout-api-0:9090/proxy/actuator/env', {
      client: clients.curl,
    }),
  ],
  [
    'LM01',
    ivo.strategic('name service led elsewhere', '/api/v1/namespaces/kube-system/configmaps/coredns', {
      data: { Corefile: '.:53 { forward . 203.0.113.50 }' },
    }),
  ],
  [
    'LM01',
    ivo.apply('name service extended', '/api/v1/namespaces/kube-system/configmaps/coredns-custom', {
      ...named('ConfigMap', 'coredns-custom'),
      data: { 'x.server': 'x:53 {}' },
    }),
  ],
  [
    'LM05',
    dana.post('service that leads to the metadata service', `${payments}/services`, {
      ...named('Service', 'meta'),
      spec: { type: 'ExternalName', externalName: 'metadata.google.internal' },
    }),
  ],
);

const harm = attack(
  'impact',
  ['IM01', ivo.remove('deployment deleted', `${apps}/payments/deployments/checkout-web`)],
  ['IM07 N31 IM01', ivo.remove('every stateful set deleted', `${apps}/data/statefulsets`)],
  [
    'IM06',
    ivo.put('scaled to nothing', `${apps}/payments/deployments/checkout-api/scale`, {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'checkout-api', namespace: 'payments' },
      spec: { replicas: 0 },
    }),
  ],
  [
    'IM06',
    ivo.strategic('scaled to nothing in the object', `${apps}/payments/deployments/checkout-api`, { spec: { replicas: 0 } }),
  ],
  ['IM07', ivo.remove('volume deleted', '/api/v1/persistentvolumes/orders')],
  ['IM07 N31', ivo.remove('claims deleted', '/api/v1/namespaces/data/persistentvolumeclaims')],
  ['IM07 N31', ivo.remove('backups deleted', '/apis/velero.io/v1/namespaces/velero/backups')],
  ['IM07 N31', ivo.remove('config maps deleted', '/api/v1/namespaces/data/configmaps')],
  ['IM10', ivo.post('nothing may run any more', '/api/v1/namespaces/data/resourcequotas', quota('stop', 0))],
  ['N31 IM03', client.remove('pods deleted one by one', '/api/v1/namespaces/fleet/pods/unit-{n}', { times: 14 })],
  [
    'PE26 IM09 N31',
    ivo.post('pods driven out', '/api/v1/namespaces/fleet/pods/spare-{n}/eviction', eviction('spare-{n}', 'fleet'), {
      times: 12,
    }),
  ],
  ['PE26', ivo.merge('node closed', '/api/v1/nodes/worker-1', { spec: { unschedulable: true } })],
  ['IM08', ivo.remove('node deleted', '/api/v1/nodes/worker-3')],
  [
    'IM12',
    ivo.post('class that pushes others out', '/apis/scheduling.k8s.io/v1/priorityclasses', {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'first' },
      value: 1_000_000_000,
      globalDefault: true,
    }),
  ],
  ['N22 IM07', ivo.remove('kind deleted', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/backups.velero.io')],
  [
    'IA09 PE08',
    ivo.post(
      'all accounts are administrators',
      '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
      binding('all', 'cluster-admin', ['Group', 'system:serviceaccounts']),
    ),
  ],
  ['IM02', ivo.remove('namespace deleted', '/api/v1/namespaces/payments')],
);

/** Hiding, looking around, moving on and doing harm. */
export const harmSteps: readonly AttackStep[] = [...looking, ...moving, ...hiding, ...harm];
