import { limits } from '../../core/limits.ts';
import { BodyCount } from './body-count.ts';
import { imageName, isUnversioned, isWholeSystem } from './image-name.ts';
import { Ledger } from './ledger.ts';
import { containersOf, isOwned, isWorkload, merged, patched, type SeenContainer } from './pod-spec.ts';
import { isDone, isWrite, objectsIn, type PostureEvent, type SeenObject } from './posture-event.ts';
import { type Judgement, type PostureCheck, type Practice, Tally } from './practice.ts';
import { isController, objectName, systemNamespaces } from './principals.ts';

const needs = 'bodies of changes of workloads (level Request), or lists of them (RequestResponse)';
const practices = {
  readiness: {
    id: 'workload.readiness-probe',
    title: 'Workload without a readiness probe',
    why: 'Requests are sent to a container that cannot answer yet, and every roll-out loses some of them.',
    remedy: 'Give every container that serves a readinessProbe that asks what its clients ask.',
    needs,
  },
  liveness: {
    id: 'workload.liveness-probe',
    title: 'Workload without a liveness probe',
    why: 'A container that hangs is never started again.',
    remedy: 'Give containers that can hang a livenessProbe; ask for less than the readiness probe does.',
    needs,
  },
  version: {
    id: 'image.version',
    title: 'Image without a fixed version',
    why: 'With `latest`, or no tag, nobody knows what ran yesterday, and two nodes may run different programs.',
    remedy: 'Name a version, better a digest (`name@sha256:…`).',
    needs,
  },
  size: {
    id: 'image.whole-system',
    title: 'Image that holds a whole operating system',
    why: 'Shells and package managers are what an intruder works with, and every package has to be kept up to date.',
    remedy: 'Build on a distroless, scratch, slim or alpine image. Judged by the name of the image alone.',
    needs,
  },
} as const satisfies Readonly<Record<string, Practice>>;

interface Workload {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly main: readonly SeenContainer[];
  readonly other: readonly SeenContainer[];
  readonly who: string;
  readonly atMs: number;
}

/** Kinds that run to an end and serve nobody. */
const unprobed = new Set(['jobs', 'cronjobs']);

/** Probes and images of workloads as they last were. What controllers make is judged at its owner. */
export class WorkloadCheck implements PostureCheck {
  readonly practices = Object.values(practices);
  readonly #workloads = new Ledger<Workload>(limits.postureObjects);
  readonly #bodies = new BodyCount('workloads');

  get givenUp(): number {
    return this.#workloads.givenUp;
  }

  observe(event: PostureEvent): void {
    if (event.resource === 'namespaces' && event.verb === 'delete' && isDone(event)) {
      this.#workloads.deleteAll(`${event.name}/`);
      return;
    }
    if (event.subresource !== '' || !isWorkload(event) || !isDone(event) || systemNamespaces.has(event.namespace)) return;
    if (event.verb === 'delete') this.#workloads.delete(keyOf(event.resource, event));
    else if (event.verb === 'deletecollection') this.#workloads.deleteAll(`${event.namespace}/${event.resource}/`);
    else this.#seen(event);
  }

  #seen(event: PostureEvent): void {
    let isOwn = true;
    for (const seen of objectsIn(event)) {
      isOwn = !isOwned(seen.object);
      if (isOwn && !systemNamespaces.has(seen.namespace)) this.#keep(event, seen);
    }
    if (isOwn && !isController(event.user)) this.#bodies.observe(event);
  }

  #keep(event: PostureEvent, seen: SeenObject): void {
    const { namespace, name, object, isWhole } = seen;
    const { resource } = event;
    const key = keyOf(resource, seen);
    const before = this.#workloads.get(key);
    const shown = containersOf(resource, object, isWhole);
    const isList = Array.isArray(object);
    // A patch of what was never seen says of its containers only what it changes.
    const main = isWhole ? shown.main : isList ? patched(before?.main ?? [], object) : merged(before?.main ?? [], shown.main);
    const other = isWhole ? shown.other : merged(before?.other ?? [], shown.other);
    if (main.length + other.length === 0) return;
    const last = isWrite(event) || !before ? { who: isWrite(event) ? event.user : '', atMs: event.timeMs } : before;
    this.#workloads.set(key, { resource, namespace, name, main, other, who: last.who, atMs: last.atMs });
  }

  judge(): ReadonlyMap<string, Judgement> {
    const tallies = { readiness: new Tally(), liveness: new Tally(), version: new Tally(), size: new Tally() };
    for (const [, workload] of this.#workloads) judgeWorkload(workload, tallies);
    return new Map(
      Object.entries(tallies).map(([name, tally]) => [
        practices[name as keyof typeof practices].id,
        tally.judgement(tally.looked === 0 ? this.#bodies.nothing : this.#bodies.blind),
      ]),
    );
  }
}

const keyOf = (resource: string, { namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  `${namespace}/${resource}/${name}`;

function judgeWorkload(workload: Workload, tallies: Readonly<Record<keyof typeof practices, Tally>>): void {
  const { resource, namespace, name, main, other, who, atMs } = workload;
  const example = (note: string) => () => ({
    what: objectName(resource, namespace, name),
    note,
    ...(who === '' ? {} : { who }),
  });
  const named = (containers: readonly SeenContainer[]): string =>
    `container ${containers
      .map((container) => container.name.slice(0, 64))
      .slice(0, 4)
      .join(', ')}`;
  const probe = (tally: Tally, member: 'hasReadiness' | 'hasLiveness'): void => {
    const known = main.filter((container) => container[member] !== undefined);
    const without = known.filter((container) => container[member] === false);
    if (known.length > 0) tally.add(without.length > 0, example(named(without)), atMs);
  };
  if (!unprobed.has(resource)) {
    probe(tallies.readiness, 'hasReadiness');
    probe(tallies.liveness, 'hasLiveness');
  }
  const images = [...main, ...other].flatMap(({ image }) => image ?? []);
  if (images.length === 0) return;
  const image = (tally: Tally, isWrong: (of: ReturnType<typeof imageName>) => boolean): void => {
    const wrong = images.filter((reference) => isWrong(imageName(reference)));
    tally.add(wrong.length > 0, example(wrong.slice(0, 3).join(', ').slice(0, 200)), atMs);
  };
  image(tallies.version, isUnversioned);
  image(tallies.size, isWholeSystem);
}
