import type { FieldSpec, Matcher } from '../core/extracts.ts';
import type { RuleInfo } from '../core/finding.ts';
import type { MaskedRecord } from '../core/record.ts';
import type { RuleException } from './exceptions.ts';
import type { CorrelationRule, Rule } from './rule.ts';

/** A stateless rule that is loaded. Its number is its index in `RuleSet.rules`. */
export interface LoadedRule {
  readonly rule: Rule;
  /** Fields whose masked values a finding shows. */
  readonly evidence: readonly FieldSpec[];
  /** Matches only feed correlations and make no finding of their own. */
  readonly silent: boolean;
}

/** Where the episodes of a correlation count for another one. */
export interface CorrelationLink {
  /** Name of the state that carries the other one's group and value. */
  readonly name: string;
  /** Number of the correlation that is built on this one, and the position of this one there. */
  readonly outer: number;
  readonly position: number;
}

/** A correlation that is loaded. Its number is its index in `RuleSet.correlations`. */
export interface LoadedCorrelation {
  readonly rule: CorrelationRule;
  /** Episodes only feed other correlations and make no finding. */
  readonly silent: boolean;
  /** Per position of `rule.rules`, the ids of the rules whose matches it goes back to. */
  readonly leaves: readonly (readonly string[])[];
  /** Fields of the group with their masked values, by position. */
  readonly shown: readonly { readonly name: string; readonly specs: readonly (FieldSpec | undefined)[] }[];
  /** Some member is a correlation. */
  readonly isChained: boolean;
  readonly links: readonly CorrelationLink[];
}

/** Everything rules compile to. */
export interface RuleSet {
  readonly rules: readonly LoadedRule[];
  readonly correlations: readonly LoadedCorrelation[];
  readonly matcher: Matcher;
  /** Names of the states that records carry keys for: ids of correlations, then links between them. */
  readonly stateNames: readonly string[];
  /** Rules that can report, stateless ones first, for lists. */
  readonly infos: readonly RuleInfo[];
  /** Who need not be reported by which rule, and until when. */
  readonly exceptions?: readonly RuleException[];
  /** What loading left to say: rules of other sources that were left out, and the like. */
  readonly notices?: readonly RuleNotice[];
}

export interface RuleNotice {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** What correlation reads of a record. */
export type CorrelationInput = Pick<MaskedRecord, 'digest' | 'eventTimeUs' | 'plan' | 'stateKeys'>;
