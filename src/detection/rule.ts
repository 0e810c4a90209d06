import type { Location } from '../core/faults.ts';
import type { FindingOutput, RuleInfo } from '../core/finding.ts';
import type { Condition, ValueSource } from './condition.ts';

export const profiles = ['default', 'paranoid', 'hunting'] as const;
export type Profile = (typeof profiles)[number];

/** An example of a stateless rule: an event that must or must not match. */
export interface EventExample {
  readonly name: string;
  readonly match: boolean;
  readonly event: unknown;
}

/** An example of a correlation: events in order of arrival, seconds after a start, and the number of episodes they make. */
export interface StreamExample {
  readonly name: string;
  readonly findings: number;
  readonly events: readonly { readonly at: number; readonly event: unknown }[];
}

interface RuleBase {
  readonly info: RuleInfo;
  /** What correlations may call it besides its id. */
  readonly alias: string | undefined;
  readonly description: string;
  readonly falsePositives: readonly string[];
  readonly references: readonly string[];
  /** Profiles the rule belongs to; empty means all. */
  readonly profiles: readonly Profile[];
  readonly location: Location;
}

/** A stateless rule of any language. */
export interface Rule extends RuleBase {
  readonly condition: Condition;
  /** Field names the condition reads, each once. */
  readonly fields: readonly string[];
  readonly tests: readonly EventExample[];
  /** The message of a match, where the language has one; given the JSON of a masked event. */
  readonly output?: (maskedEvent: string) => FindingOutput;
}

export type CorrelationType = 'event_count' | 'value_count' | 'temporal' | 'temporal_ordered';

/** A field of `group-by`: per rule position, because an alias may name another field for each rule. */
export interface GroupField {
  readonly name: string;
  /** Field name and where its values come from, by position in `CorrelationRule.rules`. */
  readonly fields: readonly string[];
  readonly sources: readonly (readonly ValueSource[])[];
}

/** A stateful rule over matches of other rules. */
export interface CorrelationRule extends RuleBase {
  readonly type: CorrelationType;
  /** Ids or names of the rules, as written. */
  readonly rules: readonly string[];
  readonly groupBy: readonly GroupField[];
  readonly windowUs: number;
  /** Fires from this many on. */
  readonly atLeast: number;
  /** Conditions that hold only for the final number of an episode; they make the rule fire when it closes. */
  readonly limits: readonly { readonly operator: 'lt' | 'lte' | 'eq' | 'neq'; readonly value: number }[];
  /** The counted field of `value_count`. */
  readonly counted: { readonly name: string; readonly sources: readonly ValueSource[] } | undefined;
  /** Whether the rules it is made of report on their own as well. */
  readonly generate: boolean;
  readonly tests: readonly StreamExample[];
}
