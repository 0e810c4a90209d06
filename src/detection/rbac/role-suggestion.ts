import { postureEventOf } from '../posture/posture-event.ts';
import { type ComparedGrant, compareGrants } from './compare-grants.ts';
import { Grants, type RbacSubject } from './grants.ts';
import { type RbacObject, roleObjects } from './role-objects.ts';
import { suggestRules } from './suggest-rules.ts';
import { type Principal, Usage } from './usage.ts';

export interface MadeRole {
  /** RFC 3339, event time of the log's first and last event; '' where there was none. */
  readonly from: string;
  readonly to: string;
  /** Requests of the principal, and those of them that were refused. */
  readonly seen: number;
  readonly refused: number;
  /** Requests that were not kept because there were too many kinds. */
  readonly dropped: number;
  readonly granted: readonly ComparedGrant[];
  /** Empty where nothing was used. */
  readonly objects: readonly RbacObject[];
}

/** The role of one principal, from masked events. Pure; memory is bounded. */
export class RoleSuggestion {
  readonly #principal: Principal;
  readonly #usage: Usage;
  readonly #grants = new Grants();
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(principal: Principal) {
    this.#principal = principal;
    this.#usage = new Usage(principal);
  }

  /** @param json the parsed bytes of a masked record; undefined for a stub */
  observe(json: unknown, timeMs: number): void {
    const event = postureEventOf(json, timeMs);
    if (!event) return;
    this.#firstMs = Math.min(this.#firstMs, timeMs);
    this.#lastMs = Math.max(this.#lastMs, timeMs);
    this.#usage.observe(event);
    this.#grants.observe(event);
  }

  make(subject: RbacSubject, options: { readonly name: string; readonly maxNames: number }): MadeRole {
    const usage = this.#usage;
    const time = (ms: number): string => (Number.isFinite(ms) ? new Date(ms).toISOString() : '');
    return {
      from: time(this.#firstMs),
      to: time(this.#lastMs),
      seen: usage.seen,
      refused: usage.refused,
      dropped: usage.dropped,
      granted: compareGrants(this.#grants, this.#principal, usage),
      objects: roleObjects(options.name, subject, suggestRules(usage.requests, options)),
    };
  }
}
