import { podAccount as account, accountsWithToken } from '../acting.ts';

/** Who acts in the second campaign. */
export const secondIdentities = {
  /** Administrator of everything whose kubeconfig was copied from a build machine. */
  ivo: { user: 'ivo@harbour.example', groups: ['kubeadm:cluster-admins'], from: '127.0.1.66' },
  /** Developer of payments, whose laptop was taken over. */
  dana: { user: 'dana@harbour.example', groups: ['payments-developers'], from: '127.0.1.67' },
  /** Contractor without rights. */
  noor: { user: 'oidc:noor@harbour.example', groups: ['contractors'], from: '127.0.1.68' },
  /** Web application with a hole in it. */
  checkout: account('payments', 'checkout-api', '127.0.1.70'),
  /** Runner of builds that may make pods. */
  runner: account('gitlab-runner', 'gitlab-runner', '127.0.1.71'),
  /** Storage operator with all rights. */
  longhorn: account('longhorn-system', 'longhorn-service-account', '127.0.1.72'),
  /** A node, taken over. */
  worker3: { user: 'system:node:worker-3', groups: ['system:nodes'], from: '127.0.1.73' },
  outsider: { user: '', groups: [], from: '127.0.1.74' },

  /** Account that is removed, and a pod that is, with their tokens in the hands of somebody. */
  retired: account('tools', 'retired', '127.0.1.75'),
  gone: account('tools', 'gone', '127.0.1.76'),

  priya: { user: 'priya@harbour.example', groups: ['payments-developers'], from: '127.0.1.11' },
  sre: { user: 'sam@harbour.example', groups: ['kubeadm:cluster-admins'], from: '127.0.1.12' },
  kustomize: account('flux-system', 'kustomize-controller', '127.0.1.21'),
  helmController: account('flux-system', 'helm-controller', '127.0.1.22'),
  issuer: account('cert-manager', 'cert-manager', '127.0.1.23'),
  caInjector: account('cert-manager', 'cert-manager-cainjector', '127.0.1.24'),
  metricsOperator: account('monitoring', 'prometheus-operator', '127.0.1.25'),
  stateMetrics: account('monitoring', 'kube-state-metrics', '127.0.1.26'),
  clusterAutoscaler: account('kube-system', 'cluster-autoscaler', '127.0.1.27'),
  velero: account('velero', 'velero', '127.0.1.28'),
  externalSecrets: account('external-secrets', 'external-secrets', '127.0.1.29'),
  kyverno: account('kyverno', 'kyverno-admission-controller', '127.0.1.30'),
  istiod: account('istio-system', 'istiod', '127.0.1.31'),
  provisioner: account('kube-system', 'ebs-csi-controller-sa', '127.0.1.32'),
  metricsServer: account('kube-system', 'metrics-server', '127.0.1.33'),
  dashboard: account('headlamp', 'headlamp', '127.0.1.34'),
  rancher: account('cattle-system', 'cattle', '127.0.1.35'),
  builds: account('gitlab-runner', 'runner-manager', '127.0.1.36'),
  reloader: account('tools', 'reloader', '127.0.1.37'),
  keda: account('keda', 'keda-operator', '127.0.1.38'),
  airflow: account('data', 'airflow-worker', '127.0.1.39'),
  database: account('data', 'postgres-operator', '127.0.1.40'),
  autoscalerUpdater: account('kube-system', 'vpa-updater', '127.0.1.41'),
  worker1: { user: 'system:node:worker-1', groups: ['system:nodes'], from: '127.0.1.51' },
  /** A machine that joins. */
  joining: {
    user: 'system:bootstrap:x1y2z3',
    groups: ['system:bootstrappers', 'system:bootstrappers:kubeadm:default-node-token'],
    from: '127.0.1.52',
  },
  worker4: { user: 'system:node:worker-4', groups: ['system:nodes'], from: '127.0.1.52' },
  approver: account('kube-system', 'certificate-controller', '127.0.0.1'),
  garbage: account('kube-system', 'generic-garbage-collector', '127.0.0.1'),
  statefulSets: account('kube-system', 'statefulset-controller', '127.0.0.1'),
  proxy: account('kube-system', 'kube-proxy', '127.0.1.51'),
} as const;

/** Namespace and name of every account. */
export const accounts = accountsWithToken(secondIdentities);
