import type { RuleSet } from '../rule-set.ts';
import { ApiCheck } from './api-check.ts';
import { AuditCheck } from './audit-check.ts';
import { ByHandCheck } from './by-hand-check.ts';
import { DebugCheck } from './debug-check.ts';
import { DefaultNamespaceCheck } from './default-namespace-check.ts';
import { NamespaceCheck } from './namespace-check.ts';
import { postureEventOf } from './posture-event.ts';
import { type PostureCheck, type PracticeReport, statusOf } from './practice.ts';
import { RbacCheck } from './rbac-check.ts';
import { VersionCheck } from './version-check.ts';
import { WorkloadCheck } from './workload-check.ts';

export interface PostureOptions {
  /** Rules the audit policy should be enough for; absent: that is not judged. */
  readonly rules?: RuleSet;
  /** Users, as they stand in masked events, whose changes are deliveries. */
  readonly deliveredBy?: readonly string[];
  /** Users, as they stand in masked events, that are no people, besides those whose names say so. */
  readonly machines?: readonly string[];
  /** Nothing is called unused in a log shorter than this; absent: a week. */
  readonly staleAfterMs?: number;
  /** Minor version of the API server; absent: what its own requests say. */
  readonly serverMinor?: number;
}

/** People have weekends, and jobs run once a week. */
const staleAfterMs = 7 * 86_400_000;

export interface PostureReport {
  /** RFC 3339, event time; absent where there was no event. */
  readonly from?: string;
  readonly to?: string;
  readonly events: number;
  /** What was no audit event, or a stub without content. */
  readonly unread: number;
  /** Entries that were given up because there were too many: counts are lower bounds. */
  readonly givenUp: number;
  readonly serverMinor?: number;
  readonly practices: readonly PracticeReport[];
}

/** Practices users are told to follow, judged from a stream of masked events. Pure; memory is bounded (`limits.postureObjects`). */
export class Posture {
  readonly #versions = new VersionCheck();
  readonly #checks: readonly PostureCheck[];
  readonly #options: PostureOptions;
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;
  #events = 0;
  #unread = 0;

  constructor(options: PostureOptions = {}) {
    this.#options = options;
    this.#checks = [
      new ByHandCheck(options),
      new WorkloadCheck(),
      new DebugCheck(),
      new DefaultNamespaceCheck(),
      new NamespaceCheck(),
      new RbacCheck(options.staleAfterMs ?? staleAfterMs),
      this.#versions,
      new ApiCheck(),
      new AuditCheck(options.rules),
    ];
  }

  /** @param json the parsed bytes of a masked record; undefined for a stub */
  observe(json: unknown, timeMs: number): void {
    this.#events++;
    const event = postureEventOf(json, timeMs);
    if (!event) {
      this.#unread++;
      return;
    }
    this.#firstMs = Math.min(this.#firstMs, timeMs);
    this.#lastMs = Math.max(this.#lastMs, timeMs);
    for (const check of this.#checks) check.observe(event);
  }

  report(): PostureReport {
    const serverMinor = this.#options.serverMinor ?? this.#versions.serverMinor;
    const known = serverMinor === undefined ? {} : { serverMinor };
    const [firstMs, lastMs] = [this.#firstMs, this.#lastMs];
    const practices = this.#checks.flatMap((check) => {
      const judged = check.judge({ firstMs, lastMs, ...known });
      return check.practices.flatMap((practice): readonly PracticeReport[] => {
        const judgement = judged.get(practice.id);
        return judgement ? [{ ...practice, status: statusOf(judgement), ...judgement }] : [];
      });
    });
    const time = (ms: number): string => new Date(ms).toISOString();
    return {
      ...(Number.isFinite(firstMs) ? { from: time(firstMs), to: time(lastMs) } : {}),
      events: this.#events,
      unread: this.#unread,
      givenUp: this.#checks.reduce((sum, check) => sum + check.givenUp, 0),
      ...known,
      practices,
    };
  }

  /** Every practice, for lists and pages. */
  static practices(): PostureCheck['practices'] {
    return new Posture().#checks.flatMap((check) => check.practices);
  }
}
