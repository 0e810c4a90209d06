import { type Finding, type Severity, severities } from '../core/finding.ts';
import { isHumanUser } from '../core/human-user.ts';
import type { LogPosition } from '../core/log.ts';
import type { Review, ReviewState } from '../core/review.ts';

/** A finding as the view keeps it: what filters ask for, and the rest as text, a third of what objects would take. */
export interface FindingRow {
  readonly id: string;
  readonly timeMs: number;
  /** Index into `severities`. */
  readonly severity: number;
  readonly rule: string;
  readonly ruleName: string;
  readonly tags: readonly string[];
  readonly user: string | undefined;
  readonly namespace: string | undefined;
  readonly isHuman: boolean;
  /** What a search looks through, in lower case. */
  readonly words: string;
  /** JSON of the rule, shared by all its findings, and of everything else. */
  readonly ruleText: string;
  readonly restText: string;
  /** Where its last revisions stand in the log: the beginning of the batch. */
  readonly places: readonly LogPosition[];
  readonly reviews: readonly Review[];
  /** Number of the last change. */
  readonly change: number;
}

/** A filter on findings; all that is given must hold. */
export interface FindingFilter {
  readonly sinceMs?: number;
  readonly untilMs?: number;
  readonly severity?: Severity;
  readonly state?: ReviewState;
  readonly rule?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly tag?: string;
  readonly humans?: boolean;
  readonly text?: string;
}

/** What of a finding's row comes from the finding. */
export function columnsOf({ rule, ...rest }: Finding, shared: (text: string) => string) {
  const { event, origin } = rest;
  const { user, namespace, resource, name, sourceIPs, intent } = event;
  const words = [rule.name, rule.id, user, origin?.user, namespace, resource, name, ...sourceIPs, intent];
  return {
    id: rest.id,
    timeMs: Date.parse(rest.time) || 0,
    severity: severities.indexOf(rule.severity),
    rule: shared(rule.id),
    ruleName: shared(rule.name),
    tags: rule.tags,
    user: user === undefined ? undefined : shared(user),
    namespace: namespace === undefined ? undefined : shared(namespace),
    isHuman: isHumanUser(user),
    words: words
      .filter((word) => word !== undefined)
      .join('\n')
      .toLowerCase(),
    ruleText: shared(JSON.stringify(rule)),
    restText: JSON.stringify(rest),
  };
}

/** The finding itself. */
export function findingOf({ ruleText, restText }: FindingRow): Finding {
  return JSON.parse(`{"rule":${ruleText},${restText.slice(1)}`) as Finding;
}

const states: Readonly<Record<Review['action'], ReviewState>> = { acknowledge: 'acknowledged', close: 'closed', reopen: 'open' };

export function stateOf({ reviews }: Pick<FindingRow, 'reviews'>): ReviewState {
  const last = reviews.at(-1);
  return last === undefined ? 'open' : states[last.action];
}

/** A function that tells whether a row is meant. `severity` is the least. */
export function rowFilter(filter: FindingFilter): (row: FindingRow) => boolean {
  const { sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY, state, rule, user, namespace, tag } = filter;
  const least = filter.severity === undefined ? 0 : severities.indexOf(filter.severity);
  const humans = filter.humans === true;
  const text = filter.text?.toLowerCase();
  return (row) =>
    row.severity >= least &&
    row.timeMs >= sinceMs &&
    row.timeMs < untilMs &&
    (!humans || row.isHuman) &&
    (user === undefined || row.user === user) &&
    (namespace === undefined || row.namespace === namespace) &&
    (rule === undefined || row.rule === rule || row.ruleName === rule) &&
    (tag === undefined || row.tags.includes(tag)) &&
    (state === undefined || stateOf(row) === state) &&
    (text === undefined || row.words.includes(text));
}
