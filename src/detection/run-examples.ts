import type { Extracts, FieldSpec, MatchSink } from '../core/extracts.ts';
import type { StateKey } from '../core/record.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import { extractsOf } from './extracts-of.ts';
import type { CorrelationInput, RuleSet } from './rule-set.ts';

/** How one example of a rule came out. */
export interface ExampleResult {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly file: string;
  readonly example: string;
  readonly passed: boolean;
  /** What was expected and what happened, without event data. */
  readonly why: string;
}

/** Episodes a stream of matches makes; given by the caller, because correlation lies above this folder. */
export type CountEpisodes = (set: RuleSet, correlation: number, records: readonly CorrelationInput[]) => number;

export interface ExampleOptions {
  /** How events are scanned. Default: the slow way, on plain data. */
  readonly extract?: (event: unknown, fields: readonly FieldSpec[]) => Extracts;
  readonly countEpisodes: CountEpisodes;
}

/** Examples of correlations start here when they have no time of their own. */
const startUs = Date.UTC(2026, 0, 1) * 1000;
/** 32 hex digits, as the keys of records are; states take parts of them for the whole. */
const hashed = (bytes: Uint8Array): string => sha256Hex(Buffer.from(bytes).toString('hex')).slice(0, 32);

/** What the matcher says of one event. */
export function matchEvent(
  set: RuleSet,
  event: unknown,
  extract: NonNullable<ExampleOptions['extract']> = extractsOf,
): { readonly rules: readonly number[]; readonly stateKeys: readonly StateKey[] } {
  const rules: number[] = [];
  const stateKeys: StateKey[] = [];
  const sink: MatchSink = {
    rule: (rule) => rules.push(rule),
    stateKey: (correlation, group, value) => {
      const part = value === undefined ? {} : { value: typeof value === 'number' ? value : hashed(value) };
      stateKeys.push({ correlation, group: hashed(group), ...part });
    },
  };
  set.matcher.match(extract(event, set.matcher.fields), sink);
  return { rules, stateKeys };
}

function inputOf(
  set: RuleSet,
  event: unknown,
  atSeconds: number,
  number: number,
  extract: ExampleOptions['extract'],
): CorrelationInput {
  const digest = number.toString(16).padStart(32, '0');
  return {
    digest,
    eventTimeUs: startUs + atSeconds * 1e6,
    plan: undefined,
    stateKeys: matchEvent(set, event, extract).stateKeys,
  };
}

/** Runs every example of every rule of the set. Nothing of the events appears in the results. */
export function runExamples(set: RuleSet, options: ExampleOptions): readonly ExampleResult[] {
  const results: ExampleResult[] = [];
  for (const [number, { rule }] of set.rules.entries()) {
    for (const { name, match, event } of rule.tests) {
      const matched = matchEvent(set, event, options.extract).rules.includes(number);
      const why = match ? 'should match and does not' : 'should not match but does';
      results.push(result(rule, name, matched === match, why));
    }
  }
  for (const [number, { rule }] of set.correlations.entries()) {
    for (const { name, findings, events } of rule.tests) {
      const records = events.map(({ at, event }, i) => inputOf(set, event, at, i, options.extract));
      const found = options.countEpisodes(set, number, records);
      results.push(result(rule, name, found === findings, `should give ${findings} findings and gives ${found}`));
    }
  }
  return results;
}

function result(
  rule: { readonly info: { readonly id: string; readonly name: string }; readonly location: { readonly file: string } },
  example: string,
  passed: boolean,
  why: string,
): ExampleResult {
  return { ruleId: rule.info.id, ruleName: rule.info.name, file: rule.location.file, example, passed, why: passed ? '' : why };
}
