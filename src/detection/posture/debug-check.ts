import { limits } from '../../core/limits.ts';
import { imageName, isDebugImage } from './image-name.ts';
import { Ledger } from './ledger.ts';
import { containersOf, isOwned, isWorkload } from './pod-spec.ts';
import { isDone, isWrite, objectsIn, type PostureEvent } from './posture-event.ts';
import { type Judgement, type PostureCheck, type Practice, Tally } from './practice.ts';
import { objectName, toolOf } from './principals.ts';

const practices = {
  session: {
    id: 'debug.session',
    title: 'Session in a running container',
    why: 'What is repaired by hand inside a container is gone with it, and nobody can review it.',
    remedy: 'Put what is looked for into logs and metrics; give `pods/exec` to few people and for a time.',
    needs: 'requests to pods/exec, attach and portforward (level Metadata)',
  },
  ephemeral: {
    id: 'debug.ephemeral-container',
    title: 'Ephemeral container added to a pod',
    why: 'It runs beside the program with tools of its own, stays until the pod ends and is in no manifest.',
    remedy: 'Use it in an emergency only, and replace the pod afterwards.',
    needs: 'requests to pods/ephemeralcontainers (level Metadata)',
  },
  tools: {
    id: 'debug.tools',
    title: 'Debug tools run in the cluster',
    why: 'Images full of network tools, and pods made to enter a node, are as useful to an intruder.',
    remedy: 'Remove them when the search is over; keep such images out with an admission policy.',
    needs: 'creation of workloads (names at level Metadata, images at Request)',
  },
} as const satisfies Readonly<Record<string, Practice>>;

const sessions = new Set(['exec', 'attach', 'portforward']);

/** Debugging of what runs: sessions, ephemeral containers, images made for it. */
export class DebugCheck implements PostureCheck {
  readonly practices = Object.values(practices);
  readonly #tallies = { session: new Tally(), ephemeral: new Tally(), tools: new Tally() };
  /** Sessions that were counted when they began. */
  readonly #begun = new Ledger<true>(limits.auditIds);
  /** About pods. */
  #requests = 0;

  /** Sessions are no state: one forgotten is at worst counted twice. */
  readonly givenUp = 0;

  observe(event: PostureEvent): void {
    const { resource, subresource, group } = event;
    if (resource === 'pods') this.#requests++;
    if (resource === 'pods' && group === '' && sessions.has(subresource)) this.#session(event);
    else if (resource === 'pods' && subresource === 'ephemeralcontainers' && isDone(event) && isWrite(event)) {
      this.#tallies.ephemeral.add(true, () => this.#example(event, toolOf(event)), event.timeMs);
    } else if (subresource === '' && isWorkload(event) && isDone(event) && event.verb === 'create') this.#created(event);
  }

  #session(event: PostureEvent): void {
    const { stage, auditID, code, timeMs, subresource } = event;
    if (stage === 'RequestReceived' || (code ?? 101) >= 400) return;
    if (stage === 'ResponseStarted') this.#begun.set(auditID, true);
    else if (auditID !== '' && this.#begun.get(auditID)) return;
    this.#tallies.session.add(true, () => this.#example(event, subresource), timeMs);
  }

  #created(event: PostureEvent): void {
    for (const { object, name, namespace } of objectsIn(event)) {
      if (isOwned(object)) return;
      const { main, other } = containersOf(event.resource, object, true);
      const images = [...main, ...other].flatMap(({ image }) => image ?? []);
      const tool = images.find((image) => isDebugImage(imageName(image)));
      const note = tool ?? (name.startsWith('node-debugger-') ? 'kubectl debug node' : undefined);
      this.#tallies.tools.add(
        note !== undefined,
        () => ({ what: objectName(event.resource, namespace, name), who: event.user, note: (note ?? '').slice(0, 200) }),
        event.timeMs,
      );
    }
  }

  #example(event: PostureEvent, note: string): { readonly what: string; readonly who: string; readonly note: string } {
    return { what: objectName(event.resource, event.namespace, event.name), who: event.user, note };
  }

  judge(): ReadonlyMap<string, Judgement> {
    const { session, ephemeral, tools } = this.#tallies;
    const blind = tools.looked === 0 ? 'no creation of a workload with its body is in this log' : undefined;
    const noPods = this.#requests === 0 ? 'no request about pods is in this log' : undefined;
    return new Map([
      [practices.session.id, { ...session.judgement(noPods), looked: this.#requests }],
      [practices.ephemeral.id, { ...ephemeral.judgement(noPods), looked: this.#requests }],
      [practices.tools.id, tools.judgement(blind)],
    ]);
  }
}
