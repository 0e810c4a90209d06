import type { Account } from './acting.ts';
import { configMap, lease, named, quota } from './objects.ts';
import { core } from './places.ts';
import { merge, type Step } from './step.ts';

/** Steps by which the campaigns build their clusters. */
export const make = (path: string, body: object): Step => ({ what: path, who: 'root', method: 'POST', path, body });

/** A namespace in which every pod is let in. */
export const openNamespace = (name: string): Step =>
  make('/api/v1/namespaces', named('Namespace', name, { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } }));

export const account = ([namespace, name]: Account): Step =>
  make(`${core(namespace)}/serviceaccounts`, named('ServiceAccount', name));

/** A node whose kubelet is what stands for one. */
export const node = (name: string): readonly Step[] => [
  make('/api/v1/nodes', named('Node', name)),
  {
    what: `status of ${name}`,
    who: 'root',
    method: 'PATCH',
    contentType: merge,
    path: `/api/v1/nodes/${name}/status`,
    body: {
      status: {
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        daemonEndpoints: { kubeletEndpoint: { Port: 'PORT-OF-KUBELET' } },
      },
    },
  },
];

export const secret = (namespace: string, name: string, more: object = {}): Step =>
  make(`${core(namespace)}/secrets`, { ...named('Secret', name), stringData: { a: 'b' }, ...more });

export const settings = (namespace: string, name: string): Step =>
  make(`${core(namespace)}/configmaps`, configMap(name, { a: 'b' }));

export const quotaIn = (namespace: string, name: string, pods: number): Step =>
  make(`${core(namespace)}/resourcequotas`, quota(name, pods));

export const leaseIn = (namespace: string, name: string): Step =>
  make(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`, lease(name));

export const claimIn = (namespace: string, name: string): Step =>
  make(`${core(namespace)}/persistentvolumeclaims`, {
    ...named('PersistentVolumeClaim', name),
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });

/** A kind of objects that the cluster did not know; its objects may hold anything. */
export const kind = (group: string, plural: string, name: string): Step =>
  make('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, singular: name.toLowerCase(), kind: name, listKind: `${name}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          subresources: { status: {} },
        },
      ],
    },
  });
