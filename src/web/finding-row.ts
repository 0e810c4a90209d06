import { type Finding, type RuleInfo, type Severity, severities } from '../core/finding.ts';
import { isHumanUser } from '../core/human-user.ts';
import type { LogPosition } from '../core/log.ts';
import type { Review, ReviewState } from '../core/review.ts';

/** A rule as all its findings share it. */
export interface RowRule {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  /** Index into `severities`. */
  readonly severity: number;
  /** JSON of it. */
  readonly text: string;
}

/** A finding as the view keeps it: what filters ask for, and the rest as text, a third of what objects would take. */
export interface FindingRow {
  readonly id: string;
  readonly timeMs: number;
  readonly rule: RowRule;
  readonly user: string | undefined;
  readonly namespace: string | undefined;
  readonly isHuman: boolean;
  /** What a search looks through, in lower case. */
  readonly words: string;
  /** JSON of everything but the rule. */
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

/** Texts and rules that many rows hold are kept once, up to a bound. */
export class Shared {
  readonly #most: number;
  readonly #texts = new Map<string, string>();
  readonly #rules = new Map<string, RowRule>();

  constructor(most: number) {
    this.#most = most;
  }

  text(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size < this.#most) this.#texts.set(text, text);
    return text;
  }

  rule(rule: RuleInfo): RowRule {
    const text = JSON.stringify(rule);
    const known = this.#rules.get(text);
    if (known) return known;
    const { id, name, tags, severity } = rule;
    const made = { id, name, tags, severity: severities.indexOf(severity), text };
    if (this.#rules.size < this.#most) this.#rules.set(text, made);
    return made;
  }
}

/** What of a finding's row comes from the finding. */
export function columnsOf({ rule, ...rest }: Finding, shared: Shared) {
  const { event, origin } = rest;
  const { user, namespace, resource, name, sourceIPs, intent } = event;
  // The rule and the user are looked through by themselves.
  const words = [origin?.user, namespace, resource, name, ...sourceIPs, intent];
  return {
    id: rest.id,
    timeMs: Date.parse(rest.time) || 0,
    rule: shared.rule(rule),
    user: user === undefined ? undefined : shared.text(user),
    namespace: namespace === undefined ? undefined : shared.text(namespace),
    isHuman: isHumanUser(user),
    words: words
      .filter((word) => word !== undefined)
      .join('\n')
      .toLowerCase(),
    restText: JSON.stringify(rest),
  };
}

/** The finding itself. */
export function findingOf({ rule, restText }: FindingRow): Finding {
  return JSON.parse(`{"rule":${rule.text},${restText.slice(1)}`) as Finding;
}

const states: Readonly<Record<Review['action'], ReviewState>> = { acknowledge: 'acknowledged', close: 'closed', reopen: 'open' };

export function stateOf({ reviews }: Pick<FindingRow, 'reviews'>): ReviewState {
  const last = reviews.at(-1);
  return last === undefined ? 'open' : states[last.action];
}

const holds = ({ words, rule, user }: FindingRow, text: string): boolean =>
  words.includes(text) ||
  rule.name.toLowerCase().includes(text) ||
  rule.id.includes(text) ||
  user?.toLowerCase().includes(text) === true;

/** A function that tells whether a row is meant. `severity` is the least. */
export function rowFilter(filter: FindingFilter): (row: FindingRow) => boolean {
  const { sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY, state, rule, user, namespace, tag } = filter;
  const least = filter.severity === undefined ? 0 : severities.indexOf(filter.severity);
  const humans = filter.humans === true;
  const text = filter.text?.toLowerCase();
  return (row) =>
    row.rule.severity >= least &&
    row.timeMs >= sinceMs &&
    row.timeMs < untilMs &&
    (!humans || row.isHuman) &&
    (user === undefined || row.user === user) &&
    (namespace === undefined || row.namespace === namespace) &&
    (rule === undefined || row.rule.id === rule || row.rule.name === rule) &&
    (tag === undefined || row.rule.tags.includes(tag)) &&
    (state === undefined || stateOf(row) === state) &&
    (text === undefined || holds(row, text));
}
