/** A kind of object of the API: its plural name, API group and subresources. */
export interface KubernetesResource {
  readonly resource: string;
  readonly group: string;
  readonly subresources: readonly string[];
}

/** Verbs of requests about objects, reading first (Kubernetes documentation, Authorization). */
export const kubernetesVerbs: readonly string[] = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
];

/** A resource with its subresource as roles and audit policies write it: `pods`, `pods/log`. */
export const resourcePath = (resource: string, subresource: string): string =>
  subresource === '' ? resource : `${resource}/${subresource}`;

const of = (group: string, names: Readonly<Record<string, readonly string[]>>): readonly KubernetesResource[] =>
  Object.entries(names).map(([resource, subresources]) => ({ resource, group, subresources }));

const workload = ['status', 'scale'];

/** What the API server of Kubernetes 1.31 serves and rules ask about (Kubernetes documentation, API reference). */
export const kubernetesResources: readonly KubernetesResource[] = [
  ...of('', {
    pods: ['status', 'exec', 'attach', 'portforward', 'proxy', 'log', 'binding', 'eviction', 'ephemeralcontainers', 'resize'],
    nodes: ['status', 'proxy'],
    namespaces: ['status', 'finalize'],
    services: ['status', 'proxy'],
    serviceaccounts: ['token'],
    secrets: [],
    configmaps: [],
    events: [],
    endpoints: [],
    podtemplates: [],
    limitranges: [],
    resourcequotas: ['status'],
    replicationcontrollers: workload,
    persistentvolumes: ['status'],
    persistentvolumeclaims: ['status'],
  }),
  ...of('apps', { deployments: workload, daemonsets: ['status'], statefulsets: workload, replicasets: workload }),
  ...of('batch', { jobs: ['status'], cronjobs: ['status'] }),
  ...of('rbac.authorization.k8s.io', { roles: [], clusterroles: [], rolebindings: [], clusterrolebindings: [] }),
  ...of('admissionregistration.k8s.io', {
    mutatingwebhookconfigurations: [],
    validatingwebhookconfigurations: [],
    validatingadmissionpolicies: ['status'],
    validatingadmissionpolicybindings: [],
  }),
  ...of('authorization.k8s.io', { selfsubjectaccessreviews: [], selfsubjectrulesreviews: [], subjectaccessreviews: [] }),
  ...of('authentication.k8s.io', { tokenreviews: [], selfsubjectreviews: [] }),
  ...of('certificates.k8s.io', { certificatesigningrequests: ['status', 'approval'] }),
  ...of('networking.k8s.io', { ingresses: ['status'], networkpolicies: [], ingressclasses: [] }),
  ...of('apiextensions.k8s.io', { customresourcedefinitions: ['status'] }),
  ...of('apiregistration.k8s.io', { apiservices: ['status'] }),
  ...of('storage.k8s.io', { storageclasses: [], csinodes: [] }),
  ...of('policy', { poddisruptionbudgets: ['status'] }),
  ...of('coordination.k8s.io', { leases: [] }),
];
