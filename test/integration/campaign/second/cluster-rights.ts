import { binding, clusterRole, ownRoleBinding, rbac, role, roleBinding, rule } from '../objects.ts';
import { administrator, make } from '../setup-steps.ts';
import type { Step } from '../step.ts';
import { accounts } from './identities.ts';

/** Those who may nothing but what their role of a namespace says. */
const small = new Set(['checkout-api', 'gitlab-runner', 'airflow-worker', 'runner-manager']);
const developer = [
  rule(
    '',
    [
      'pods',
      'pods/log',
      'pods/exec',
      'pods/attach',
      'pods/portforward',
      'pods/ephemeralcontainers',
      'configmaps',
      'services',
      'secrets',
      'serviceaccounts/token',
      'replicationcontrollers',
      'events',
      'persistentvolumeclaims',
    ],
    ['*'],
  ),
  rule('apps', ['*'], ['*']),
  rule('batch', ['*'], ['*']),
  rule('networking.k8s.io', ['*'], ['*']),
  rule('autoscaling', ['*'], ['*']),
];

/** Who may what in the cluster of the second campaign. */
export const secondRights: readonly Step[] = [
  make(`${rbac()}/clusterrolebindings`, binding('kubeadm-cluster-admins', 'cluster-admin', ['Group', 'kubeadm:cluster-admins'])),
  make(`${rbac()}/clusterroles`, clusterRole('payments-developer', developer)),
  make(`${rbac()}/clusterroles`, clusterRole('reporting', [rule('', ['pods'], ['list'])])),
  make(`${rbac()}/clusterroles`, clusterRole('cluster-viewer', [rule('', ['pods', 'nodes'], ['list', 'get', 'watch'])])),
  make(`${rbac()}/clusterrolebindings`, binding('cluster-viewers', 'cluster-viewer', ['Group', 'viewers'])),
  make(`${rbac('payments')}/rolebindings`, roleBinding('developers', 'payments-developer', ['Group', 'payments-developers'])),
  make(`${rbac('data')}/roles`, role('airflow', [rule('', ['pods', 'pods/log', 'pods/exec'], ['*'])])),
  make(
    `${rbac('data')}/rolebindings`,
    roleBinding('airflow', 'payments-developer', ['ServiceAccount', 'airflow-worker', 'data']),
  ),
  ...['gitlab-runner', 'runner-manager'].map((name) =>
    make(
      `${rbac('gitlab-runner')}/rolebindings`,
      roleBinding(name, 'payments-developer', ['ServiceAccount', name, 'gitlab-runner']),
    ),
  ),
  make(`${rbac('payments')}/roles`, role('own', [rule('', ['pods', 'configmaps'], ['get', 'list'])])),
  make(`${rbac('payments')}/rolebindings`, ownRoleBinding('own', 'own', ['ServiceAccount', 'checkout-api', 'payments'])),
  ...accounts.filter(([namespace, name]) => namespace !== 'kube-system' && !small.has(name)).map(administrator),
  ...[
    ['kube-system', 'cluster-autoscaler'],
    ['kube-system', 'ebs-csi-controller-sa'],
    ['kube-system', 'vpa-updater'],
    ['kube-system', 'metrics-server'],
    ['kube-system', 'kube-proxy'],
    ['kube-system', 'certificate-controller'],
    ['kube-system', 'generic-garbage-collector'],
    ['kube-system', 'statefulset-controller'],
  ].map(([a = '', b = '']) => administrator([a, b])),
  make(`${rbac('kube-public')}/roles`, role('cluster-info', [rule('', ['configmaps'], ['get'])])),
  make(`${rbac('kube-public')}/rolebindings`, ownRoleBinding('cluster-info', 'cluster-info', ['User', 'system:anonymous'])),
  make(`${rbac('kube-system')}/roles`, role('kubeadm-config', [rule('', ['configmaps'], ['get'])])),
  make(
    `${rbac('kube-system')}/rolebindings`,
    ownRoleBinding('kubeadm-config', 'kubeadm-config', ['Group', 'system:bootstrappers']),
  ),
  make(`${rbac()}/clusterrolebindings`, binding('bootstrap', 'system:node-bootstrapper', ['Group', 'system:bootstrappers'])),
];
