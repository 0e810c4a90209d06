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
  /** Lists the rule needs and nobody has filled: until then it matches nothing. */
  readonly waitsFor?: readonly string[];
  /** The message of a match, where the language has one; given the JSON of a masked event. */
  readonly output?: (maskedEvent: string) => FindingOutput;
}

/** Types of Sigma, and three of our own whose names say so. */
export const correlationTypes = [
  'event_count',
  'value_count',
  'value_sum',
  'value_avg',
  'value_median',
  'value_percentile',
  'temporal',
  'temporal_ordered',
  'x-first-seen',
  'x-absence',
  'x-origin',
] as const;
export type CorrelationType = (typeof correlationTypes)[number];

/** A number that is asked for. */
export interface Bound {
  readonly operator: 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq';
  readonly value: number;
}

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
  /** Ids or names of the rules or correlations, as written. */
  readonly rules: readonly string[];
  readonly groupBy: readonly GroupField[];
  readonly windowUs: number;
  /** Fires from this many on: of events, values or rules. */
  readonly atLeast: number;
  /** Asked of the largest number of an episode; they make the rule fire when it closes. */
  readonly limits: readonly Bound[];
  /** Asked of every window: of the sum, mean, median or percentile of a field. */
  readonly bounds: readonly Bound[];
  /** Of `value_percentile`: which one; undefined: the share of the event's value among all, in percent. */
  readonly percentile: number | undefined;
  /** Fields whose values are counted, added up or new; of `x-origin` the owner. By rule position like `groupBy`. */
  readonly counted: readonly GroupField[];
  /** Of `x-first-seen`: nothing is new for so long after the first event. */
  readonly learnUs: number;
  /** Whether the rules it is made of report on their own as well. */
  readonly generate: boolean;
  readonly tests: readonly StreamExample[];
}
