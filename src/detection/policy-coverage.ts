import type { FieldSpec } from '../core/extracts.ts';
import { type AuditLevel, auditLevels } from './audit-policy.ts';
import { nameOf } from './request-space.ts';
import type { Rule } from './rule.ts';
import { otherName, type PolicyView, RuleView, type Sample } from './rule-view.ts';

/** Why something is hidden: not logged at all, logged without a body, at a stage that is left out; or who asks for it is left out. */
export type HiddenReason = 'none' | 'body' | 'stage';

/** Requests that a rule could find and a policy hides, for one reason. */
export interface Hidden {
  readonly reason: HiddenReason;
  /** Line of the policy rule that decides; 0 where none does. */
  readonly line: number;
  readonly level: AuditLevel;
  /** The least level that would do. */
  readonly needs: AuditLevel;
  /** Stages that are left out and would be needed. */
  readonly stages: readonly string[];
  /** Only for these callers or namespaces; empty: whoever asks. */
  readonly only: readonly string[];
  /** `get pods`, in the order of Kubernetes' resources. */
  readonly requests: readonly string[];
}

/** What a rule sees under a policy. */
export interface Coverage {
  /** `waits`: silent whatever the policy, until a list is filled. `open`: nothing is known that it could be about. */
  readonly state: 'sees' | 'partly' | 'blind' | 'waits' | 'open';
  /** Requests it could find if all were logged, and those of them that are hidden from it whoever asks. */
  readonly requests: number;
  readonly hidden: number;
  readonly why: readonly Hidden[];
  /** The highest level that some clause of it still asks for where its requests are logged lower. */
  readonly clausesNeed: AuditLevel | undefined;
}

class Coverer {
  readonly #own: RuleView;
  #clausesNeed: AuditLevel | undefined;

  constructor(own: RuleView) {
    this.#own = own;
  }

  /** Whether a sample is seen; where it is, what its clauses would need besides. */
  #isSeen(sample: Sample): boolean {
    const { rule } = sample;
    if (!rule || !this.#own.sees(sample, rule.level, rule.omitStages)) return false;
    for (const { members } of this.#own.blindClauses(this.#own.known(sample), rule.level)) {
      const needs = members.includes('requestObject') ? 'Request' : 'RequestResponse';
      if (this.#clausesNeed !== 'RequestResponse') this.#clausesNeed = needs;
    }
    return true;
  }

  #whyHidden(sample: Sample): Omit<Hidden, 'only' | 'requests'> {
    const { rule } = sample;
    const level = rule?.level ?? 'None';
    const omitted = rule?.omitStages ?? [];
    const needs = this.#own.leastLevel(sample);
    const line = rule?.location.line ?? 0;
    if (level === 'None') return { reason: 'none', line, level, needs, stages: [] };
    if (auditLevels.indexOf(needs) > auditLevels.indexOf(level)) return { reason: 'body', line, level, needs, stages: [] };
    const stages = omitted.filter((stage) =>
      this.#own.sees(
        sample,
        'RequestResponse',
        allStages.filter((other) => other !== stage),
      ),
    );
    return { reason: 'stage', line, level, needs, stages };
  }

  coverage(): Coverage {
    const none = { requests: 0, hidden: 0, why: [], clausesNeed: undefined };
    if (this.#own.rule.waitsFor) return { state: 'waits', ...none };
    const groups = new HiddenGroups();
    let [requests, hidden, seen] = [0, 0, 0];
    for (const target of this.#own.targets()) {
      const samples = this.#own.samples(target);
      if (samples.length === 0) continue;
      requests++;
      const dark = samples.filter((sample) => !this.#isSeen(sample));
      if (dark.length < samples.length) seen++;
      else hidden++;
      for (const sample of dark)
        groups.add(this.#whyHidden(sample), nameOf(target), dark.length === samples.length ? undefined : aboutOf(sample));
    }
    if (requests === 0) return { state: 'open', ...none };
    const state = hidden === 0 ? 'sees' : seen === 0 ? 'blind' : 'partly';
    return { state, requests, hidden, why: groups.list(), clausesNeed: this.#clausesNeed };
  }
}

const allStages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'];

function aboutOf({ scope, name }: Sample): string {
  return name === otherName ? scope.about : `${scope.about}, named ${name}`;
}

/** Hidden requests with the same reason become one entry. */
class HiddenGroups {
  readonly #groups = new Map<string, { why: Omit<Hidden, 'only' | 'requests'>; only: Set<string>; requests: Set<string> }>();

  add(why: Omit<Hidden, 'only' | 'requests'>, request: string, only: string | undefined): void {
    const key = JSON.stringify([why, only === undefined]);
    const group = this.#groups.get(key) ?? { why, only: new Set(), requests: new Set() };
    group.requests.add(request);
    if (only !== undefined) group.only.add(only);
    this.#groups.set(key, group);
  }

  list(): readonly Hidden[] {
    return [...this.#groups.values()].map(({ why, only, requests }) => ({ ...why, only: [...only], requests: [...requests] }));
  }
}

/** What a rule can find of what a policy logs. Pure. */
export function coverageOf(rule: Rule, fields: readonly FieldSpec[], view: PolicyView): Coverage {
  return new Coverer(new RuleView(rule, fields, view)).coverage();
}
