import type { Extracts, FieldSpec } from '../core/extracts.ts';
import type { Atom, Condition, Transform } from './condition.ts';
import { commandOfUri, generatedFrom, percentDecode, pluralOf } from './event-value.ts';
import { extractsOf } from './extracts-of.ts';
import { createMatcher } from './matcher.ts';
import type { LoadedRule, RuleSet } from './rule-set.ts';

/** Values shown of one clause, and characters of each: a list of a thousand containers is not explained one by one. */
const shownValues = 8;
const shownCharacters = 200;

/** A part of a rule's condition and whether it holds for one event. */
export type ClauseTruth =
  | {
      readonly type: 'clause';
      readonly holds: boolean;
      /** Field name as the rule wrote it. */
      readonly field: string;
      /** What is asked of the field: `equals "list"`, alternatives joined with `or`. */
      readonly asks: string;
      /** Masked values the field has in the event, each once; empty where it has none. */
      readonly values: readonly string[];
    }
  | { readonly type: 'and' | 'or' | 'not'; readonly holds: boolean; readonly items: readonly ClauseTruth[] };

/** Why a rule matched an event, or why not. */
export interface RuleTruth {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly severity: string;
  readonly matched: boolean;
  /** Whether matches only feed correlations. */
  readonly silent: boolean;
  /** Lists the rule needs and nobody has filled: it matches nothing until then. */
  readonly waitsFor?: readonly string[];
  readonly condition: ClauseTruth;
}

export interface ExplainInput {
  readonly set: RuleSet;
  /** The raw event as plain data, or what a scan of it extracted for `set.matcher.fields`. Decides what holds. */
  readonly raw: { readonly event: unknown } | { readonly extracts: Extracts };
  /** The masked event as plain data. The only source of the values shown. */
  readonly masked: unknown;
  /** Only these rules, by id; default: every rule of the set. */
  readonly ruleIds?: ReadonlySet<string>;
}

function partsOf(condition: Condition): readonly Condition[] {
  if (condition.type === 'and' || condition.type === 'or') return [condition, ...condition.items.flatMap(partsOf)];
  return condition.type === 'not' ? [condition, ...partsOf(condition.item)] : [condition];
}

/** Asks the matcher itself about every part, so that an explanation cannot disagree with it. */
function truthOf(parts: readonly Condition[], fields: readonly FieldSpec[], extracts: Extracts): ReadonlySet<Condition> {
  const feeds = parts.map(() => []);
  const held = new Set<Condition>();
  createMatcher({ fields, conditions: parts, feeds, seed: 0 }).match(extracts, {
    rule: (number) => held.add(parts[number] as Condition),
    stateKey: () => undefined,
  });
  return held;
}

function collect(node: unknown, path: readonly string[], at: number, out: Set<string>): void {
  if (out.size >= shownValues || node === null || node === undefined) return;
  if (Array.isArray(node)) {
    for (const item of node) collect(item, path, at, out);
    return;
  }
  const name = path[at];
  if (typeof node !== 'object') {
    if (name === undefined) out.add(String(node));
    return;
  }
  if (name === undefined) return void out.add('{…}');
  for (const [key, value] of Object.entries(node)) if (name === '*' || key === name) collect(value, path, at + 1, out);
}

const transforms: Readonly<Partial<Record<Transform, (text: string) => string>>> = {
  command: commandOfUri,
  percent: percentDecode,
  plural: pluralOf,
  generatedFrom,
};

function cut(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

function valuesOf(atom: Atom, fields: readonly FieldSpec[], masked: unknown): readonly string[] {
  const all = new Set<string>();
  for (const { field, transform } of atom.sources) {
    const found = new Set<string>();
    for (const path of fields[field]?.paths ?? []) collect(masked, path, 0, found);
    for (const text of found) all.add(cut((transforms[transform] ?? String)(text)));
  }
  return [...all].slice(0, shownValues);
}

function asksOf(atom: Atom): string {
  const asked = atom.tests.map((test) => test.about).join(' or ');
  return atom.quantifier === 'any' ? asked : `${atom.quantifier === 'none' ? 'no value' : 'every value'} ${asked}`;
}

/**
 * The truth of every clause of rules for one event, with the masked values that were compared. Pure. What holds is
 * decided on the raw event by the matcher; what is shown comes from the rule and from the masked event only. Rules come in
 * the order of the set.
 */
export function explainRules(input: ExplainInput): readonly RuleTruth[] {
  const { set, raw, masked, ruleIds } = input;
  const { fields } = set.matcher;
  const extracts = 'extracts' in raw ? raw.extracts : extractsOf(raw.event, fields);
  const chosen = set.rules.filter(({ rule }) => ruleIds?.has(rule.info.id) ?? true);
  const held = truthOf(
    chosen.flatMap(({ rule }) => partsOf(rule.condition)),
    fields,
    extracts,
  );
  const clause = (condition: Condition): ClauseTruth => {
    const holds = held.has(condition);
    if (condition.type === 'atom') {
      const values = valuesOf(condition, fields, masked);
      return { type: 'clause', holds, field: condition.name, asks: asksOf(condition), values };
    }
    const items = condition.type === 'not' ? [condition.item] : condition.items;
    return { type: condition.type, holds, items: items.map(clause) };
  };
  return chosen.map(({ rule, silent }: LoadedRule) => ({
    ruleId: rule.info.id,
    ruleName: rule.info.name,
    severity: rule.info.severity,
    matched: held.has(rule.condition),
    silent,
    ...(rule.waitsFor && { waitsFor: rule.waitsFor }),
    condition: clause(rule.condition),
  }));
}
