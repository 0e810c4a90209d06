import { type PostureEvent, productOf } from './posture-event.ts';

/** Namespaces of the cluster itself: what lies in them comes with the cluster. */
export const systemNamespaces: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** Names of the control plane and of cloud providers' own clients. */
const machinePrefixes = ['system:', 'eks:', 'aksService', 'gke-', 'container-engine-robot'];

/** Somebody who logs in with a certificate, a token or a single sign-on: a person, or a program that logs in as one. */
export const isPerson = (user: string): boolean => user !== '' && !machinePrefixes.some((prefix) => user.startsWith(prefix));

/** A controller of Kubernetes itself, which makes objects out of others. */
export const isController = (user: string): boolean =>
  user.startsWith('system:serviceaccount:kube-system:') || user === 'system:kube-controller-manager';

/** Delivery systems by the service accounts they run as: parts of the names of namespace and account. */
const deliverySystems: readonly (readonly [system: string, account: RegExp])[] = [
  ['argocd', /:[^:]*(argocd|argo-cd)[^:]*application-controller$|:(argocd|argo-cd):[^:]*application-controller$/],
  ['flux', /:(kustomize|helm)-controller$/],
  ['fleet', /:(cattle-)?fleet-[^:]*:[^:]*fleet[^:]*$/],
  ['config-sync', /:config-management-system:[^:]*$/],
  ['kapp', /:kapp-controller:[^:]*$/],
  ['gitlab-agent', /:gitlab-agent[^:]*:[^:]*$/],
  ['helm', /:kube-system:tiller$/],
];

/** The delivery system a service account belongs to. A user agent is no proof: everybody chooses their own. */
export function deliverySystemOf(user: string): string | undefined {
  if (!user.startsWith('system:serviceaccount:')) return undefined;
  return deliverySystems.find(([, account]) => account.test(user))?.[0];
}

/** What a person changed something with, as far as the request says: the field manager, else the program. */
export function toolOf({ uri, agent }: PostureEvent): string {
  const manager = /[?&]fieldManager=([\w.-]{1,64})/.exec(uri)?.[1];
  return manager ?? productOf(agent);
}

/** Names of objects of an event as people write them: `deployments shop/web`. */
export function objectName(resource: string, namespace: string, name: string): string {
  const named = name === '' ? '' : namespace === '' ? name : `${namespace}/${name}`;
  return `${resource} ${named || namespace}`.trim().slice(0, 320);
}
