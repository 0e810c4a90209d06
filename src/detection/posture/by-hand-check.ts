import { memberAt, textOf } from '../../core/json-members.ts';
import { limits } from '../../core/limits.ts';
import { Ledger } from './ledger.ts';
import { isDone, isWrite, objectsIn, type PostureEvent } from './posture-event.ts';
import { type Judgement, type PostureCheck, type Practice, Tally } from './practice.ts';
import { deliverySystemOf, isPerson, objectName, toolOf } from './principals.ts';

const practices = {
  byHand: {
    id: 'delivery.by-hand',
    title: 'Object changed by hand',
    why: 'A change that is in no repository cannot be reviewed, repeated or undone, and the next delivery may take it back.',
    remedy:
      'Make the change in the repository and let the delivery system apply it; name robots that log in as users with --delivered-by.',
    needs: 'changes of objects (level Metadata)',
  },
  drift: {
    id: 'delivery.drift',
    title: 'Object of a delivery system changed by hand',
    why: 'The cluster is no longer what the repository says, until the delivery system undoes it or fails.',
    remedy: 'Bring the change into the repository named, or take it back.',
    needs: 'changes by the delivery system in the same log (Metadata), or bodies that name it (Request)',
  },
} as const satisfies Readonly<Record<string, Practice>>;

/** Requests in the form of objects, what machines write all the time, and what is no part of a manifest. */
const notKept =
  /reviews$|^(events|leases|endpoints|endpointslices|pods|nodes|certificatesigningrequests|bindings|tokenrequests)$/;

interface Hand {
  readonly who: string;
  readonly tool: string;
  readonly verb: string;
  readonly atMs: number;
  /** The object was a delivery system's before. */
  readonly isDrift: boolean;
}

interface Kept {
  /** `argocd`, `argocd shop`: who delivers it and, where it says, which application or release. */
  readonly manager: string | undefined;
  /** Who last changed it by hand. */
  readonly hand?: Hand;
}

/** Who changes objects: a delivery system, or people beside it. */
export class ByHandCheck implements PostureCheck {
  readonly practices = Object.values(practices);
  readonly #objects = new Ledger<Kept>(limits.postureObjects);
  readonly #deliveredBy: ReadonlySet<string>;
  readonly #machines: ReadonlySet<string>;
  #changes = 0;

  /** @param users as they stand in masked events: whose changes are deliveries, and who is no person besides those whose names say so */
  constructor(users: { readonly deliveredBy?: readonly string[]; readonly machines?: readonly string[] } = {}) {
    this.#deliveredBy = new Set(users.deliveredBy);
    this.#machines = new Set(users.machines);
  }

  get givenUp(): number {
    return this.#objects.givenUp;
  }

  observe(event: PostureEvent): void {
    const { resource, user, verb, name, namespace, timeMs } = event;
    if (!isKept(event)) return;
    this.#changes++;
    const key = `${resource}.${event.group} ${namespace}/${name}`;
    const before = this.#objects.get(key);
    const system = deliverySystemOf(user) ?? (this.#deliveredBy.has(user) ? 'delivery' : undefined);
    const manager = managerIn(event) ?? system ?? before?.manager;
    const isHand = system === undefined && isPerson(user) && !this.#machines.has(user);
    if (isHand) {
      const tool = toolOf(event);
      const owner = before?.manager ?? (verb === 'create' ? undefined : manager);
      const isDrift = owner !== undefined && !isDeliveredWith(owner, tool);
      this.#objects.set(key, { manager, hand: { who: user, tool, verb, atMs: timeMs, isDrift } });
    } else if (manager !== undefined) this.#objects.set(key, { manager, ...(before?.hand && { hand: before.hand }) });
  }

  judge(): ReadonlyMap<string, Judgement> {
    const [byHand, drift] = [new Tally(), new Tally()];
    for (const [key, { manager, hand }] of this.#objects) {
      const example = () => exampleOf(key, manager, hand);
      if (hand) byHand.add(true, example, hand.atMs);
      if (manager !== undefined) drift.add(hand?.isDrift ?? false, example, hand?.atMs ?? Number.NEGATIVE_INFINITY);
    }
    byHand.looked = Math.max(this.#changes, byHand.count);
    const nothing = 'no change of an object is in this log';
    const noManager =
      'no delivery system (Argo CD, Flux, Helm …) shows in this log, neither as who changed something nor in a body';
    return new Map([
      [practices.byHand.id, byHand.judgement(this.#changes === 0 ? nothing : undefined)],
      [practices.drift.id, drift.judgement(drift.looked === 0 ? noManager : undefined)],
    ]);
  }
}

function isKept(event: PostureEvent): boolean {
  const { resource, subresource, name } = event;
  if (!isWrite(event) || !isDone(event) || resource === '' || name === '' || notKept.test(resource)) return false;
  // What Helm notes about its own work.
  if (resource === 'secrets' && name.startsWith('sh.helm.release.')) return false;
  return subresource === '' || subresource === 'scale';
}

/** A release of Helm is changed with Helm. */
const isDeliveredWith = (manager: string, tool: string): boolean => manager.startsWith('helm') && /^helm$/i.test(tool);

function exampleOf(key: string, manager: string | undefined, hand: Hand | undefined): ReturnType<Parameters<Tally['add']>[1]> {
  const [kind = '', where = ''] = key.split(' ', 2);
  const what = objectName(kind.slice(0, kind.indexOf('.')), '', where.replace(/^\//, ''));
  const note = `${hand?.verb ?? ''} with ${hand?.tool || 'an unnamed program'}${manager === undefined ? '' : `; delivered by ${manager}`}`;
  return { what, who: hand?.who ?? '', note };
}

/** Labels and annotations by which delivery systems mark what is theirs (their documentation). */
const marks: readonly (readonly [system: string, where: 'labels' | 'annotations', name: string])[] = [
  ['argocd', 'annotations', 'argocd.argoproj.io/tracking-id'],
  ['argocd', 'labels', 'argocd.argoproj.io/instance'],
  ['flux', 'labels', 'kustomize.toolkit.fluxcd.io/name'],
  ['flux', 'labels', 'helm.toolkit.fluxcd.io/name'],
  ['helm', 'annotations', 'meta.helm.sh/release-name'],
  ['config-sync', 'annotations', 'configsync.gke.io/resource-id'],
  ['kapp', 'labels', 'kapp.k14s.io/app'],
];

function managerIn(event: PostureEvent): string | undefined {
  for (const { object } of objectsIn(event)) {
    for (const [system, where, name] of marks) {
      const value = textOf(memberAt(object, 'metadata', where, name));
      // A tracking id is `application:group/kind:namespace/name`.
      if (value !== undefined) return `${system} ${value.split(':', 1)[0] ?? ''}`.trim().slice(0, 120);
    }
  }
  return undefined;
}
