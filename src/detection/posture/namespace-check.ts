import { isJsonObject, memberAt, textOf } from '../../core/json-members.ts';
import { limits } from '../../core/limits.ts';
import { Ledger } from './ledger.ts';
import { isDone, isWrite, objectsIn, type PostureEvent } from './posture-event.ts';
import { type Judgement, type LogSpan, type PostureCheck, type Practice, Tally } from './practice.ts';
import { objectName, systemNamespaces } from './principals.ts';

const needs = 'the creation of the namespace and of what protects it (level Metadata), or lists of both (RequestResponse)';
const guards = {
  resourcequotas: {
    id: 'namespace.resource-quota',
    title: 'Namespace without a ResourceQuota',
    why: 'One namespace can take all processors, memory and objects from the others.',
    remedy: 'Make a ResourceQuota with the namespace.',
    needs,
  },
  limitranges: {
    id: 'namespace.limit-range',
    title: 'Namespace without a LimitRange',
    why: 'Containers that ask for nothing get as much as the node has, and a quota refuses them.',
    remedy: 'Make a LimitRange with default requests and limits.',
    needs,
  },
  networkpolicies: {
    id: 'namespace.network-policy',
    title: 'Namespace without a network policy',
    why: 'Every pod of the cluster may speak to its pods, and they to everything.',
    remedy: 'Make a NetworkPolicy that denies by default, then one for each connection that is needed.',
    needs,
  },
} as const satisfies Readonly<Record<string, Practice>>;
type Guard = keyof typeof guards;

const podSecurity: Practice = {
  id: 'namespace.pod-security',
  title: 'Namespace without a pod security level',
  why: 'Privileged pods, and pods with files and processes of the node, are accepted in it.',
  remedy: 'Set the label pod-security.kubernetes.io/enforce to baseline or restricted.',
  needs: 'the creation of the namespace with its body (level Request), or pods made in it (Metadata)',
};

const guardOf: ReadonlyMap<string, Guard> = new Map([
  ['resourcequotas', 'resourcequotas'],
  ['limitranges', 'limitranges'],
  ['networkpolicies', 'networkpolicies'],
  ['ciliumnetworkpolicies', 'networkpolicies'],
]);

interface Namespace {
  /** When it was made; undefined where that was before the log began. */
  readonly madeMs: number | undefined;
  readonly who: string;
  /** Value of the enforce label: '' where there is none, undefined where it was not seen. */
  readonly enforce: string | undefined;
}

/** What protects a namespace is made with it: until this long after, its absence says nothing. */
const graceMs = 10 * 60_000;
const enforceLabel = 'pod-security.kubernetes.io/enforce';

/** Quotas, limits, network policies and pod security of namespaces that were made, or listed, in the log. */
export class NamespaceCheck implements PostureCheck {
  readonly practices = [...Object.values(guards), podSecurity];
  readonly #namespaces = new Ledger<Namespace>(limits.postureObjects);
  /** `kind namespace/name`. */
  readonly #guards = new Ledger<true>(limits.postureObjects);
  /** Kinds of which a list of the whole cluster was seen. */
  readonly #listed = new Set<Guard>();

  get givenUp(): number {
    return this.#namespaces.givenUp + this.#guards.givenUp;
  }

  observe(event: PostureEvent): void {
    if (!isDone(event)) return;
    if (event.resource === 'pods') this.#admitted(event);
    if (event.subresource !== '') return;
    const guard = guardOf.get(event.resource);
    if (guard) this.#guard(guard, event);
    else if (event.resource === 'namespaces' && event.group === '') this.#namespace(event);
  }

