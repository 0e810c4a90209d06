import { rule } from '../objects.ts';
import { administrator, grant, grantIn, grantRole, newClusterRole, newRole } from '../setup-rights.ts';
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
  grant('kubeadm-cluster-admins', 'cluster-admin', ['Group', 'kubeadm:cluster-admins']),
  newClusterRole('payments-developer', developer),
  newClusterRole('reporting', [rule('', ['pods'], ['list'])]),
  newClusterRole('cluster-viewer', [rule('', ['pods', 'nodes'], ['list', 'get', 'watch'])]),
  grant('cluster-viewers', 'cluster-viewer', ['Group', 'viewers']),
  grantIn('payments', 'developers', 'payments-developer', ['Group', 'payments-developers']),
  newRole('data', 'airflow', [rule('', ['pods', 'pods/log', 'pods/exec'], ['*'])]),
  grantIn('data', 'airflow', 'payments-developer', ['ServiceAccount', 'airflow-worker', 'data']),
  ...['gitlab-runner', 'runner-manager'].map((name) =>
    grantIn('gitlab-runner', name, 'payments-developer', ['ServiceAccount', name, 'gitlab-runner']),
  ),
  newRole('payments', 'own', [rule('', ['pods', 'configmaps'], ['get', 'list'])]),
  grantRole('payments', 'own', 'own', ['ServiceAccount', 'checkout-api', 'payments']),
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
  newRole('kube-public', 'cluster-info', [rule('', ['configmaps'], ['get'])]),
  grantRole('kube-public', 'cluster-info', 'cluster-info', ['User', 'system:anonymous']),
  newRole('kube-system', 'kubeadm-config', [rule('', ['configmaps'], ['get'])]),
  grantRole('kube-system', 'kubeadm-config', 'kubeadm-config', ['Group', 'system:bootstrappers']),
  grant('bootstrap', 'system:node-bootstrapper', ['Group', 'system:bootstrappers']),
];
