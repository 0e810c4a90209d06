import { textOf } from '../../core/json-members.ts';
import { limits } from '../../core/limits.ts';
import type { PostureEvent } from '../posture/posture-event.ts';
import { allowedBy } from './grants.ts';
import { type RbacRequest, rbacRequestOf } from './rbac-rule.ts';

/** Whose rights are asked about. */
export interface Principal {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  /** As they stand in masked events: the name, or one of its pseudonyms. Of a service account its user name. */
  readonly forms: ReadonlySet<string>;
}

/** A kind of request somebody made. */
export interface UsedRequest {
  readonly verb: string;
  readonly resource: string;
  readonly group: string;
  /** '' where it was about the whole cluster. */
  readonly namespace: string;
  /** Path of a request that is not about a resource. */
  readonly path: string;
  /** Names it was about; more than `limits.suggestedNames` are not kept. */
  readonly names: ReadonlySet<string>;
  readonly hasManyNames: boolean;
}

interface KeptRequest extends UsedRequest {
  readonly names: Set<string>;
  hasManyNames: boolean;
}

/** What one principal asked for and got. Pure; memory is bounded. */
export class Usage {
  readonly #principal: Principal;
  readonly #requests = new Map<string, KeptRequest>();
  readonly #groups = new Set<string>();
  #refused = 0;
  #seen = 0;
  #dropped = 0;

  constructor(principal: Principal) {
    this.#principal = principal;
  }

  /** Requests of the principal, refused ones included. */
  get seen(): number {
    return this.#seen;
  }

  /** Requests that were refused for lack of rights: they are in no suggestion. */
  get refused(): number {
    return this.#refused;
  }

  /** Kinds of requests that were not kept because there were too many. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Groups the principal came with. */
  get groups(): ReadonlySet<string> {
    return this.#groups;
  }

  get requests(): readonly UsedRequest[] {
    return [...this.#requests.values()];
  }

  observe(event: PostureEvent): void {
    // Before the answer nobody knows whether it was allowed; of what lasts, the beginning says so and the end may be missing.
    if (event.stage === 'RequestReceived') return;
    if (this.#isPrincipal(event.impersonator)) this.#impersonates(event);
    if (!this.#isPrincipal(event.user, event.groups)) return;
    const isStart = event.stage === 'ResponseStarted';
    if (!isStart) this.#seen++;
    if (isRefused(event)) {
      if (!isStart) this.#refused++;
      return;
    }
    for (const group of event.groups) if (this.#groups.size < limits.suggestedNames) this.#groups.add(group);
    if (isEverybodys(event)) return;
    const request = rbacRequestOf(event);
    this.#add(request);
    // An object that comes to be by a patch or an update also needs the right to create it.
    const makes = event.code === 201 && (event.verb === 'patch' || event.verb === 'update') && event.subresource === '';
    if (makes) this.#add({ ...request, verb: 'create' });
  }

  #isPrincipal(user: string, groups: readonly string[] = []): boolean {
    const { kind, forms } = this.#principal;
    return kind === 'Group' ? groups.some((group) => forms.has(group)) : user !== '' && forms.has(user);
  }

  #impersonates({ user }: PostureEvent): void {
    const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);
    const [, namespace = '', name = user] = account ?? [];
    const resource = account ? 'serviceaccounts' : 'users';
    this.#add({ verb: 'impersonate', resource, group: '', namespace, name, path: '' });
  }

  #add(request: RbacRequest): void {
    const { name, ...kind } = request;
    const key = JSON.stringify(kind);
    let kept = this.#requests.get(key);
    if (!kept) {
      if (this.#requests.size >= limits.suggestedRequests) {
        this.#dropped++;
        return;
      }
      kept = { ...kind, names: new Set(), hasManyNames: false };
      this.#requests.set(key, kept);
    }
    if (kept.names.size < limits.suggestedNames) kept.names.add(name);
    else if (!kept.names.has(name)) kept.hasManyNames = true;
  }
}

/** Refused by the authorizer. An admission plugin also answers 403, after the authorizer has allowed. */
function isRefused({ annotations, code }: PostureEvent): boolean {
  const decision = textOf(annotations['authorization.k8s.io/decision']);
  return decision === undefined ? code === 401 || code === 403 : decision !== 'allow';
}

/** Bindings that come with Kubernetes and hold for everybody who is logged in. */
const everybodys = new Set([
  'system:discovery',
  'system:basic-user',
  'system:public-info-viewer',
  'system:service-account-issuer-discovery',
]);
const discovery = /^\/(api|apis|openapi|version|healthz|livez|readyz|\.well-known)([/?]|$)/;

function isEverybodys(event: PostureEvent): boolean {
  const by = allowedBy(event);
  if (by) return everybodys.has(by.name);
  return event.resource === '' ? discovery.test(event.uri) : event.verb === 'create' && /^selfsubject/.test(event.resource);
}
