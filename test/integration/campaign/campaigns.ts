import { accessSteps } from './attack-access.ts';
import { effectSteps } from './attack-effects.ts';
import { executionSteps } from './attack-execution.ts';
import { persistenceSteps } from './attack-persistence.ts';
import { podSteps } from './attack-pods.ts';
import { rightsSteps } from './attack-rights.ts';
import { machineSteps } from './benign-machines.ts';
import { peopleSteps } from './benign-people.ts';
import { clusterSteps } from './cluster-steps.ts';
import { builderSteps } from './fourth/builders.ts';
import { caretakerSteps } from './fourth/caretakers.ts';
import { choreSteps } from './fourth/chores.ts';
import { fourthCluster, fourthTokens } from './fourth/cluster.ts';
import { crewSteps } from './fourth/crew.ts';
import { footholdSteps } from './fourth/footholds.ts';
import { grantSteps } from './fourth/grants.ts';
import { guiseSteps } from './fourth/guises.ts';
import { knockingSteps } from './fourth/knocking.ts';
import { kubeletSteps } from './fourth/kubelets.ts';
import { loadSteps } from './fourth/loads.ts';
import { payloadSteps } from './fourth/payloads.ts';
import { planeSteps } from './fourth/plane.ts';
import { scoutingSteps } from './fourth/scouting.ts';
import { shellSteps } from './fourth/shells.ts';
import { shippingSteps } from './fourth/shipping.ts';
import { theftSteps } from './fourth/thefts.ts';
import { watcherSteps } from './fourth/watchers.ts';
import { wreckageSteps } from './fourth/wreckage.ts';
import type { Identity } from './identities.ts';
import { secondCluster, secondTokens } from './second/cluster.ts';
import { deliverySteps } from './second/delivery.ts';
import { entrySteps } from './second/entry.ts';
import { escapeSteps } from './second/escape.ts';
import { executeSteps } from './second/execution.ts';
import { folkSteps } from './second/folks.ts';
import { harmSteps } from './second/harm.ts';
import { loginSteps } from './second/logins.ts';
import { platformSteps } from './second/platform.ts';
import { rightsSteps as secondRightsSteps } from './second/rights.ts';
import { stayingSteps } from './second/staying.ts';
import type { AttackStep, Step } from './step.ts';
import { administratorSteps } from './third/administrators.ts';
import { thirdCluster, thirdTokens } from './third/cluster.ts';
import { controlSteps } from './third/control.ts';
import { developerSteps } from './third/developers.ts';
import { damageSteps } from './third/harm.ts';
import { machinerySteps } from './third/machinery.ts';
import { nodeSteps } from './third/nodes.ts';
import { operatorSteps } from './third/operators.ts';
import { pipelineSteps } from './third/pipelines.ts';
import { reconSteps } from './third/recon.ts';
import { thirdRights } from './third/rights.ts';
import { sessionSteps } from './third/sessions.ts';
import { workloadSteps } from './third/workloads.ts';

/** A cluster, what is ordinary in it, and an attack on it. */
export interface Campaign {
  readonly name: string;
  /** What there is before the story begins. */
  readonly cluster: readonly Step[];
  /** Names in bodies that stand for certificate requests, and whom each is for. */
  readonly certificateRequests: readonly (readonly [name: string, subject: string])[];
  /** Names in bodies that stand for the uid of an object, and its path. */
  readonly uids: readonly (readonly [name: string, path: string])[];
  /** Requests whose answer is a token, and who shows it from then on. */
  readonly tokens: readonly (Step & { readonly for: Identity })[];
  readonly benign: readonly Step[];
  readonly attack: readonly AttackStep[];
  /** Share of the steps that is to be found under the row of their label; absent: nine tenths. */
  readonly labelled?: number;
}

