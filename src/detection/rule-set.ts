import type { FieldSpec, Matcher } from '../core/extracts.ts';
import type { RuleInfo } from '../core/finding.ts';
import type { MaskedRecord } from '../core/record.ts';
import type { CorrelationRule, Rule } from './rule.ts';

/** A stateless rule that is loaded. Its number is its index in `RuleSet.rules`. */
export interface LoadedRule {
  readonly rule: Rule;
  /** Fields whose masked values a finding shows. */
  readonly evidence: readonly FieldSpec[];
  /** Matches only feed correlations and make no finding of their own. */
  readonly silent: boolean;
}

/** A correlation that is loaded. Its number is its index in `RuleSet.correlations`. */
export interface LoadedCorrelation {
  readonly rule: CorrelationRule;
  /** Ids of the rules it is made of, in the order written. */
  readonly ruleIds: readonly string[];
  /** Per position in `ruleIds`, the fields of the group, to show their masked values. */
  readonly groups: readonly (readonly FieldSpec[])[];
}

/** Everything rules compile to. */
export interface RuleSet {
  readonly rules: readonly LoadedRule[];
  readonly correlations: readonly LoadedCorrelation[];
  readonly matcher: Matcher;
  /** Rules that can report, stateless ones first, for lists. */
  readonly infos: readonly RuleInfo[];
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
