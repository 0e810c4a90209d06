import type { Account, Acting } from './acting.ts';
import type { Identity } from './identities.ts';
import { eventAbout, goodSpec, pod, tokenRequest, type WorkloadKind, workload } from './objects.ts';
import { apps, core } from './places.ts';
import { make } from './setup-steps.ts';
import type { Step } from './step.ts';

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

export const workloadIn = (namespace: string, kind: WorkloadKind, name: string, spec: object = goodSpec()): Step =>
  make(`${apps(namespace)}/${kind.toLowerCase()}s`, workload(kind, name, spec));

/** An event about a pod. */
export const event = (namespace: string, name: string, podName: string): Step =>
  make(`${core(namespace)}/events`, eventAbout(namespace, name, podName));

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
