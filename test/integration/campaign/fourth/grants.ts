import { asks, attack } from '../ask.ts';
import { binding, clusterRole, goodSpec, ownRoleBinding, pod, rbac, role, roleBinding, rule } from '../objects.ts';
import { core } from '../places.ts';
import type { AttackStep } from '../step.ts';
import { airflow, airflowScript, nadia, pavel, runner } from './attackers.ts';

const roles = `${rbac()}/clusterroles`;
const bindings = `${rbac()}/clusterrolebindings`;
const own = `${rbac('orders')}/roles`;
const ownBindings = `${rbac('orders')}/rolebindings`;
const aggregated = { labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } };

/** Rights given and taken on. */
export const grantSteps: readonly AttackStep[] = [
  ...attack(
    'rights',
    [
      'PE08',
      nadia.post(
        'administrator: a person',
        bindings,
        binding('ops-tmp', 'cluster-admin', ['User', 'oidc:viktor@harbourline.example']),
      ),
    ],
    [
      'PE08 PS11',
      airflow.post(
        'administrator: an account',
        bindings,
        binding('basket-tmp', 'cluster-admin', ['ServiceAccount', 'basket', 'orders']),
      ),
    ],
    [
      'PE08',
      runner.post(
        'administrator of a namespace',
        ownBindings,
        roleBinding('own-it', 'cluster-admin', ['User', 'oidc:viktor@harbourline.example']),
      ),
    ],
    [
      'PE08',
      nadia.post(
        'administrator by the role of that name',
        `${rbac('billing')}/rolebindings`,
        roleBinding('adm', 'admin', ['Group', 'oidc:interns']),
      ),
    ],
    [
      'PE08',
      nadia.json('one more who is administrator', `${bindings}/sre`, [
        { op: 'add', path: '/subjects/-', value: { kind: 'User', name: 'backdoor', apiGroup: 'rbac.authorization.k8s.io' } },
      ]),
    ],
    [
      'PE08',
      nadia.put('the same by a whole object', `${bindings}/support`, binding('support', 'look', ['Group', 'oidc:interns'])),
    ],
    [
      'PE08',
      nadia.apply(
        'administrator, applied',
        `${bindings}/applied`,
        binding('applied', 'cluster-admin', ['Group', 'oidc:interns']),
      ),
    ],
    [
      'PE23 PE08',
      nadia.post(
        'administrator: the account that every pod has',
        `${rbac('legacy')}/rolebindings`,
        roleBinding('def', 'admin', ['ServiceAccount', 'default', 'legacy']),
      ),
    ],
    [
      'PE23 PE08',
      airflow.post(
        'administrator of all: the same',
        bindings,
        binding('def-all', 'cluster-admin', ['ServiceAccount', 'default', 'kube-system']),
      ),
    ],
    ['IA09', nadia.post('rights for everyone', bindings, binding('pub', 'view', ['Group', 'system:unauthenticated']))],
    ['IA09', nadia.post('rights for one without a name', ownBindings, roleBinding('anon', 'look', ['User', 'system:anonymous']))],
    [
      'IA09 PE08',
      nadia.post(
        'rights for whoever has logged in',
        `${rbac('legacy')}/rolebindings`,
        roleBinding('auth', 'cluster-admin', ['Group', 'system:authenticated']),
      ),
    ],
    [
      'IA09 PE08 PS11',
      nadia.post(
        'rights for all accounts',
        `${rbac('legacy')}/rolebindings`,
        roleBinding('sas', 'edit', ['Group', 'system:serviceaccounts']),
      ),
    ],
    ['PE09', nadia.post('all of all', roles, clusterRole('super', [rule('*', ['*'], ['*'])]))],
    ['PE09', runner.post('all in a namespace', own, role('all', [rule('*', ['*'], ['*'])]))],
    ['PE09', nadia.post('every verb on secrets', own, role('sec-all', [rule('', ['secrets'], ['*'])]))],
    ['PE09', nadia.post('all paths', roles, clusterRole('paths', [{ nonResourceURLs: ['*'], verbs: ['get', 'post'] }]))],
    [
      'PE14 PE09',
      nadia.json('a wildcard for a role that is there', `${roles}/report`, [
        { op: 'add', path: '/rules/-', value: rule('*', ['*'], ['*']) },
      ]),
    ],
    [
      'PE14 PE09',
      nadia.merge('a wildcard by a merge patch', `${rbac('billing')}/roles/reader`, { rules: [rule('*', ['*'], ['*'])] }),
    ],
    [
      'PE10',
      nadia.post(
        'a role that writes workloads',
        own,
        role('writes', [rule('apps', ['deployments', 'daemonsets'], ['create', 'update', 'patch', 'delete'])]),
      ),
    ],
    ['PE11', nadia.post('a role for sessions', own, role('sessions', [rule('', ['pods/exec', 'pods/attach'], ['create'])]))],
    [
      'PE11',
      nadia.put(
        'sessions for a role that is there',
        `${own}/orders-dev`,
        role('orders-dev', [rule('', ['pods', 'pods/exec'], ['get', 'create'])]),
      ),
    ],
    [
      'PE12',
      nadia.post('a role for the kubelets', roles, clusterRole('kubelets', [rule('', ['nodes/proxy'], ['get', 'create'])])),
    ],
    [
      'PE13',
      nadia.post(
        'a role that may go up',
        roles,
        clusterRole('up', [rule('rbac.authorization.k8s.io', ['clusterroles'], ['escalate', 'bind'])]),
      ),
    ],
    [
      'PE13',
      nadia.post(
        'a role that may be another',
        roles,
        clusterRole('be', [rule('', ['users', 'groups', 'serviceaccounts'], ['impersonate'])]),
      ),
    ],
    [
      'PE13 PE10 PS07',
      nadia.post('a role that asks for tokens', own, role('tokens', [rule('', ['serviceaccounts/token'], ['create'])])),
    ],
    [
      'PE10 PE13 PS03',
      nadia.post(
        'a role that approves certificates',
        roles,
        clusterRole('signs', [
          rule('certificates.k8s.io', ['certificatesigningrequests/approval', 'signers'], ['update', 'approve']),
        ]),
      ),
    ],
    [
      'PE10 CA01',
      nadia.post('a role that reads all secrets', roles, clusterRole('reads', [rule('', ['secrets'], ['get', 'list', 'watch'])])),
    ],
    [
      'PE15',
      nadia.merge('a role of the system', `${roles}/system:basic-user`, { rules: [rule('', ['configmaps'], ['get', 'list'])] }),
    ],
    [
      'PE15',
      nadia.json('more for nodes', `${roles}/system:node-proxier`, [
        { op: 'add', path: '/rules/-', value: rule('', ['secrets'], ['list']) },
      ]),
    ],
    ['PE15', nadia.remove('a role of the system goes', `${roles}/system:kube-dns`)],
    ['PE16', nadia.remove('a binding goes', `${rbac('billing')}/rolebindings/readers`)],
    ['PE16 PE15', nadia.remove('a binding of the system goes', `${bindings}/system:node-proxier`)],
    [
      'PE16',
      nadia.post(
        'a binding in the system',
        `${rbac('kube-system')}/rolebindings`,
        roleBinding('ext', 'edit', ['User', 'oidc:viktor@harbourline.example']),
      ),
    ],
    ['PE17', airflow.post('an account makes a role', `${rbac('data')}/roles`, role('own', [rule('', ['configmaps'], ['get'])]))],
    [
      'PE17',
      airflowScript.merge('an account changes a binding', `${rbac('orders')}/rolebindings/contractors`, {
        subjects: [{ kind: 'ServiceAccount', name: 'airflow-worker', namespace: 'data' }],
      }),
    ],
    [
      'PE17',
      asks('basket', 'curl/7.88.1').post(
        'an account is refused a binding',
        ownBindings,
        roleBinding('me', 'admin', ['ServiceAccount', 'basket', 'orders']),
      ),
    ],
    [
      'PE18 PS11 PE17',
      airflow.post(
        'a binding',
        `${rbac('data')}/rolebindings`,
        ownRoleBinding('own', 'own', ['ServiceAccount', 'default', 'data']),
      ),
    ],
    ['PE18', airflow.post('and at once a pod', `${core('data')}/pods`, pod('after', goodSpec()))],
    [
      'N23 PE09',
      nadia.post(
        'a role that goes into another',
        roles,
        clusterRole('agg', [rule('', ['secrets'], ['get', 'list'])], aggregated),
      ),
    ],
    [
      'PE16 EX16 PE08',
      pavel.post('administrator, refused', bindings, binding('me', 'cluster-admin', ['User', 'oidc:viktor@harbourline.example'])),
    ],
  ),
];
