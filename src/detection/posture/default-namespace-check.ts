import { limits } from '../../core/limits.ts';
import { Ledger } from './ledger.ts';
import { isWorkload } from './pod-spec.ts';
import { isDone, isWrite, type PostureEvent } from './posture-event.ts';
import { type Judgement, type PostureCheck, type Practice, Tally } from './practice.ts';
import { isController, objectName } from './principals.ts';

const practice: Practice = {
  id: 'namespace.default',
  title: 'Work in the namespace default',
  why: 'Quotas, network policies and rights are given by namespace; in `default` everything meets everything.',
  remedy: 'Give every application a namespace of its own, and set it in its context or manifest.',
  needs: 'changes of workloads and services (level Metadata)',
};

/** What Kubernetes itself keeps in `default`. */
const own = new Set(['services kubernetes', 'configmaps kube-root-ca.crt', 'serviceaccounts default']);
const kinds = new Set(['services', 'ingresses', 'configmaps', 'secrets', 'persistentvolumeclaims']);

/** Objects that people and their programs keep in the namespace `default`. Controllers' objects are left to their owners. */
export class DefaultNamespaceCheck implements PostureCheck {
  readonly practices = [practice];
  /** By resource and name: who last wrote it and when. */
  readonly #objects = new Ledger<{ readonly who: string; readonly atMs: number }>(limits.postureObjects);
  #looked = 0;

  get givenUp(): number {
    return this.#objects.givenUp;
  }

  observe(event: PostureEvent): void {
    const { resource, namespace, name, verb, subresource, user } = event;
    if (subresource !== '' || !isDone(event) || (!isWorkload(event) && !kinds.has(resource))) return;
    if (isController(user) || !isWrite(event)) return;
    this.#looked++;
    const key = `${resource} ${name}`;
    if (namespace !== 'default' || own.has(key)) return;
    if (verb === 'deletecollection') this.#objects.deleteAll(`${resource} `);
    else if (verb === 'delete') this.#objects.delete(key);
    else this.#objects.set(key, { who: user, atMs: event.timeMs });
  }

  judge(): ReadonlyMap<string, Judgement> {
    const tally = new Tally();
    for (const [key, { who, atMs }] of this.#objects) {
      const [resource = '', name = ''] = key.split(' ', 2);
      tally.add(true, () => ({ what: objectName(resource, 'default', name), who }), atMs);
    }
    tally.looked = Math.max(this.#looked, tally.count);
    return new Map([
      [practice.id, tally.judgement(tally.looked === 0 ? 'no change of workloads or services is in this log' : undefined)],
    ]);
  }
}
