import { callers, kubelet } from './callers.ts';
import type { Workload } from './objects.ts';
import type { Scene } from './scene.ts';

/** The controllers make a replica set and a pod of the new version. */
function makePod(scene: Scene, at: number, workload: Workload): void {
  const { name, namespace, pod } = workload;
  scene.add({
    at: at + 40,
    by: callers.deployments,
    verb: 'create',
    uri: `/apis/apps/v1/namespaces/${namespace}/replicasets`,
    object: { resource: 'replicasets', namespace, apiGroup: 'apps', apiVersion: 'v1' },
    code: 201,
  });
  const image = `registry.example.com/shop/${name}:2.4.1`;
  const env = [{ name: 'CACHE_TOKEN', value: scene.plant.bearer(`Pod ${name}: env`) }];
  const metadata = { generateName: `${name}-`, namespace, labels: { app: name } };
  scene.add({
    at: at + 90,
    by: callers.replicaSets,
    verb: 'create',
    uri: `/api/v1/namespaces/${namespace}/pods`,
    object: { resource: 'pods', namespace, name: pod, apiVersion: 'v1' },
    code: 201,
    level: 'Request',
    request: { kind: 'Pod', apiVersion: 'v1', metadata, spec: { containers: [{ name, image, env }], serviceAccountName: name } },
  });
}

/** The scheduler finds it a node, and says so in an event. */
function bindPod(scene: Scene, at: number, workload: Workload): void {
  const { namespace, pod, node } = workload;
  scene.add({
    at: at + 130,
    by: callers.scheduler,
    verb: 'create',
    uri: `/api/v1/namespaces/${namespace}/pods/${pod}/binding`,
    object: { resource: 'pods', namespace, name: pod, subresource: 'binding', apiVersion: 'v1' },
    code: 201,
  });
  const note = `Successfully assigned ${namespace}/${pod} to ${node}`;
  scene.add({
    at: at + 150,
    by: callers.scheduler,
    verb: 'create',
    uri: `/apis/events.k8s.io/v1/namespaces/${namespace}/events`,
    object: { resource: 'events', namespace, apiGroup: 'events.k8s.io', apiVersion: 'v1' },
    code: 201,
    level: 'Request',
    request: { kind: 'Event', apiVersion: 'events.k8s.io/v1', reason: 'Scheduled', note, type: 'Normal' },
  });
}

/** It runs, and traffic is sent to it. */
function startPod(scene: Scene, at: number, workload: Workload): void {
  const { namespace, pod, ip } = workload;
  const status = { phase: 'Running', hostIP: '10.0.0.12', podIP: ip, podIPs: [{ ip }] };
  scene.add({
    at: at + 1900,
    by: kubelet(1),
    verb: 'patch',
    uri: `/api/v1/namespaces/${namespace}/pods/${pod}/status`,
    object: { resource: 'pods', namespace, name: pod, subresource: 'status', apiVersion: 'v1' },
    level: 'Request',
    request: { metadata: { uid: scene.random.uuid() }, status },
  });
  const name = `${workload.name}-x7k2p`;
  scene.add({
    at: at + 2000,
    by: callers.endpoints,
    verb: 'update',
    uri: `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices/${name}`,
    object: { resource: 'endpointslices', namespace, name, apiGroup: 'discovery.k8s.io', apiVersion: 'v1' },
  });
}

/** What follows when a Deployment changed. */
export function rollOut(scene: Scene, at: number, workload: Workload): void {
  makePod(scene, at, workload);
  bindPod(scene, at, workload);
  startPod(scene, at, workload);
}
