import { limits } from '../../core/limits.ts';
import { Ledger } from './ledger.ts';
import type { PostureEvent } from './posture-event.ts';
import { type Judgement, type LogSpan, type PostureCheck, type Practice, Tally } from './practice.ts';

const needs = 'user agents (level Metadata), and the version of the API server from its own requests or --server-version';
const nodes: Practice = {
  id: 'version.node',
  title: 'Kubelet or kube-proxy too old, or newer than the API server',
  why: 'More than three minor versions behind, or ahead, is not supported: requests fail in ways nobody tests.',
  remedy: 'Upgrade nodes after the control plane, before they fall more than three minor versions behind.',
  needs,
};
const clients: Practice = {
  id: 'version.client',
  title: 'Client or component outside of the supported version skew',
  why: 'kubectl is supported one minor version around the API server; controller manager and scheduler one behind it.',
  remedy: 'Upgrade the client to the version of the cluster.',
  needs,
};

/** How many minor versions a component may be behind the API server, and ahead of it (Kubernetes documentation, version skew policy). */
const skews: Readonly<Record<string, { readonly behind: number; readonly ahead: number; readonly practice: Practice }>> = {
  kubelet: { behind: 3, ahead: 0, practice: nodes },
  'kube-proxy': { behind: 3, ahead: 0, practice: nodes },
  'kube-controller-manager': { behind: 1, ahead: 0, practice: clients },
  'kube-scheduler': { behind: 1, ahead: 0, practice: clients },
  'cloud-controller-manager': { behind: 1, ahead: 0, practice: clients },
  kubectl: { behind: 1, ahead: 1, practice: clients },
};

const agentVersion = /^([\w-]+)(?:\.exe)?\/v1\.(\d{1,3})\.(\d{1,3})/;

interface SeenClient {
  readonly component: string;
  readonly minor: number;
  readonly version: string;
  readonly user: string;
  readonly atMs: number;
}

/** The minor version a version text names: `1.31`, `v1.31.4`. */
export function minorOf(version: string): number | undefined {
  const minor = /^v?1\.(\d{1,3})(?:\.|$|[^\d])/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/** Versions of the cluster's own components and of kubectl, from their user agents. */
export class VersionCheck implements PostureCheck {
  readonly practices = [nodes, clients];
  /** By component and user: a node's kubelet is upgraded, people have several kubectl. */
  readonly #clients = new Ledger<SeenClient>(limits.postureObjects);
  /** Latest minor version of an API server that spoke to itself, and its time. */
  #server: { readonly minor: number; readonly atMs: number } | undefined;

  get givenUp(): number {
    return this.#clients.givenUp;
  }

  /** What the API server's own requests say. */
  get serverMinor(): number | undefined {
    return this.#server?.minor;
  }

  observe({ agent, user, timeMs }: PostureEvent): void {
    const [, component = '', minorText = '', patch = ''] = agentVersion.exec(agent) ?? [];
    if (component === '') return;
    const minor = Number(minorText);
    if (component === 'kube-apiserver' && user === 'system:apiserver') this.#server = { minor, atMs: timeMs };
    if (!Object.hasOwn(skews, component)) return;
    const key = `${component} ${user} ${component === 'kubectl' ? minor : ''}`;
    this.#clients.set(key, { component, minor, version: `v1.${minor}.${patch}`, user, atMs: timeMs });
  }

  judge({ serverMinor }: LogSpan): ReadonlyMap<string, Judgement> {
    const tallies = new Map([nodes, clients].map(({ id }) => [id, new Tally()]));
    if (serverMinor !== undefined) {
      for (const [, { component, minor, version, user, atMs }] of this.#clients) {
        const skew = skews[component];
        if (!skew) continue;
        const distance = serverMinor - minor;
        const note = `${distance > 0 ? `${distance} minor versions behind` : `${-distance} ahead of`} v1.${serverMinor}`;
        const isWrong = distance > skew.behind || -distance > skew.ahead;
        tallies.get(skew.practice.id)?.add(isWrong, () => ({ what: `${component} ${version}`, note, who: user }), atMs);
      }
    }
    return new Map([...tallies].map(([id, tally]) => [id, tally.judgement(this.#why(tally.looked, serverMinor))]));
  }

  #why(looked: number, serverMinor: number | undefined): string | undefined {
    if (looked > 0) return undefined;
    if (serverMinor === undefined && this.#clients.size > 0) {
      return 'the version of the API server is not in this log: give it with --server-version';
    }
    return 'no user agent of these programs with a version is in this log';
  }
}