export const campaigns: readonly Campaign[] = [
  {
    name: 'first',
    cluster: clusterSteps,
    certificateRequests: [
      ['CSR-FOR-MASTERS', '/O=system:masters/CN=carol'],
      ['CSR-FOR-CAROL', '/O=dev/CN=carol'],
    ],
    uids: [
      ['UID-OF-NODE-1', '/api/v1/nodes/node-1'],
      ['UID-OF-NODE-2', '/api/v1/nodes/node-2'],
    ],
    tokens: [],
    benign: [...machineSteps, ...peopleSteps],
    attack: [...accessSteps, ...executionSteps, ...podSteps, ...rightsSteps, ...persistenceSteps, ...effectSteps],
  },
  {
    name: 'second',
    cluster: secondCluster,
    certificateRequests: [
      ['CSR-FOR-CONTROLLER', '/CN=system:kube-controller-manager'],
      ['CSR-FOR-KUBEADM', '/O=kubeadm:cluster-admins/CN=dana'],
      ['CSR-FOR-FRIEND', '/O=payments-developers/CN=friend'],
      ['CSR-FOR-NODE', '/O=system:nodes/CN=system:node:worker-1'],
      ['CSR-FOR-WORKER-4', '/O=system:nodes/CN=system:node:worker-4'],
    ],
    uids: [
      ['UID-OF-WORKER-3', '/api/v1/nodes/worker-3'],
      ['UID-OF-CHECKOUT', '/api/v1/namespaces/payments/pods/checkout-api-0'],
    ],
    tokens: secondTokens,
    benign: [...deliverySteps, ...platformSteps, ...folkSteps],
    attack: [...loginSteps, ...entrySteps, ...executeSteps, ...escapeSteps, ...secondRightsSteps, ...stayingSteps, ...harmSteps],
  },
  {
    name: 'third',
    cluster: thirdCluster,
    certificateRequests: [
      ['CSR-FOR-POOL-A-1', '/O=system:nodes/CN=system:node:pool-a-1'],
      ['CSR-FOR-POOL-A-9', '/O=system:nodes/CN=system:node:pool-a-9'],
      ['CSR-FOR-SUPER', '/O=system:masters/CN=svc'],
      ['CSR-FOR-TOMAS', '/O=web-developers/CN=tomas'],
      ['CSR-FOR-SCHEDULER', '/CN=system:kube-scheduler'],
    ],
    uids: [
      ['UID-OF-POOL-A-1', '/api/v1/nodes/pool-a-1'],
      ['UID-OF-POOL-A-7', '/api/v1/nodes/pool-a-7'],
      ['UID-OF-FRONTEND', '/api/v1/namespaces/web/pods/frontend-0'],
    ],
    tokens: thirdTokens,
    benign: [...machinerySteps, ...pipelineSteps, ...operatorSteps, ...developerSteps, ...administratorSteps],
    attack: [...reconSteps, ...sessionSteps, ...nodeSteps, ...thirdRights, ...workloadSteps, ...controlSteps, ...damageSteps],
  },
  {
    name: 'fourth',
    // Its labels were given before the rules were read, and are kept: refused attempts are often told of under another row.
    labelled: 0.87,
    cluster: fourthCluster,
    certificateRequests: [
      ['CSR-FOR-SYSTEM-MASTERS', '/O=system:masters/CN=helper'],
      ['CSR-FOR-MANAGER', '/CN=system:kube-controller-manager'],
      ['CSR-FOR-IP-1', '/O=system:nodes/CN=system:node:ip-10-4-0-1'],
      ['CSR-FOR-IP-2', '/O=system:nodes/CN=system:node:ip-10-4-0-2'],
      ['CSR-FOR-IP-3', '/O=system:nodes/CN=system:node:ip-10-4-0-3'],
      ['CSR-FOR-IP-7', '/O=system:nodes/CN=system:node:ip-10-4-0-7'],
      ['CSR-FOR-GHOST', '/O=oidc:sre/CN=ghost'],
    ],
    uids: [
      ['UID-OF-IP-10-4-0-1', '/api/v1/nodes/ip-10-4-0-1'],
      ['UID-OF-IP-10-4-0-7', '/api/v1/nodes/ip-10-4-0-7'],
      ['UID-OF-BASKET', '/api/v1/namespaces/orders/pods/basket-0'],
    ],
    tokens: fourthTokens,
    benign: [...planeSteps, ...builderSteps, ...shippingSteps, ...caretakerSteps, ...watcherSteps, ...crewSteps, ...choreSteps],
    attack: [
      ...knockingSteps,
      ...scoutingSteps,
      ...shellSteps,
      ...loadSteps,
      ...payloadSteps,
      ...grantSteps,
      ...guiseSteps,
      ...footholdSteps,
      ...theftSteps,
      ...kubeletSteps,
      ...wreckageSteps,
    ],
  },
];
