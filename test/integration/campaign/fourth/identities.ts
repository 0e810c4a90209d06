import { type Acting, serviceAccount as account, accountsOf, accountsWithToken, podAccount as pod } from '../acting.ts';

/** People come through the gateway of their private network. */
const gateway = '127.0.4.10';
const controller = (name: string): Acting => account('kube-system', name, '127.0.4.2');
const person = (name: string, group: string, from = gateway): Acting => ({
  user: `oidc:${name}@harbourline.example`,
  groups: [`oidc:${group}`],
  from,
});

/** Who acts in the fourth campaign. */
export const fourthIdentities = {
  /** Web application with a hole: reads secrets and opens sessions in its namespace. */
  basket: pod('orders', 'basket', '127.0.4.70'),
  /** Worker of a scheduler of jobs, administrator by convenience, with a token that never ends. */
  airflow: account('data', 'airflow-worker', '127.0.4.71'),
  /** Administrator whose laptop was stolen. */
  nadia: person('nadia', 'sre', '127.0.4.72'),
  /** Contractor who may look at one namespace. */
  pavel: person('pavel', 'contractors', '127.0.4.73'),
  /** Runner of pipelines that runs a foreign merge request. */
  runner: account('gitlab', 'runner', '127.0.4.74'),
  /** Node, taken over. */
  kube7: { user: 'system:node:ip-10-4-0-7', groups: ['system:nodes'], from: '127.0.4.75' },
  passerby: { user: '', groups: [], from: '127.0.4.76' },
  /** Account that every pod of the namespace has. */
  ordersDefault: account('orders', 'default', '127.0.4.77'),
  /** File of an administrator, copied from a control plane. */
  adminConf: { user: 'kubernetes-super-admin', groups: ['system:masters'], from: '127.0.4.78' },

  omarOps: person('omar', 'sre'),
  ingrid: person('ingrid', 'sre'),
  lena: person('lena', 'orders-dev'),
  yuki: person('yuki', 'orders-dev'),
  ana: person('ana', 'data-science'),
  desk: person('desk', 'support'),
  gitlabDeploy: account('gitlab', 'deployer', '127.0.4.20'),
  atlantis: pod('infra', 'atlantis', '127.0.4.21'),
  actions: { user: 'github:repo:harbourline/orders:ref:refs/heads/main', groups: ['github:deployers'], from: '127.0.4.22' },
  kustomizer: pod('flux-system', 'kustomize-controller', '127.0.4.23'),
  helmer: pod('flux-system', 'helm-controller', '127.0.4.23'),
  argoApp: pod('argocd', 'argocd-application-controller', '127.0.4.24'),
  argoFront: pod('argocd', 'argocd-server', '127.0.4.24'),
  rollouts: pod('argo-rollouts', 'argo-rollouts', '127.0.4.25'),
  certify: pod('cert-manager', 'cert-manager', '127.0.4.26'),
  cainjector: pod('cert-manager', 'cert-manager-cainjector', '127.0.4.26'),
  fetcher: pod('external-secrets', 'external-secrets', '127.0.4.27'),
  strimzi: pod('kafka', 'strimzi-cluster-operator', '127.0.4.28'),
  rook: pod('rook-ceph', 'rook-ceph-system', '127.0.4.29'),
  promOperator: pod('monitoring', 'prometheus-operator', '127.0.4.30'),
  promServer: pod('monitoring', 'prometheus', '127.0.4.30'),
  stateMetrics: pod('monitoring', 'kube-state-metrics', '127.0.4.30'),
  kyvernoAdmission: pod('kyverno', 'kyverno-admission-controller', '127.0.4.31'),
  kyvernoBackground: pod('kyverno', 'kyverno-background-controller', '127.0.4.31'),
  kedaOperator: pod('keda', 'keda-operator', '127.0.4.32'),
  vpaUpdater: pod('kube-system', 'vpa-updater', '127.0.4.33'),
  istiod: pod('istio-system', 'istiod', '127.0.4.34'),
  veleroServer: pod('velero', 'velero-server', '127.0.4.35'),
  metallb: pod('metallb-system', 'controller', '127.0.4.36'),
  nginxIngress: pod('ingress-nginx', 'ingress-nginx', '127.0.4.37'),
  tigera: pod('tigera-operator', 'tigera-operator', '127.0.4.38'),
  calicoNode: pod('calico-system', 'calico-node', '127.0.4.39'),
  trivy: pod('trivy-system', 'trivy-operator', '127.0.4.40'),
  descheduler: pod('kube-system', 'descheduler', '127.0.4.41'),
  grower: pod('kube-system', 'cluster-autoscaler', '127.0.4.42'),
  metricsServer: pod('kube-system', 'metrics-server', '127.0.4.43'),
  provisioner: pod('kube-system', 'ebs-csi-controller-sa', '127.0.4.44'),
  headlamp: pod('headlamp', 'headlamp', '127.0.4.45'),
  rancher: pod('cattle-system', 'cattle', '127.0.4.46'),
  reloader: pod('infra', 'reloader', '127.0.4.47'),
  airflowScheduler: pod('data', 'airflow-scheduler', '127.0.4.48'),
  spark: pod('data', 'spark-driver', '127.0.4.49'),
  alloy: pod('monitoring', 'alloy', '127.0.4.50'),
  problemDetector: pod('kube-system', 'node-problem-detector', '127.0.4.51'),
  renovate: pod('infra', 'kured', '127.0.4.52'),
  kubeA: { user: 'system:node:ip-10-4-0-1', groups: ['system:nodes'], from: '127.0.4.61' },
  kubeB: { user: 'system:node:ip-10-4-0-2', groups: ['system:nodes'], from: '127.0.4.62' },
  newcomer: {
    user: 'system:bootstrap:k3yr1n',
    groups: ['system:bootstrappers', 'system:bootstrappers:kubeadm:default-node-token'],
    from: '127.0.4.63',
  },
  kubeNew: { user: 'system:node:ip-10-4-0-3', groups: ['system:nodes'], from: '127.0.4.63' },
  manager4: { user: 'system:kube-controller-manager', groups: [], from: '127.0.4.2' },
  scheduler4: { user: 'system:kube-scheduler', groups: [], from: '127.0.4.2' },
  apiserver4: { user: 'system:apiserver', groups: ['system:masters'], from: '127.0.4.2' },
  deployments4: controller('deployment-controller'),
  replicas4: controller('replicaset-controller'),
  statefuls4: controller('statefulset-controller'),
  daemons4: controller('daemon-set-controller'),
  jobs4: controller('job-controller'),
  crons4: controller('cronjob-controller'),
  endpoints4: controller('endpointslice-controller'),
  nodes4: controller('node-controller'),
  hpa4: controller('horizontal-pod-autoscaler'),
  garbage4: controller('generic-garbage-collector'),
  namespaces4: controller('namespace-controller'),
  tokens4: controller('service-account-controller'),
  aggregator4: controller('clusterrole-aggregation-controller'),
  cleaner4: controller('ttl-after-finished-controller'),
} as const;

/** Namespace and name of every account that has a pod. */
export const fourthPodAccounts = accountsWithToken(fourthIdentities);

/** Namespace and name of every account. */
export const fourthAccounts = accountsOf(fourthIdentities);
