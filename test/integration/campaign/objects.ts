/** Objects of the API as the campaign writes them: as short as the apiserver takes them. */
export const labels = (app: string): object => ({ app });

export const container = (extra: object = {}): object => ({
  name: 'main',
  image: 'registry.example.com/shop/web:1.4.2',
  ...extra,
});

const probed = {
  readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
  resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
  securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ['ALL'] } },
};

/** A pod spec of which nothing is to be said. */
export const goodSpec = (extra: object = {}): object => ({ containers: [container(probed)], ...extra });

export const pod = (name: string, spec: object, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec,
});

export const template = (app: string, spec: object): object => ({ metadata: { labels: labels(app) }, spec });

export type WorkloadKind = 'Deployment' | 'DaemonSet' | 'StatefulSet' | 'ReplicaSet';

export const workload = (kind: WorkloadKind, name: string, spec: object): object => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name },
  spec: {
    selector: { matchLabels: labels(name) },
    ...(kind === 'StatefulSet' && { serviceName: name }),
    template: template(name, spec),
  },
});

export const job = (name: string, spec: object): object => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: { template: { spec: { restartPolicy: 'Never', ...spec } } },
});

export const cronJob = (name: string, spec: object): object => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name },
  spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', ...spec } } } } },
});

const rbacGroup = 'rbac.authorization.k8s.io';
export const rbac = (namespace?: string): string =>
  `/apis/${rbacGroup}/v1${namespace === undefined ? '' : `/namespaces/${namespace}`}`;

export const clusterRole = (name: string, rules: readonly object[], metadata: object = {}): object => ({
  apiVersion: `${rbacGroup}/v1`,
  kind: 'ClusterRole',
  metadata: { name, ...metadata },
  rules,
});

export const role = (name: string, rules: readonly object[]): object => ({ ...clusterRole(name, rules), kind: 'Role' });

export const rule = (apiGroup: string, resources: readonly string[], verbs: readonly string[]): object => ({
  apiGroups: [apiGroup],
  resources,
  verbs,
});

export type Subject = readonly [kind: 'User' | 'Group' | 'ServiceAccount', name: string, namespace?: string];

export const binding = (name: string, clusterRoleName: string, [kind, subject, namespace]: Subject): object => ({
  apiVersion: `${rbacGroup}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name: clusterRoleName },
  subjects: [kind === 'ServiceAccount' ? { kind, name: subject, namespace } : { kind, name: subject, apiGroup: rbacGroup }],
});

export const roleBinding = (name: string, clusterRoleName: string, subject: Subject): object => ({
  ...binding(name, clusterRoleName, subject),
  kind: 'RoleBinding',
});

/** A binding to a role of its own namespace. */
export const ownRoleBinding = (name: string, roleName: string, subject: Subject): object => ({
  ...roleBinding(name, roleName, subject),
  roleRef: { apiGroup: rbacGroup, kind: 'Role', name: roleName },
});

export const configMap = (name: string, data: object): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

export const named = (kind: string, name: string, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...metadata },
});

export const service = (name: string, spec: object): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { ports: [{ port: 80 }], selector: labels(name), ...spec },
});

export const tokenRequest = (
  expirationSeconds: number,
  spec: object = { audiences: ['https://kubernetes.default.svc'] },
): object => ({
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'TokenRequest',
  metadata: {},
  spec: { ...spec, expirationSeconds },
});

/** The controller that made an object, as its metadata names it. */
export const owned = (kind: string, name: string): object => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: 'uid-of-owner', controller: true }],
});

export const selfAccessReview = (verb: string, resource: string, namespace?: string): object => ({
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SelfSubjectAccessReview',
  spec: { resourceAttributes: { verb, resource, ...(namespace !== undefined && { namespace }) } },
});

export const reviewOfOwnRules = (namespace: string): object => ({
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SelfSubjectRulesReview',
  spec: { namespace },
});

export const accessReview = (user: string, verb: string, resource: string, more: object = {}): object => ({
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SubjectAccessReview',
  spec: { user, resourceAttributes: { verb, resource, ...more } },
});

export const certificateRequest = (
  name: string,
  request: string,
  signerName: string,
  usages: readonly string[],
  more: object = {},
): object => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name },
  spec: { request, signerName, usages, ...more },
});

export const admission = '/apis/admissionregistration.k8s.io/v1';

export const webhookConfiguration = (kind: 'Mutating' | 'Validating', name: string, webhook: object): object => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: `${kind}WebhookConfiguration`,
  metadata: { name },
  webhooks: [{ sideEffects: 'None', admissionReviewVersions: ['v1'], ...webhook }],
});

export const eventAbout = (namespace: string, name: string, podName: string): object => ({
  ...named('Event', name),
  involvedObject: { kind: 'Pod', name: podName, namespace },
});

export const endpointSlice = (name: string, serviceName: string, address: string, port = 80): object => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, labels: { 'kubernetes.io/service-name': serviceName } },
  addressType: 'IPv4',
  endpoints: [{ addresses: [address] }],
  ports: [{ port }],
});

export const ingress = (name: string, spec: object, metadata: object = {}): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, ...metadata },
  spec,
});

/** An ingress that leads to a service, with a certificate. */
export const tlsIngress = (name: string, secretName: string, serviceName: string, metadata: object = {}): object =>
  ingress(name, { tls: [{ secretName }], defaultBackend: { service: { name: serviceName, port: { number: 80 } } } }, metadata);

/** Nothing comes in. */
export const networkPolicy = (name: string): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name },
  spec: { podSelector: {} },
});

export const lease = (name: string): object => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name },
  spec: { holderIdentity: name, leaseDurationSeconds: 15 },
});

export const quota = (name: string, pods: number): object => ({
  ...named('ResourceQuota', name),
  spec: { hard: { pods: `${pods}` } },
});

export const eviction = (name: string, namespace: string): object => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: { name, namespace },
});

export const tokenReview = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: 'x' } };

/** A group of the API that a service answers. */
export const apiService = (group: string, version: string, more: object): object => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: `${version}.${group}` },
  spec: { group, version, groupPriorityMinimum: 100, versionPriority: 100, ...more },
});
