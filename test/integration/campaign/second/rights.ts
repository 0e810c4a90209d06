import { asks, attack } from '../ask.ts';
import { binding, clusterRole, rbac, role, roleBinding, rule } from '../objects.ts';
import { type AttackStep, clients } from '../step.ts';

const ivo = asks('ivo', clients.kubectl);
const terraform = asks('ivo', 'Terraform/1.9.8 (+https://www.terraform.io) Terraform-Plugin-SDK/2.33.0');
const longhorn = asks('longhorn', clients.curl);
const noor = asks('noor', clients.kubectl);
const dana = asks('dana', clients.kubectl);
const worker3 = asks('worker3', clients.kubelet);
const rbacGroup = 'rbac.authorization.k8s.io';
const roles = `${rbac()}/clusterroles`;
const bindings = `${rbac()}/clusterrolebindings`;
const nodes = '/api/v1/nodes';

const given = attack(
  'privilege-escalation',
  [
    'PE08',
    ivo.apply(
      'administrator by applying',
      `${bindings}/ops-helper`,
      binding('ops-helper', 'cluster-admin', ['User', 'noor@harbour.example']),
    ),
  ],
  ['PE08', terraform.post('administrator by Terraform', bindings, binding('tf', 'cluster-admin', ['Group', 'auditors']))],
  [
    'PE08',
    ivo.post(
      'administrator for an account of payments',
      bindings,
      binding('pay', 'cluster-admin', ['ServiceAccount', 'checkout-api', 'payments']),
    ),
  ],
  [
    'PE08',
    ivo.post(
      'role of the controller manager',
      bindings,
      binding('kcm', 'system:kube-controller-manager', ['User', 'noor@harbour.example']),
    ),
  ],
  [
    'PE08',
    ivo.post(
      'role of a controller',
      bindings,
      binding('agg', 'system:controller:clusterrole-aggregation-controller', ['ServiceAccount', 'checkout-api', 'payments']),
    ),
  ],
  [
    'PE08 PE27 PE16',
    ivo.post(
      'role admin in kube-system',
      `${rbac('kube-system')}/rolebindings`,
      roleBinding('help', 'admin', ['User', 'noor@harbour.example']),
    ),
  ],
  [
    'PE23 PE08',
    ivo.post(
      'administrator for a default account',
      `${rbac('data')}/rolebindings`,
      roleBinding('def', 'admin', ['ServiceAccount', 'default', 'data']),
    ),
  ],
  [
    'PE16 PE30',
    ivo.merge('subjects replaced', `${bindings}/cluster-viewers`, {
      subjects: [{ kind: 'User', apiGroup: rbacGroup, name: 'noor@harbour.example' }],
    }),
  ],
  [
    'PE16 PE30',
    ivo.put(
      'binding replaced',
      `${rbac('data')}/rolebindings/airflow`,
      roleBinding('airflow', 'payments-developer', ['User', 'noor@harbour.example']),
    ),
  ],
  [
    'PE09 PE14',
    ivo.put('role replaced by one with everything', `${roles}/reporting`, clusterRole('reporting', [rule('*', ['*'], ['*'])])),
  ],
  [
    'PE09 PE14',
    ivo.json('right to everything added', `${roles}/reporting`, [
      { op: 'add', path: '/rules/-', value: rule('*', ['*'], ['*']) },
    ]),
  ],
  ['PE09', ivo.post('every path of the server', roles, clusterRole('paths', [{ nonResourceURLs: ['*'], verbs: ['*'] }]))],
  [
    'PE13',
    ivo.post(
      'role that binds and escalates',
      roles,
      clusterRole('raise', [rule(rbacGroup, ['roles', 'clusterroles'], ['bind', 'escalate'])]),
    ),
  ],
  [
    'PE13',
    ivo.post('role that impersonates accounts', roles, clusterRole('be', [rule('', ['serviceaccounts'], ['impersonate'])])),
  ],
  [
    'PE13',
    ivo.post(
      'role of constrained impersonation',
      roles,
      clusterRole('be-on', [
        rule('authentication.k8s.io', ['users'], ['impersonate:user-info']),
        rule('', ['secrets'], ['impersonate-on:user-info:list']),
      ]),
    ),
  ],
  ['PE12', ivo.post('role for kubelets', roles, clusterRole('kubelets', [rule('', ['nodes/proxy', 'nodes/exec'], ['*'])]))],
  [
    'PE11 PE28',
    ivo.post(
      'role for sessions over web sockets',
      roles,
      clusterRole('sessions', [rule('', ['pods/exec', 'pods/attach', 'pods/portforward'], ['get'])]),
    ),
  ],
  ['PE11 PE28 PE09', ivo.post('role for every subresource of pods', roles, clusterRole('subs', [rule('', ['pods/*'], ['*'])]))],
  [
    'PE28',
    ivo.post('role for tokens', `${rbac('data')}/roles`, role('tokens', [rule('', ['serviceaccounts/token'], ['create'])])),
  ],
  [
    'PE28',
    ivo.post(
      'role for certificates',
      roles,
      clusterRole('sign', [
        rule('certificates.k8s.io', ['certificatesigningrequests', 'certificatesigningrequests/approval'], ['create', 'update']),
      ]),
    ),
  ],
  ['PE28', ivo.post('role that watches secrets', roles, clusterRole('watchers', [rule('', ['secrets'], ['watch'])]))],
  [
    'PE28',
    ivo.post('role for debugging containers', roles, clusterRole('debug', [rule('', ['pods/ephemeralcontainers'], ['patch'])])),
  ],
  ['PE28', ivo.post('role for volumes', roles, clusterRole('vols', [rule('', ['persistentvolumes'], ['create'])]))],
  [
    'PE28 PE10',
    ivo.post(
      'role that makes workloads everywhere',
      roles,
      clusterRole('make', [rule('apps', ['deployments', 'daemonsets'], ['create', 'patch'])]),
    ),
  ],
  [
    'PE28',
    ivo.post(
      'role for admission',
      roles,
      clusterRole('adm', [
        rule('admissionregistration.k8s.io', ['mutatingadmissionpolicies', 'mutatingadmissionpolicybindings'], ['create']),
      ]),
    ),
  ],
  [
    'N23',
    ivo.apply(
      'smuggled into edit',
      `${roles}/smuggle`,
      clusterRole('smuggle', [rule('', ['secrets'], ['get', 'list'])], {
        labels: { [`${rbacGroup}/aggregate-to-edit`]: 'true' },
      }),
    ),
  ],
  ['PE15', ivo.merge('role of nodes changed', `${roles}/system:node`, { rules: [rule('', ['secrets', 'pods'], ['*'])] })],
  [
    'PE15',
    ivo.json('rights of those who discover', `${roles}/system:discovery`, [
      { op: 'add', path: '/rules/-', value: rule('', ['secrets'], ['list']) },
    ]),
  ],
  [
    'PE17 PE08',
    longhorn.post(
      'an operator binds an administrator',
      bindings,
      binding('lh', 'cluster-admin', ['ServiceAccount', 'longhorn-service-account', 'longhorn-system']),
    ),
  ],
  [
    'PE13 PE17',
    longhorn.post('an operator makes a role', roles, clusterRole('lh-x', [rule('', ['serviceaccounts'], ['impersonate'])])),
  ],
);

