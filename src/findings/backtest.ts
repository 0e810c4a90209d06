import { type Finding, graver, type RuleInfo } from '../core/finding.ts';

/** Principals remembered of one rule; further ones count together. */
const principalLimit = 10_000;
const otherPrincipals = '(others)';

/** What one rule found in a log. Every text in it comes from masked values. */
export interface RuleFindings {
  readonly rule: RuleInfo;
  /** Every finding; an episode counts once. */
  readonly findings: number;
  /** Findings left when repeats are rolled up (`--suppress`). */
  readonly rolledUp: number;
  /** Findings by hour of event time, `2026-05-04T09`, in order. */
  readonly byHour: readonly (readonly [hour: string, count: number])[];
  /** Who is in them, the most frequent first. */
  readonly principals: readonly (readonly [principal: string, count: number])[];
}

interface Tally {
  rule: RuleInfo;
  findings: number;
  rolledUp: number;
  readonly byHour: Map<string, number>;
  readonly principals: Map<string, number>;
}

const add = (counts: Map<string, number>, key: string, by: number): void => void counts.set(key, (counts.get(key) ?? 0) + by);

/** Who a finding is about: the user, else the address of the peer; of an episode without an event of its own its group. */
export function principalOf({ event, episode }: Finding): string {
  const peer = event.sourceIPs.at(-1);
  const group = Object.entries(episode?.group ?? {}).map(([field, value]) => `${field}=${value}`);
  return event.user ?? (peer === undefined ? group.join(' ') || 'unknown' : `~${peer}`);
}

/** Counts findings by rule, hour and principal. */
export class Backtest {
  readonly #rules = new Map<string, Tally>();
  /** Of each episode what its last revision counted, to take back when it is revised or merged away. */
  readonly #episodes = new Map<string, () => void>();

  #tally(rule: RuleInfo): Tally {
    const known = this.#rules.get(rule.id) ?? { rule, findings: 0, rolledUp: 0, byHour: new Map(), principals: new Map() };
    // A built-in rule may speak with two severities: the graver one is shown.
    if (graver(rule.severity, known.rule.severity) < 0) known.rule = rule;
    this.#rules.set(rule.id, known);
    return known;
  }

  /** A finding as it is made, before any roll-up. */
  found(finding: Finding): void {
    const { rule, episode, time } = finding;
    if (episode) {
      this.#episodes.get(episode.id)?.();
      this.#episodes.delete(episode.id);
      if (episode.mergedInto !== undefined) return;
    }
    const tally = this.#tally(rule);
    const hour = (episode?.first ?? time).slice(0, 13);
    const name = principalOf(finding);
    const principal = tally.principals.has(name) || tally.principals.size < principalLimit ? name : otherPrincipals;
    const count = (by: 1 | -1): void => {
      tally.findings += by;
      add(tally.byHour, hour, by);
      add(tally.principals, principal, by);
    };
    count(1);
    if (episode) this.#episodes.set(episode.id, () => count(-1));
  }

  /** A finding that is left after roll-up. */
  shown({ rule, episode }: Finding): void {
    if (episode?.mergedInto === undefined) this.#tally(rule).rolledUp++;
  }

  /** The gravest rules first, then those that found most. */
  rules(): readonly RuleFindings[] {
    const positive = (counts: ReadonlyMap<string, number>) => [...counts].filter(([, count]) => count > 0);
    return [...this.#rules.values()]
      .filter(({ findings }) => findings > 0)
      .map(({ rule, findings, rolledUp, byHour, principals }) => ({
        rule,
        findings,
        rolledUp,
        byHour: positive(byHour).sort(([a], [b]) => (a < b ? -1 : 1)),
        principals: positive(principals).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
      }))
      .sort(
        (a, b) => graver(a.rule.severity, b.rule.severity) || b.findings - a.findings || (a.rule.name < b.rule.name ? -1 : 1),
      );
  }
}
