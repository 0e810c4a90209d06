import { textOf } from '../../core/json-members.ts';
import { limits } from '../../core/limits.ts';
import { Ledger } from './ledger.ts';
import { isDone, type PostureEvent, productOf } from './posture-event.ts';
import { type Judgement, type LogSpan, type PostureCheck, type Practice, Tally } from './practice.ts';
import { minorOf } from './version-check.ts';

const needs = 'annotations of the API server (level Metadata; Kubernetes 1.19 and later)';
const deprecated: Practice = {
  id: 'api.deprecated',
  title: 'Deprecated version of an API in use',
  why: 'It is going to be removed; manifests and programs that name it stop working then.',
  remedy:
    'Change manifests and clients to the version that replaces it (Kubernetes documentation, deprecated API migration guide).',
  needs,
};
const removed: Practice = {
  id: 'api.removed-next',
  title: 'API in use that the next upgrade removes',
  why: 'After the upgrade every request to it is answered with 404.',
  remedy: 'Change its users before the upgrade.',
  needs: `${needs}, and the version of the API server from its own requests or --server-version`,
};

interface Use {
  readonly what: string;
  readonly release: string | undefined;
  readonly who: string;
  readonly agent: string;
  readonly atMs: number;
}

/** Deprecated APIs, by kind and by who asks for them. */
export class ApiCheck implements PostureCheck {
  readonly practices = [deprecated, removed];
  readonly #uses = new Ledger<Use>(limits.postureObjects);
  #requests = 0;

  get givenUp(): number {
    return this.#uses.givenUp;
  }

  observe(event: PostureEvent): void {
    if (event.resource === '' || (event.stage !== undefined && event.stage !== 'ResponseComplete')) return;
    this.#requests++;
    const { annotations, group, version, resource, user, agent, timeMs } = event;
    // The API server asks itself for everything it serves.
    if (textOf(annotations['k8s.io/deprecated']) !== 'true' || !isDone(event) || user === 'system:apiserver') return;
    const what = `${group === '' ? '' : `${group}/`}${version} ${resource}`.slice(0, 320);
    const release = textOf(annotations['k8s.io/removed-release']);
    this.#uses.set(`${what} ${user}`, { what, release, who: user, agent: productOf(agent), atMs: timeMs });
  }

  judge({ serverMinor }: LogSpan): ReadonlyMap<string, Judgement> {
    const [inUse, next] = [new Tally(), new Tally()];
    for (const [, { what, release, who, agent, atMs }] of this.#uses) {
      const note = `asked for by ${agent || 'an unnamed program'}${release === undefined ? '' : `; removed in ${release}`}`;
      const minor = release === undefined ? undefined : minorOf(release);
      inUse.add(true, () => ({ what, who, note }), atMs);
      const isNext = minor !== undefined && serverMinor !== undefined && minor <= serverMinor + 1;
      next.add(isNext, () => ({ what, who, note }), atMs);
    }
    inUse.looked = this.#requests;
    next.looked = serverMinor === undefined ? 0 : this.#requests;
    const nothing = this.#requests === 0 ? 'no request about an object is in this log' : undefined;
    const noServer =
      serverMinor === undefined ? 'the version of the API server is not in this log: give it with --server-version' : nothing;
    return new Map([
      [deprecated.id, inUse.judgement(nothing)],
      [removed.id, next.judgement(noServer)],
    ]);
  }
}
