import { Fault } from '../../core/faults.ts';
import type { Condition, ValueTest } from '../condition.ts';
import type { FieldTable } from '../field-table.ts';
import { anywhere } from '../predicates.ts';
import type { Modifiers } from './modifier-chain.ts';
import { segmentsOfValue, testsOfValue } from './modifiers.ts';
import type { Segments } from './sigma-string.ts';

/** How a search through the whole event is called where its clauses are shown. */
export const keywordField = 'keywords';

/** Shorter runs are in every event. */
const shortestNeedle = 2;

/** The longest run of characters that JSON writers leave as they are: what of a text stands in an event's bytes for certain. */
function needleOf(segments: Segments): string | undefined {
  const literals = segments.flat().filter((part): part is string => typeof part === 'string');
  const runs = literals.flatMap((literal) => literal.toLowerCase().split(/[^ !#-%'-.0-;=?-[\]-~]+/));
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  return longest.length >= shortestNeedle ? longest : undefined;
}

function needlesOf(texts: readonly string[], modifiers: Modifiers): readonly string[] | undefined {
  if (modifiers.re !== undefined) return undefined;
  const needles = texts.flatMap((text) => segmentsOfValue(text, modifiers).map(needleOf));
  return needles.every((needle) => needle !== undefined) ? needles : undefined;
}

/** @throws Fault E_RULE_MODIFIER where a modifier needs a field. */
function checkModifiers(modifiers: Modifiers): void {
  const { exists, cidr, compare, timePart, fieldref, neq, every } = modifiers;
  if (!exists && !cidr && compare === undefined && timePart === undefined && !fieldref && !neq && !every) return;
  throw new Fault('this modifier needs a field; keywords are looked for in the whole event', {
    code: 'E_RULE_MODIFIER',
    remedy: 'Name the field before the first |.',
  });
}

/** A search for one of these texts in every value of the event. */
function search(texts: readonly string[], modifiers: Modifiers, fields: FieldTable): Condition {
  const tests: readonly ValueTest[] = texts.flatMap((text) => testsOfValue(text, modifiers));
  const needles = needlesOf(texts, modifiers);
  return {
    type: 'atom',
    name: keywordField,
    sources: [fields.wholeEvent()],
    tests: [anywhere(tests)],
    quantifier: 'any',
    ...(needles && { needles }),
  };
}

/**
 * Keywords: texts that stand somewhere in a text, number or truth value of the event, at any depth. One of a list, or
 * with `all` every one, each where it likes. `values` holds per keyword the texts it stands for.
 */
export function keywordCondition(values: readonly (readonly string[])[], modifiers: Modifiers, fields: FieldTable): Condition {
  checkModifiers(modifiers);
  const inside: Modifiers = modifiers.anchor === 'whole' ? { ...modifiers, anchor: 'contains' } : modifiers;
  if (!modifiers.all) return search(values.flat(), inside, fields);
  return { type: 'and', items: values.map((texts) => search(texts, inside, fields)) };
}