const as = (user: string, ...groups: readonly string[]): { headers: Record<string, string> } => ({
  headers: { 'impersonate-user': user, ...(groups[0] !== undefined && { 'impersonate-group': groups[0] }) },
});

const asOthers = attack(
  'privilege-escalation',
  ['PE19', ivo.get('in the name of the administrator', '/api/v1/secrets', as('kubernetes-admin', 'system:masters'))],
  ['PE19', ivo.get('in the name of the group of administrators', nodes, as('nobody', 'kubeadm:cluster-admins'))],
  [
    'PE19',
    ivo.get('in the name of a controller', '/api/v1/secrets', as('system:serviceaccount:kube-system:generic-garbage-collector')),
  ],
  ['PE19', ivo.get('in the name of a node', '/api/v1/pods', as('system:node:worker-1', 'system:nodes'))],
  ['PE19 DE03 N35', ivo.get('in the name of a colleague', '/api/v1/namespaces/payments/pods', as('priya@harbour.example'))],
  ['DE05', noor.get('in the name of a group, refused', nodes, as('noor', 'system:masters'))],
  ['DE05', dana.get('in the name of an account, refused', nodes, as('system:serviceaccount:kube-system:default'))],
  [
    'DE05',
    noor.get('with another uid, refused', nodes, {
      headers: { 'impersonate-user': 'a', 'impersonate-uid': 'b', 'impersonate-extra-scopes': 'c' },
    }),
  ],
);

const kubelets = attack(
  'privilege-escalation',
  ['PE20', ivo.get('pods of a kubelet with a port', `${nodes}/worker-1:10250/proxy/pods`)],
  ['PE20', ivo.get('pods of a kubelet over TLS', `${nodes}/https:worker-1:10250/proxy/runningpods/`, { client: clients.curl })],
  ['PE20', ivo.get('configuration of a kubelet', `${nodes}/worker-1/proxy/configz`)],
  ['PE20', ivo.get('log of a container through a kubelet', `${nodes}/worker-1/proxy/containerLogs/payments/checkout-api-0/main`)],
  ['PE21', ivo.post('command through a kubelet', `${nodes}/worker-1/proxy/run/payments/checkout-api-0/main?cmd=id`, {})],
  [
    'PE21',
    ivo.open('session through a kubelet', `${nodes}/worker-1/proxy/exec/payments/checkout-api-0/main?command=id&output=1`, {
      method: 'GET',
    }),
  ],
  [
    'PE21 PE20',
    ivo.post('memory of a container written down', `${nodes}/worker-1/proxy/checkpoint/payments/checkout-api-0/main`, {}),
  ],
  ['PE20 LM04', ivo.get('etcd through a node', `${nodes}/cp-1:2379/proxy/version`, { client: clients.curl })],
  [
    'N27',
    worker3.merge('a node opens itself to others', `${nodes}/worker-1`, {
      metadata: { labels: { 'node-restriction.kubernetes.io/x': 'y' } },
    }),
  ],
  [
    'N27 CA12',
    worker3.get('a node looks at pods of another', '/api/v1/namespaces/data/pods/postgres-0/status', { client: clients.curl }),
  ],
  [
    'PE24',
    ivo.merge('state of a pod invented', '/api/v1/namespaces/payments/pods/checkout-api-0/status', {
      status: { phase: 'Succeeded' },
    }),
  ],
  [
    'PE26 IM09',
    ivo.json('node keeps every pod away', `${nodes}/worker-1`, [
      { op: 'add', path: '/spec/taints', value: [{ key: 'x', value: 'y', effect: 'NoExecute' }] },
    ]),
  ],
  [
    'N26',
    worker3.post('static pod', '/api/v1/namespaces/payments/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'web-worker-3',
        annotations: { 'kubernetes.io/config.mirror': 'b2', 'kubernetes.io/config.source': 'file' },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'worker-3', uid: 'UID-OF-WORKER-3', controller: true }],
      },
      spec: { nodeName: 'worker-3', containers: [{ name: 'c', image: 'registry.harbour.example/web:1' }] },
    }),
  ],
);

/** From some rights to all rights. */
export const rightsSteps: readonly AttackStep[] = [...given, ...asOthers, ...kubelets];
