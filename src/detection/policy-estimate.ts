import { isJsonObject, memberAt, textOf } from '../core/json-members.ts';
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
  readonly requestReceivedTimestamp?: unknown;
  readonly stageTimestamp?: unknown;
  readonly requestObject?: unknown;
  readonly responseObject?: unknown;
}

const text = (value: unknown): string => textOf(value) ?? '';

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
    const rule = this.#ruleFor(data);
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

  /** The sample is read as it comes: any member may be something else than the API server writes. */
  #ruleFor(event: object) {
    const part = (...path: readonly string[]): string => text(memberAt(event, ...path));
    const username = part('user', 'username');
    const groups = memberAt(event, 'user', 'groups');
    return decidingRule(this.#policy, {
      verb: part('verb'),
      resource: isJsonObject(memberAt(event, 'objectRef')) ? part('objectRef', 'resource') : undefined,
      subresource: part('objectRef', 'subresource'),
      group: part('objectRef', 'apiGroup'),
      namespace: part('objectRef', 'namespace'),
      name: part('objectRef', 'name'),
      path: part('requestURI').split('?')[0] ?? '',
      caller: {
        username: username === '' ? undefined : username,
        groups: Array.isArray(groups) ? groups.map(text) : groupsOf(username),
      },
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
