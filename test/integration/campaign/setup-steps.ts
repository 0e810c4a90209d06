import { admission, binding, named, rbac, webhookConfiguration } from './objects.ts';
import { merge, type Step } from './step.ts';

/** Steps by which both campaigns build their clusters. */
export const make = (path: string, body: object): Step => ({ what: path, who: 'root', method: 'POST', path, body });

/** A namespace in which every pod is let in. */
export const openNamespace = (name: string): Step =>
  make('/api/v1/namespaces', named('Namespace', name, { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } }));

export type Account = readonly [namespace: string, name: string];

export const account = ([namespace, name]: Account): Step =>
  make(`/api/v1/namespaces/${namespace}/serviceaccounts`, named('ServiceAccount', name));

export const administrator = ([namespace, name]: Account): Step =>
  make(`${rbac()}/clusterrolebindings`, binding(`${namespace}-${name}`, 'cluster-admin', ['ServiceAccount', name, namespace]));

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

/** A webhook that nothing is sent to. */
export const hook = (kind: 'Mutating' | 'Validating', name: string): Step =>
  make(
    `${admission}/${kind.toLowerCase()}webhookconfigurations`,
    webhookConfiguration(kind, name, {
      name: `${name}.example.com`,
      failurePolicy: 'Fail',
      clientConfig: { url: 'https://127.0.0.1:9/hook' },
      rules: [{ apiGroups: ['nothing.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothings'] }],
    }),
  );
