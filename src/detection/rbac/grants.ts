import { listOf, memberAt, memberOf, textOf } from '../../core/json-members.ts';
import { limits } from '../../core/limits.ts';
import { Ledger } from '../posture/ledger.ts';
import { isDone, objectsIn, type PostureEvent, type SeenObject } from '../posture/posture-event.ts';
import { type RbacRequest, type RbacRule, rbacRequestOf, rulesIn } from './rbac-rule.ts';

export interface RbacSubject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** A RoleBinding or ClusterRoleBinding as far as a log shows it. Masked texts. */
export interface Grant {
  readonly kind: 'ClusterRoleBinding' | 'RoleBinding';
  /** '' of a ClusterRoleBinding. */
  readonly namespace: string;
  readonly name: string;
  readonly roleKind: string;
  readonly roleName: string;
  /** Undefined where its body was not seen. */
  readonly subjects: readonly RbacSubject[] | undefined;
  /** Requests that the API server says it allowed because of it. */
  readonly uses: number;
  readonly lastUsedMs: number | undefined;
  /** When it was last written; undefined where it was only listed or named. */
  readonly writtenMs: number | undefined;
  readonly who: string;
  /** Distinct requests it allowed, names left out; `limits.grantRequests` at most. */
  readonly requests: ReadonlyMap<string, RbacRequest>;
}

export interface GrantedRole {
  readonly rules: readonly RbacRule[];
  readonly writtenMs: number | undefined;
  readonly who: string;
}

/** Names the binding a request was allowed by, as the RBAC authorizer of Kubernetes writes it. */
const reasonText = /^RBAC: allowed by (ClusterRoleBinding|RoleBinding) "([^"]{1,512})" of (ClusterRole|Role) "([^"]{1,512})" to /;

export interface AllowedBy {
  readonly kind: Grant['kind'];
  readonly namespace: string;
  readonly name: string;
  readonly roleKind: string;
  readonly roleName: string;
}

export function allowedBy({ annotations }: PostureEvent): AllowedBy | undefined {
  const found = reasonText.exec(textOf(annotations['authorization.k8s.io/reason']) ?? '');
  if (!found) return undefined;
  const [, kind, place = '', roleKind = '', roleName = ''] = found;
  if (kind === 'ClusterRoleBinding') return { kind, namespace: '', name: place, roleKind, roleName };
  const slash = place.lastIndexOf('/');
  return { kind: 'RoleBinding', namespace: place.slice(slash + 1), name: place.slice(0, Math.max(0, slash)), roleKind, roleName };
}

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;
const rbacGroup = 'rbac.authorization.k8s.io';

/** Bindings and roles that a log shows, and what each binding was used for. Pure; memory is bounded. */
export class Grants {
  readonly #bindings = new Ledger<Grant>(limits.postureObjects);
  readonly #roles = new Ledger<GrantedRole>(limits.postureObjects);

  get givenUp(): number {
    return this.#bindings.givenUp + this.#roles.givenUp;
  }

  observe(event: PostureEvent): void {
    if (event.stage !== 'RequestReceived' && event.stage !== 'ResponseStarted') this.#used(event);
    if (event.group !== rbacGroup || event.subresource !== '' || !isDone(event)) return;
    if (event.resource.endsWith('bindings')) this.#changed(event, this.#bindings, (seen) => this.#bound(event, seen));
    else if (event.resource.endsWith('roles')) this.#changed(event, this.#roles, (seen) => this.#ruled(event, seen));
  }

  /** Stalest first. */
  *bindings(): Generator<Grant, void, undefined> {
    for (const [, grant] of this.#bindings) yield grant;
  }

  /** Roles whose rules were seen, with their namespace ('' of a ClusterRole) and name. */
  *roles(): Generator<readonly [namespace: string, name: string, role: GrantedRole], void, undefined> {
    for (const [key, role] of this.#roles) {
      const slash = key.indexOf('/');
      yield [key.slice(0, slash), key.slice(slash + 1), role];
    }
  }

  /** The rules a binding gives; undefined where they were not seen. */
  rulesOf({
    roleKind,
    roleName,
    namespace,
  }: Pick<Grant, 'roleKind' | 'roleName' | 'namespace'>): readonly RbacRule[] | undefined {
    return this.#roles.get(keyOf(roleKind === 'ClusterRole' ? '' : namespace, roleName))?.rules;
  }

  #changed(event: PostureEvent, ledger: Ledger<Grant> | Ledger<GrantedRole>, keep: (seen: SeenObject) => void): void {
    const { verb, namespace, name } = event;
    if (verb === 'delete') ledger.delete(keyOf(namespace, name));
    else if (verb === 'deletecollection') ledger.deleteAll(`${namespace}/`);
    else for (const seen of objectsIn(event)) if (seen.name !== '') keep(seen);
  }

  #bound(event: PostureEvent, { namespace, name, object, isWhole }: SeenObject): void {
    const before = this.#bindings.get(keyOf(namespace, name));
    const subjects = memberOf(object, 'subjects');
    const text = (member: string): string => textOf(memberAt(object, 'roleRef', member)) ?? '';
    this.#bindings.set(keyOf(namespace, name), {
      ...(before ?? unused),
      kind: namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding',
      namespace,
      name,
      roleKind: text('kind') || (before?.roleKind ?? ''),
      roleName: text('name') || (before?.roleName ?? ''),
      subjects: Array.isArray(subjects) ? listOf(subjects).map(subjectOf) : isWhole ? [] : before?.subjects,
      ...writtenBy(event, before),
    });
  }

  #ruled(event: PostureEvent, { namespace, name, object, isWhole }: SeenObject): void {
    const before = this.#roles.get(keyOf(namespace, name));
    // A patch replaces the list of rules as a whole, or does not name it.
    const rules = Array.isArray(memberOf(object, 'rules')) || isWhole ? rulesIn(object) : before?.rules;
    if (rules) this.#roles.set(keyOf(namespace, name), { rules, ...writtenBy(event, before) });
  }

  #used(event: PostureEvent): void {
    const by = allowedBy(event);
    if (!by) return;
    const before = this.#bindings.get(keyOf(by.namespace, by.name)) ?? { ...unused, ...by };
    const request = { ...rbacRequestOf(event), name: '' };
    const key = `${request.verb} ${request.group} ${request.resource}${request.path}`;
    let requests = before.requests;
    if (!requests.has(key) && requests.size < limits.grantRequests) requests = new Map([...requests, [key, request]]);
    this.#bindings.set(keyOf(by.namespace, by.name), {
      ...before,
      // What the reason says is what is bound now.
      ...by,
      uses: before.uses + 1,
      lastUsedMs: Math.max(before.lastUsedMs ?? 0, event.timeMs),
      requests,
    });
  }
}

const unused = {
  subjects: undefined,
  uses: 0,
  lastUsedMs: undefined,
  writtenMs: undefined,
  who: '',
  requests: new Map<string, RbacRequest>(),
};

function writtenBy(
  { verb, timeMs, user }: PostureEvent,
  before: { readonly writtenMs: number | undefined; readonly who: string } | undefined,
): { readonly writtenMs: number | undefined; readonly who: string } {
  if (verb === 'list' || verb === 'get') return { writtenMs: before?.writtenMs, who: before?.who ?? '' };
  return { writtenMs: timeMs, who: user };
}

function subjectOf(subject: unknown): RbacSubject {
  const text = (member: string): string => textOf(memberOf(subject, member)) ?? '';
  return { kind: text('kind'), name: text('name'), namespace: text('namespace') };
}
