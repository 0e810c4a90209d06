import type { Account, Acting } from './acting.ts';
import type { Identity } from './identities.ts';
import {
  admission,
  configMap,
  endpointSlice,
  eventAbout,
  goodSpec,
  lease,
  named,
  networkPolicy,
  pod,
  quota,
  service,
  tlsIngress,
  tokenRequest,
  type WorkloadKind,
  webhookConfiguration,
  workload,
} from './objects.ts';
import { apps, core, network } from './places.ts';
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

/** What no request is about. */
const nothing = { apiGroups: ['nothing.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothings'] };

/** A policy of admission that all passes. */
export const policy = (name: string, matched: object = nothing): Step =>
  make(`${admission}/validatingadmissionpolicies`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: { matchConstraints: { resourceRules: [matched] }, validations: [{ expression: 'true' }] },
  });

export const policyBinding = (name: string): Step =>
  make(`${admission}/validatingadmissionpolicybindings`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Audit'] },
  });

/** A webhook that nothing is sent to. */
export const hook = (kind: 'Mutating' | 'Validating', name: string): Step =>
  make(
    `${admission}/${kind.toLowerCase()}webhookconfigurations`,
    webhookConfiguration(kind, name, {
      name: `${name}.example.com`,
      failurePolicy: 'Fail',
      clientConfig: { url: 'https://127.0.0.1:9/hook' },
      rules: [nothing],
    }),
  );

/** The pod that a token of the account is bound to. */
const podOf = (name: string): string => `${name}-0`;

export const podIn = (namespace: string, name: string, spec: object = goodSpec()): Step =>
  make(`${core(namespace)}/pods`, pod(name, spec));

/** A pod of each account, on that node. */
export const runsIn =
  (nodeName: string) =>
  ([namespace, name]: Account): Step =>
    podIn(namespace, podOf(name), goodSpec({ nodeName, serviceAccountName: name }));

/** A pod that is on that node. */
export const podOn =
  (nodeName: string) =>
  (namespace: string, name: string): Step =>
    podIn(namespace, name, goodSpec({ nodeName }));

export const secret = (namespace: string, name: string, more: object = {}): Step =>
  make(`${core(namespace)}/secrets`, { ...named('Secret', name), stringData: { a: 'b' }, ...more });

export const settings = (namespace: string, name: string): Step =>
  make(`${core(namespace)}/configmaps`, configMap(name, { a: 'b' }));

export const workloadIn = (namespace: string, kind: WorkloadKind, name: string, spec: object = goodSpec()): Step =>
  make(`${apps(namespace)}/${kind.toLowerCase()}s`, workload(kind, name, spec));

export const serviceIn = (namespace: string, name: string, spec: object = {}): Step =>
  make(`${core(namespace)}/services`, service(name, spec));

export const ingressIn = (namespace: string, name: string, secretName: string, serviceName: string): Step =>
  make(`${network(namespace)}/ingresses`, tlsIngress(name, secretName, serviceName));

export const networkPolicyIn = (namespace: string, name: string): Step =>
  make(`${network(namespace)}/networkpolicies`, networkPolicy(name));

export const endpointSliceIn = (namespace: string, name: string, serviceName: string, address: string): Step =>
  make(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, endpointSlice(name, serviceName, address));

export const quotaIn = (namespace: string, name: string, pods: number): Step =>
  make(`${core(namespace)}/resourcequotas`, quota(name, pods));

export const leaseIn = (namespace: string, name: string): Step =>
  make(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`, lease(name));

export const claimIn = (namespace: string, name: string): Step =>
  make(`${core(namespace)}/persistentvolumeclaims`, {
    ...named('PersistentVolumeClaim', name),
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });

/** An event about a pod. */
export const event = (namespace: string, name: string, podName: string): Step =>
  make(`${core(namespace)}/events`, eventAbout(namespace, name, podName));

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

/** Each account that is to have one gets a token that is bound to its pod, as a kubelet asks for it. */
export const tokensOf = (identities: Readonly<Record<string, Acting>>): readonly (Step & { readonly for: Identity })[] =>
  Object.entries(identities).flatMap(([who, { account: of }]) =>
    of === undefined
      ? []
      : [
          {
            ...make(
              `${core(of[0])}/serviceaccounts/${of[1]}/token`,
              tokenRequest(3607, { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: podOf(of[1]) } }),
            ),
            for: who as Identity,
          },
        ],
  );
