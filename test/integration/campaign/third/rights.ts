import { asks, attack } from '../ask.ts';
import { binding, certificateRequest, clusterRole, rbac, role, roleBinding, rule } from '../objects.ts';
import { certificates } from '../places.ts';
import { type AttackStep, agentOf } from '../step.ts';
import { jupyterClient, svetlana, svetlanaCurl, tomas } from './attackers.ts';

const go = asks('jupyter', agentOf('main'));
const as = (user: string, ...groups: readonly string[]): { headers: Record<string, string> } => ({
  headers: { 'impersonate-user': user, ...(groups.length > 0 && { 'impersonate-group': groups.join(',') }) },
});
const core = '/api/v1';
const system = `${core}/namespaces/kube-system`;
const web = `${core}/namespaces/web`;
const bindings = `${rbac()}/clusterrolebindings`;
const roles = `${rbac()}/clusterroles`;
const approval = (name: string): object => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name },
  spec: { request: 'CSR-FOR-TOMAS', signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
  status: { conditions: [{ type: 'Approved', status: 'True', reason: 'x', message: 'x' }] },
});

const rights = attack(
  'privilege-escalation',
  [
    'PE08',
    jupyterClient.post(
      'own account is administrator',
      bindings,
      binding('ml-tools', 'cluster-admin', ['ServiceAccount', 'jupyter', 'ml']),
    ),
  ],
  [
    'PE08 PE23',
    svetlana.post(
      'default account is administrator',
      bindings,
      binding('defaults', 'cluster-admin', ['ServiceAccount', 'default', 'default']),
    ),
  ],
  [
    'PE08 PE16',
    svetlana.post(
      'administrator of the system',
      `${rbac('kube-system')}/rolebindings`,
      roleBinding('ops', 'admin', ['User', 'tomas@corp.example']),
    ),
  ],
  [
    'PE08 PE16',
    svetlana.merge('one more subject', `${bindings}/platform-admins`, {
      subjects: [
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'platform-admins' },
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'tomas@corp.example' },
      ],
    }),
  ],
  [
    'PE08',
    svetlana.post('group that nobody can take back', bindings, binding('m', 'system:masters', ['Group', 'system:masters'])),
  ],
  ['PE09', svetlana.post('role for everything', roles, clusterRole('metrics-helper', [rule('*', ['*'], ['*'])]))],
  [
    'PE13',
    svetlana.post(
      'role that gives itself more',
      roles,
      clusterRole('role-manager', [rule('rbac.authorization.k8s.io', ['clusterroles', 'roles'], ['escalate', 'bind', 'update'])]),
    ),
  ],
  [
    'PE13',
    svetlana.post(
      'role that acts as others',
      roles,
      clusterRole('proxying', [rule('', ['users', 'groups', 'serviceaccounts'], ['impersonate'])]),
    ),
  ],
  ['PE12', svetlana.post('role for kubelets', roles, clusterRole('node-stats', [rule('', ['nodes/proxy'], ['get', 'create'])]))],
  [
    'PE11',
    svetlana.post(
      'role for sessions',
      `${rbac('web')}/roles`,
      role('debugger', [rule('', ['pods', 'pods/exec', 'pods/attach'], ['get', 'create'])]),
    ),
  ],
  [
    'PE28 PE10',
    svetlana.post('role for tokens', roles, clusterRole('token-helper', [rule('', ['serviceaccounts/token'], ['create'])])),
  ],
  [
    'PE10 PE13 PS03 PS04',
    svetlana.post(
      'role that signs',
      roles,
      clusterRole('signing', [
        rule('certificates.k8s.io', ['certificatesigningrequests', 'certificatesigningrequests/approval'], ['create', 'update']),
        { ...rule('certificates.k8s.io', ['signers'], ['approve']), resourceNames: ['kubernetes.io/kube-apiserver-client'] },
      ]),
    ),
  ],
  [
    'PE28 PE10',
    svetlana.post(
      'role that reads all secrets',
      roles,
      clusterRole('secret-sync', [rule('', ['secrets'], ['get', 'list', 'watch'])]),
    ),
  ],
  [
    'PE14 PE09',
    svetlana.json('role becomes all-mighty', `${roles}/reader`, [
      { op: 'add', path: '/rules/-', value: rule('*', ['*'], ['*']) },
    ]),
  ],
  [
    'PE28 PE10',
    svetlana.json('role for webhooks', `${roles}/reader`, [
      {
        op: 'add',
        path: '/rules/-',
        value: rule('admissionregistration.k8s.io', ['mutatingwebhookconfigurations'], ['create', 'update', 'patch']),
      },
    ]),
  ],
  [
    'N23',
    svetlana.post(
      'role that joins another',
      roles,
      clusterRole('view-more', [rule('', ['secrets', 'pods/exec'], ['*'])], {
        labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' },
      }),
    ),
  ],
  [
    'PE15',
    svetlana.json('role of the system', `${roles}/system:basic-user`, [
      { op: 'add', path: '/rules/-', value: rule('', ['secrets'], ['get', 'list']) },
    ]),
  ],
  [
    'IA09',
    svetlana.post(
      'everybody an administrator',
      bindings,
      binding('public', 'cluster-admin', ['Group', 'system:unauthenticated']),
    ),
  ],
  ['IA09', svetlana.post('everybody sees', bindings, binding('public-view', 'view', ['Group', 'system:authenticated']))],
  [
    'IA09',
    svetlanaCurl.post(
      'everybody in one namespace',
      `${rbac('web')}/rolebindings`,
      roleBinding('guests', 'edit', ['User', 'system:anonymous']),
    ),
  ],
  ['PE19', svetlanaCurl.get('as a master', `${core}/secrets?limit=1`, as('x', 'system:masters'))],
  [
    'PE19',
    svetlana.get(
      'as an account of the system',
      `${system}/secrets`,
      as('system:serviceaccount:kube-system:generic-garbage-collector'),
    ),
  ],
  ['PE19 DE03', svetlana.get('as a node', `${core}/nodes`, as('system:node:pool-a-1', 'system:nodes'))],
  ['PE19 DE03', tomas.get('as a master, refused', `${core}/secrets`, as('root', 'system:masters'))],
  ['DE03 PE19 N35', svetlana.get('as a colleague', `${web}/pods`, as('jonas@corp.example'))],
  ['EX16 PE08 PE16', tomas.post('binding, refused', bindings, binding('t', 'cluster-admin', ['User', 'tomas@corp.example']))],
  ['PE08 PE16 EX16', go.apply('binding applied', `${bindings}/helper`, binding('helper', 'cluster-admin', ['User', 'helper']))],
  ['PE16 IM04', svetlana.remove('binding of the gate removed', `${bindings}/gatekeeper`)],
  [
    'PE17 PE16 PE08',
    jupyterClient.post(
      'binding by an account',
      `${rbac('ml')}/rolebindings`,
      roleBinding('more', 'admin', ['ServiceAccount', 'default', 'ml']),
    ),
  ],
);

const signing = attack(
  'persistence',
  [
    'PS05 PS03 PS06',
    svetlana.post(
      'certificate of masters',
      certificates,
      certificateRequest('svc-1', 'CSR-FOR-SUPER', 'kubernetes.io/kube-apiserver-client', ['client auth']),
    ),
  ],
  [
    'PS03 PS06',
    svetlana.post(
      'certificate of a friend',
      certificates,
      certificateRequest('svc-2', 'CSR-FOR-TOMAS', 'kubernetes.io/kube-apiserver-client', ['client auth'], {}),
    ),
  ],
  ['PS04 PS03', svetlana.put('approved by the same', `${certificates}/svc-2/approval`, approval('svc-2'))],
  [
    'PS05 PS03',
    svetlana.post(
      'certificate of the scheduler',
      certificates,
      certificateRequest('svc-3', 'CSR-FOR-SCHEDULER', 'kubernetes.io/kube-apiserver-client', ['client auth']),
    ),
  ],
);

/** Rights taken and certificates asked for. */
export const thirdRights: readonly AttackStep[] = [...rights, ...signing];
