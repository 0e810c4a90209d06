import { didYouMean } from '../core/closest-word.ts';
import { Fault } from '../core/faults.ts';
import type { CorrelationRule, Rule } from './rule.ts';

/** What a correlation is made of at one position of its `rules`. */
export type CorrelationMember =
  | { readonly type: 'rule'; readonly rule: number }
  | { readonly type: 'correlation'; readonly correlation: number };

/** Which rules and correlations each correlation is made of; numbers are indexes into the lists it was built from. */
export interface CorrelationGraph {
  /** By correlation and position. */
  readonly members: readonly (readonly CorrelationMember[])[];
  /** Rules that a member goes back to, through any number of correlations. */
  leaves(member: CorrelationMember): readonly number[];
}

const code = 'E_RULE_CORRELATION';

class GraphBuilder {
  readonly #rules: readonly Rule[];
  readonly #correlations: readonly CorrelationRule[];
  readonly faults: Fault[] = [];

  constructor(rules: readonly Rule[], correlations: readonly CorrelationRule[]) {
    this.#rules = rules;
    this.#correlations = correlations;
  }

  members(correlation: CorrelationRule): readonly CorrelationMember[] {
    return correlation.rules.flatMap((name): readonly CorrelationMember[] => {
      const named = (rule: Rule | CorrelationRule): boolean => rule.info.id === name || rule.alias === name;
      const rule = this.#rules.findIndex(named);
      if (rule >= 0) return [{ type: 'rule', rule }];
      const number = this.#correlations.findIndex(named);
      if (number >= 0) {
        this.#checkChain(correlation, this.#correlations[number] as CorrelationRule, name);
        return [{ type: 'correlation', correlation: number }];
      }
      const names = [...this.#rules, ...this.#correlations].map(({ alias, info }) => alias ?? info.id);
      this.#fault(correlation, `the rule "${name}" does not exist`, didYouMean(name, names));
      return [];
    });
  }

  /** Only what fires with an event can be an event for another correlation: it gives the time and the group. */
  #checkChain(outer: CorrelationRule, inner: CorrelationRule, name: string): void {
    if (inner.limits.length > 0)
      this.#fault(
        outer,
        `"${name}" has an upper bound and fires when it is over: nothing can be built on it`,
        'Use gt or gte there.',
      );
    if (inner.type === 'x-origin')
      this.#fault(
        outer,
        `"${name}" says who is behind a finding and makes none: nothing can be built on it`,
        'Name the rules it is made of.',
      );
    if (inner.type === 'x-absence')
      this.#fault(outer, `"${name}" fires because nothing happens: nothing can be built on it`, 'Name the rules it is made of.');
  }

  /** A correlation that goes back to itself would never begin. */
  checkCircles(members: readonly (readonly CorrelationMember[])[]): void {
    const state = new Map<number, 'open' | 'done'>();
    const visit = (number: number): void => {
      state.set(number, 'open');
      for (const member of members[number] ?? []) {
        if (member.type === 'rule') continue;
        const seen = state.get(member.correlation);
        if (seen === undefined) visit(member.correlation);
        else if (seen === 'open') {
          const rule = this.#correlations[number] as CorrelationRule;
          this.#fault(rule, 'the correlation goes back to itself', 'Leave one of the names in the circle out.');
        }
      }
      state.set(number, 'done');
    };
    for (const number of members.keys()) if (!state.has(number)) visit(number);
  }

  #fault(rule: CorrelationRule, message: string, remedy: string): void {
    this.faults.push(new Fault(message, { code, remedy, location: rule.location }));
  }
}

/** Resolves the names in `rules` of correlations; faults are those of names, chains and circles. */
export function buildCorrelationGraph(
  rules: readonly Rule[],
  correlations: readonly CorrelationRule[],
): { readonly graph: CorrelationGraph; readonly faults: readonly Fault[] } {
  const builder = new GraphBuilder(rules, correlations);
  const members = correlations.map((correlation) => builder.members(correlation));
  builder.checkCircles(members);
  const leaves = (member: CorrelationMember): readonly number[] => {
    if (member.type === 'rule') return [member.rule];
    return [...new Set((members[member.correlation] ?? []).flatMap(leaves))];
  };
  return { graph: { members, leaves }, faults: builder.faults };
}