  #guard(guard: Guard, event: PostureEvent): void {
    const { verb, namespace, name } = event;
    if (verb === 'delete') this.#guards.delete(`${guard} ${namespace}/${name}`);
    else if (verb === 'deletecollection') this.#guards.deleteAll(`${guard} ${namespace}/`);
    else if (isWrite(event)) this.#guards.set(`${guard} ${namespace}/${name}`, true);
    if (verb === 'list' && namespace === '' && isJsonObject(event.answer) && Array.isArray(event.answer['items'])) {
      this.#listed.add(guard);
      for (const seen of objectsIn(event)) this.#guards.set(`${guard} ${seen.namespace}/${seen.name}`, true);
    }
  }

  #namespace(event: PostureEvent): void {
    const { verb, name, user, timeMs } = event;
    if (verb === 'delete') this.#removed(name);
    if (verb === 'create') this.#namespaces.set(name, { madeMs: timeMs, who: user, enforce: undefined });
    for (const seen of objectsIn(event)) {
      const before = this.#namespaces.get(seen.name);
      const label = textOf(memberAt(seen.object, 'metadata', 'labels', enforceLabel));
      const enforce = label ?? (seen.isWhole ? '' : before?.enforce);
      if (seen.name !== '') this.#namespaces.set(seen.name, { madeMs: before?.madeMs, who: before?.who ?? '', enforce });
    }
  }

  #removed(name: string): void {
    this.#namespaces.delete(name);
    for (const guard of Object.keys(guards)) this.#guards.deleteAll(`${guard} ${name}/`);
  }

  /** The API server notes the level a pod was held against, whether it comes from a label or from its own configuration. */
  #admitted({ namespace, annotations }: PostureEvent): void {
    const level = textOf(annotations['pod-security.kubernetes.io/enforce-policy'])?.split(':', 1)[0];
    if (level === undefined || namespace === '') return;
    const before = this.#namespaces.get(namespace);
    this.#namespaces.set(namespace, { madeMs: before?.madeMs, who: before?.who ?? '', enforce: level });
  }

  judge({ lastMs }: LogSpan): ReadonlyMap<string, Judgement> {
    const protectedBy = new Set([...this.#guards].map(([key]) => key.slice(0, key.indexOf('/'))));
    const results = Object.entries(guards).map(([guard, { id }]): readonly [string, Judgement] => {
      const tally = new Tally();
      let young = 0;
      for (const [name, namespace] of this.#people()) {
        const isKnown = this.#listed.has(guard as Guard) || namespace.madeMs !== undefined;
        if (isKnown && lastMs - madeAt(namespace) < graceMs) young++;
        else if (isKnown) tally.add(!protectedBy.has(`${guard} ${name}`), exampleOf(name, namespace), madeAt(namespace));
      }
      return [id, tally.judgement(whyNothing(tally.looked, young))];
    });
    return new Map([...results, [podSecurity.id, this.#podSecurity()]]);
  }

  #podSecurity(): Judgement {
    const tally = new Tally();
    for (const [name, namespace] of this.#people()) {
      const { enforce } = namespace;
      if (enforce !== undefined)
        tally.add(enforce === '' || enforce === 'privileged', exampleOf(name, namespace), madeAt(namespace));
    }
    return tally.judgement(tally.looked === 0 ? 'no namespace was made with its body in this log, nor a pod in one' : undefined);
  }

  *#people(): Generator<readonly [string, Namespace], void, undefined> {
    for (const entry of this.#namespaces) if (!systemNamespaces.has(entry[0])) yield entry;
  }
}

/** Minus infinity where nobody saw it made: no time is shown. */
const madeAt = ({ madeMs }: Namespace): number => madeMs ?? Number.NEGATIVE_INFINITY;

const exampleOf =
  (name: string, { who }: Namespace) =>
  () => ({
    what: objectName('namespace', '', name),
    ...(who === '' ? {} : { who }),
  });

function whyNothing(looked: number, young: number): string | undefined {
  const made = young === 1 ? 'one namespace was' : `${young} namespaces were`;
  if (young > 0) return `${made} made less than ten minutes before the log ends: too early to tell`;
  return looked === 0
    ? 'no namespace was made in this log, and lists of the cluster are logged without their answers'
    : undefined;
}
