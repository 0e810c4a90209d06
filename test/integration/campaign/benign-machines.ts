import { goodSpec, job, pod, workload } from './objects.ts';
import { clients, type Step, strategic } from './step.ts';

const shop = '/api/v1/namespaces/shop';
const apps = '/apis/apps/v1/namespaces/shop';
const lease = (name: string): object => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name },
  spec: { holderIdentity: name, leaseDurationSeconds: 15 },
});
const event = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: `${name}.{n}` },
  involvedObject: { kind: 'Pod', name, namespace: 'shop' },
  reason: 'Pulled',
  type: 'Normal',
});
const owned = (kind: string, name: string): object => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: 'uid-of-owner', controller: true }],
});

const controlPlane: readonly Step[] = [
  {
    what: 'scheduler leads',
    who: 'scheduler',
    client: clients.scheduler,
    method: 'POST',
    path: '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases',
    body: lease('kube-scheduler'),
  },
  {
    what: 'controller manager leads',
    who: 'controllers',
    client: clients.controllers,
    method: 'POST',
    path: '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases',
    body: lease('kube-controller-manager'),
  },
  {
    what: 'leases kept',
    who: 'scheduler',
    client: clients.scheduler,
    path: '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler',
    times: 10,
  },
  {
    what: 'pods watched',
    who: 'scheduler',
    client: clients.scheduler,
    path: '/api/v1/pods?watch=true&timeoutSeconds=1',
    isStream: true,
  },
  {
    what: 'controllers ask for tokens',
    who: 'controllers',
    client: clients.controllers,
    method: 'POST',
    path: '/api/v1/namespaces/kube-system/serviceaccounts/deployment-controller/token',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: [], expirationSeconds: 3600 } },
  },
  { what: 'secrets of controllers', who: 'controllers', client: clients.controllers, path: '/api/v1/secrets?limit=500' },
  {
    what: 'replica set made',
    who: 'deployments',
    client: `${clients.controllers}/system:serviceaccount:kube-system:deployment-controller`,
    method: 'POST',
    path: `${apps}/replicasets`,
    body: workload('ReplicaSet', 'web-7d9', goodSpec()),
  },
  {
    what: 'pods made',
    who: 'replicaSets',
    client: `${clients.controllers}/system:serviceaccount:kube-system:replicaset-controller`,
    method: 'POST',
    path: `${shop}/pods`,
    body: pod('web-7d9-{n}', goodSpec(), owned('ReplicaSet', 'web-7d9')),
    times: 3,
  },
  {
    what: 'agents of nodes made',
    who: 'daemonSets',
    client: clients.controllers,
    method: 'POST',
    path: '/api/v1/namespaces/kube-system/pods',
    body: pod(
      'network-agent-x1',
      {
        ...goodSpec({ hostNetwork: true }),
        priorityClassName: 'system-node-critical',
        containers: [{ name: 'agent', image: 'registry.example.com/network-agent:2.3', securityContext: { privileged: true } }],
        volumes: [{ name: 'run', hostPath: { path: '/var/run/network' } }],
      },
      owned('DaemonSet', 'network-agent'),
    ),
  },
  {
    what: 'scheduled',
    who: 'scheduler',
    client: clients.scheduler,
    method: 'POST',
    path: `${shop}/pods/web-7d9-{n}/binding`,
    body: { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'web-7d9-{n}' }, target: { kind: 'Node', name: 'node-1' } },
    times: 3,
  },
  {
    what: 'slices written',
    who: 'endpoints',
    client: clients.controllers,
    method: 'POST',
    path: '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices',
    body: {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'web-abc', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.1.0.4'] }],
      ports: [{ port: 8080 }],
    },
  },
  {
    what: 'job done by the scheduler of tasks',
    who: 'cronJobs',
    client: clients.controllers,
    method: 'POST',
    path: '/apis/batch/v1/namespaces/ops/jobs',
    body: job('report-{n}', goodSpec()),
    times: 3,
  },
  {
    what: 'pods of jobs',
    who: 'jobs',
    client: clients.controllers,
    method: 'POST',
    path: '/api/v1/namespaces/ops/pods',
    body: pod('report-{n}', goodSpec(), owned('Job', 'report')),
    times: 3,
  },
  {
    what: 'old pods collected',
    who: 'collector',
    client: clients.controllers,
    method: 'DELETE',
    path: '/api/v1/namespaces/ops/pods/report-{n}',
    times: 3,
  },
  {
    what: 'scaled by load',
    who: 'autoscaler',
    client: clients.controllers,
    method: 'PUT',
    path: `${apps}/deployments/web/scale`,
    body: { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web', namespace: 'shop' }, spec: { replicas: 3 } },
  },
  {
    what: 'namespace emptied',
    who: 'namespaces',
    client: clients.controllers,
    method: 'DELETE',
    path: '/api/v1/namespaces/preview/events',
  },
  {
    what: 'namespace emptied',
    who: 'namespaces',
    client: clients.controllers,
    method: 'DELETE',
    path: '/api/v1/namespaces/preview/secrets',
  },
];

const node: readonly Step[] = [
  {
    what: 'status',
    who: 'node',
    client: clients.kubelet,
    method: 'PATCH',
    contentType: strategic,
    path: '/api/v1/nodes/node-1/status',
    body: { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
    times: 5,
  },
  { what: 'own pods', who: 'node', client: clients.kubelet, path: '/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-1&limit=500' },
  {
    what: 'status of a pod',
    who: 'node',
    client: clients.kubelet,
    method: 'PATCH',
    contentType: strategic,
    path: `${shop}/pods/web-7d9-{n}/status`,
    body: { status: { phase: 'Running' } },
    times: 3,
  },
  {
    what: 'token of a pod',
    who: 'node',
    client: clients.kubelet,
    method: 'POST',
    path: `${shop}/serviceaccounts/default/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: [], expirationSeconds: 3607 } },
  },
  { what: 'event', who: 'node', client: clients.kubelet, method: 'POST', path: `${shop}/events`, body: event('web'), times: 5 },
  { what: 'config map of a pod', who: 'node', client: clients.kubelet, path: `${shop}/configmaps/kube-root-ca.crt` },
  {
    what: 'static pod shown',
    who: 'node',
    client: clients.kubelet,
    method: 'POST',
    path: '/api/v1/namespaces/kube-system/pods',
    body: pod(
      'kube-apiserver-node-1',
      {
        nodeName: 'node-1',
        hostNetwork: true,
        priorityClassName: 'system-node-critical',
        containers: [{ name: 'kube-apiserver', image: 'registry.k8s.io/kube-apiserver:v1.37.2' }],
        volumes: [{ name: 'pki', hostPath: { path: '/etc/kubernetes/pki' } }],
      },
      {
        annotations: { 'kubernetes.io/config.mirror': 'a1', 'kubernetes.io/config.source': 'file' },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'node-1', uid: 'UID-OF-NODE-1', controller: true }],
      },
    ),
  },
  {
    what: 'probe of a load balancer',
    who: 'anonymous',
    from: '127.0.0.99',
    client: 'kube-probe/1.37',
    path: '/readyz',
    times: 5,
  },
  { what: 'version for a load balancer', who: 'anonymous', from: '127.0.0.99', client: clients.go, path: '/version' },
];

/** What machines of the cluster do by themselves. */
export const machineSteps: readonly Step[] = [...controlPlane, ...node];
