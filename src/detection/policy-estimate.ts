import { type AuditLevel, type AuditPolicy, auditLevels, decidingRule } from './audit-policy.ts';
import { groupsOf, missingAt } from './request-space.ts';

/** What of a sample would be logged under a policy. */
export interface PolicyEstimate {
  readonly events: number;
  readonly bytes: number;
  readonly loggedEvents: number;
  readonly loggedBytes: number;
  /** Events whose bodies the policy would log and the sample does not have: the estimate is too low by them. */
  readonly withoutBodies: number;
  /** From the first event to the last, ms. */
  readonly spanMs: number;
}

interface SampleEvent {
  readonly level?: unknown;
  readonly stage?: unknown;
  readonly verb?: unknown;
  readonly requestURI?: unknown;
  readonly requestReceivedTimestamp?: unknown;
  readonly stageTimestamp?: unknown;
  readonly user?: { readonly username?: unknown; readonly groups?: unknown };
  readonly objectRef?: Readonly<Record<string, unknown>>;
  readonly requestObject?: unknown;
  readonly responseObject?: unknown;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Adds up what events of a sample would take under a policy. */
export class PolicyEstimator {
  readonly #policy: AuditPolicy;
  readonly #sum = { events: 0, bytes: 0, loggedEvents: 0, loggedBytes: 0, withoutBodies: 0 };
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(policy: AuditPolicy) {
    this.#policy = policy;
  }

  /** An event as plain data, and its size as it is written. */
  add(data: unknown, bytes: number): void {
    if (typeof data !== 'object' || data === null) return;
    const event = data as SampleEvent;
    this.#sum.events++;
    this.#sum.bytes += bytes;
    const timeMs = Date.parse(text(event.stageTimestamp) || text(event.requestReceivedTimestamp));
    if (!Number.isNaN(timeMs)) {
      this.#firstMs = Math.min(this.#firstMs, timeMs);
      this.#lastMs = Math.max(this.#lastMs, timeMs);
    }
    const rule = this.#ruleFor(event);
    if (!rule || rule.level === 'None' || rule.omitStages.includes(text(event.stage))) return;
    this.#sum.loggedEvents++;
    const missing = missingAt[rule.level];
    const gone = (['requestObject', 'responseObject'] as const).filter(
      (name) => missing.includes(name) && event[name] !== undefined,
    );
    this.#sum.loggedBytes += bytes - gone.reduce((sum, name) => sum + sizeOf(name, event[name]), 0);
    const own = auditLevels.indexOf(event.level as AuditLevel);
    const reads = ['get', 'list', 'watch'].includes(text(event.verb));
    if (own >= 0 && own < auditLevels.indexOf(rule.level) && (rule.level === 'RequestResponse' || !reads))
      this.#sum.withoutBodies++;
  }

  #ruleFor({ verb, requestURI, user, objectRef }: SampleEvent) {
    const username = text(user?.username);
    const groups = Array.isArray(user?.groups) ? user.groups.map(text) : groupsOf(username);
    return decidingRule(this.#policy, {
      verb: text(verb),
      resource: objectRef === undefined ? undefined : text(objectRef['resource']),
      subresource: text(objectRef?.['subresource']),
      group: text(objectRef?.['apiGroup']),
      namespace: text(objectRef?.['namespace']),
      name: text(objectRef?.['name']),
      path: text(requestURI).split('?')[0] ?? '',
      caller: { username: username === '' ? undefined : username, groups },
    });
  }

  estimate(): PolicyEstimate {
    return { ...this.#sum, spanMs: this.#lastMs > this.#firstMs ? this.#lastMs - this.#firstMs : 0 };
  }
}

/** Bytes of a member with its name and the comma. */
function sizeOf(name: string, value: unknown): number {
  return JSON.stringify(value).length + name.length + 4;
}
