import { type Acting, serviceAccount as account, accountsOf, accountsWithToken, podAccount as pod } from '../acting.ts';

/** People come through one gateway of their office. */
const office = '127.0.3.10';
const controller = (name: string): Acting => account('kube-system', name, '127.0.3.2');

/** Who acts in the third campaign. */
export const thirdIdentities = {
  /** Web application whose pod was broken into: it may read the secrets of its namespace and open sessions there. */
  frontend: pod('web', 'frontend', '127.0.3.70'),
  /** Notebook server with far too many rights; its token never ends. */
  jupyter: account('ml', 'jupyter', '127.0.3.71'),
  /** Administrator whose certificate was copied from a laptop. */
  svetlana: { user: 'svetlana', groups: ['platform-admins'], from: '127.0.3.72' },
  /** Developer who does what he should not. */
  tomas: { user: 'tomas@corp.example', groups: ['web-developers'], from: '127.0.3.73' },
  /** Token with which machines join, found in user data. */
  joinToken: {
    user: 'system:bootstrap:07401b',
    groups: ['system:bootstrappers', 'system:bootstrappers:kubeadm:default-node-token'],
    from: '127.0.3.74',
  },
  /** Node, taken over. */
  nodeA7: { user: 'system:node:pool-a-7', groups: ['system:nodes'], from: '127.0.3.75' },
  stranger: { user: '', groups: [], from: '127.0.3.76' },

  oncall: { user: 'kubernetes-admin', groups: ['kubeadm:cluster-admins'], from: office },
  jonas: { user: 'jonas@corp.example', groups: ['web-developers'], from: office },
  mei: { user: 'mei@corp.example', groups: ['ml-scientists'], from: office },
  ruth: { user: 'ruth@corp.example', groups: ['support'], from: office },
  /** Reads only. */
  auditor: { user: 'omar@corp.example', groups: ['auditors'], from: office },
  deploy: account('ci', 'github-deploy', '127.0.3.20'),
  terraform: account('ci', 'terraform', '127.0.3.20'),
  tekton: pod('tekton-pipelines', 'tekton-pipelines-controller', '127.0.3.21'),
  argoServer: pod('argocd', 'argocd-server', '127.0.3.22'),
  argoController: pod('argocd', 'argocd-application-controller', '127.0.3.22'),
  fluxHelm: pod('flux-system', 'helm-controller', '127.0.3.23'),
  certs: pod('cert-manager', 'cert-manager', '127.0.3.24'),
  prometheusServer: pod('monitoring', 'prometheus-k8s', '127.0.3.25'),
  grafana: pod('monitoring', 'grafana', '127.0.3.25'),
  secretsOperator: pod('external-secrets', 'external-secrets', '127.0.3.26'),
  sealed: pod('kube-system', 'sealed-secrets-controller', '127.0.3.26'),
  backups: pod('velero', 'velero', '127.0.3.27'),
  karpenter: pod('kube-system', 'karpenter', '127.0.3.28'),
  nginx: pod('ingress-nginx', 'ingress-nginx', '127.0.3.29'),
  dns: pod('kube-system', 'external-dns', '127.0.3.29'),
  cilium: pod('kube-system', 'cilium-operator', '127.0.3.30'),
  vault: pod('vault', 'vault', '127.0.3.31'),
  gatekeeper: pod('gatekeeper-system', 'gatekeeper-admin', '127.0.3.32'),
  crossplane: pod('crossplane-system', 'crossplane', '127.0.3.33'),
  postgres: pod('databases', 'cnpg-manager', '127.0.3.34'),
  shipper: pod('logging', 'promtail', '127.0.3.35'),
  datadog: pod('monitoring', 'datadog-agent', '127.0.3.36'),
  board: pod('kubernetes-dashboard', 'kubernetes-dashboard', '127.0.3.37'),
  jenkins: pod('ci', 'jenkins', '127.0.3.38'),
  argoWorkflow: pod('ml', 'workflow', '127.0.3.39'),
  nodeA1: { user: 'system:node:pool-a-1', groups: ['system:nodes'], from: '127.0.3.51' },
  nodeA9: { user: 'system:node:pool-a-9', groups: ['system:nodes'], from: '127.0.3.52' },
  joiner: {
    user: 'system:bootstrap:9z8y7x',
    groups: ['system:bootstrappers', 'system:bootstrappers:kubeadm:default-node-token'],
    from: '127.0.3.52',
  },
  control: { user: 'system:kube-controller-manager', groups: [], from: '127.0.3.2' },
  schedule: { user: 'system:kube-scheduler', groups: [], from: '127.0.3.2' },
  server: { user: 'system:apiserver', groups: ['system:masters'], from: '127.0.3.2' },
  replicas: controller('replicaset-controller'),
  deployments3: controller('deployment-controller'),
  jobs3: controller('job-controller'),
  cronJobs3: controller('cronjob-controller'),
  daemons3: controller('daemon-set-controller'),
  signer: controller('certificate-controller'),
  emptier: controller('namespace-controller'),
  scaler: controller('horizontal-pod-autoscaler'),
  collector3: controller('generic-garbage-collector'),
  publisher: controller('root-ca-cert-publisher'),
  accounts3: controller('service-account-controller'),
  podCollector: controller('pod-garbage-collector'),
} as const;

/** Namespace and name of every account that has a pod. */
export const podAccounts = accountsWithToken(thirdIdentities);

/** Namespace and name of every account. */
export const thirdAccounts = accountsOf(thirdIdentities);
