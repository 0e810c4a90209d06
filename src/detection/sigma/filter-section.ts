import type { Location } from '../../core/faults.ts';
import { anyOf, type Condition, negate } from '../condition.ts';
import { parseCondition } from './condition-expression.ts';
import { readDetection } from './detection-section.ts';
import type { DetectionContext } from './field-values.ts';
import type { Member, YamlSource } from './yaml-source.ts';

/** A Sigma filter: an exception that is written once for several rules. */
export interface FilterRule {
  readonly title: string;
  /** Ids or names of rules as written; `any`: every rule. */
  readonly rules: readonly string[] | 'any';
  /** Must hold besides the condition of a rule. */
  readonly condition: Condition;
  readonly location: Location;
}

const code = 'E_RULE_FILTER';

/** Whether selections are asked for as they are (1), negated (-1) or both (0). */
function signOf(condition: Condition, sign: 1 | -1 = 1): -1 | 0 | 1 {
  if (condition.type === 'atom') return sign;
  if (condition.type === 'not') return signOf(condition.item, sign === 1 ? -1 : 1);
  const signs = new Set(condition.items.map((item) => signOf(item, sign)));
  const [only] = signs;
  return signs.size === 1 && only !== undefined ? only : 0;
}

/**
 * What must hold besides a rule. The specification leaves out what its condition describes; published filters are joined
 * with `and` and say `not selection`. Both are read as meant: a condition whose selections are all negated, or that starts
 * with `not`, says what stays; one without negation says what goes. Anything else could mean either and is refused.
 */
function keepCondition(source: YamlSource, node: unknown, selections: ReadonlyMap<string, Condition>): Condition {
  const faults = source.faults.length;
  const condition = parseCondition(source, node, selections);
  if (source.faults.length > faults) return condition;
  const marks = new Map(
    [...selections.keys()].map((name) => [name, { type: 'atom', name, sources: [], tests: [], quantifier: 'any' } as const]),
  );
  const shape = parseCondition(source, node, marks);
  const startsNegated = /^\s*not\s*\(/i.test(source.text(node) ?? '') && shape.type === 'not';
  const sign = startsNegated ? -1 : signOf(shape);
  if (sign === 0)
    source.fault(
      node,
      code,
      'the condition of a filter mixes negated selections with others',
      'Write what is to be left out as: not (…).',
    );
  return sign === 1 ? negate(condition) : condition;
}

/** Compiles a `filter` section; undefined when it is not even a map. Faults go to the source. */
export function parseFilter(
  source: YamlSource,
  section: Member,
  context: DetectionContext,
): Pick<FilterRule, 'rules' | 'condition'> | undefined {
  const map = source.map(section.value);
  if (!map) {
    source.fault(section.at, code, '"filter" must be a map of rules, selections and a condition');
    return undefined;
  }
  const member = source.members(map).find(({ name }) => name === 'rules');
  const rules = member && !source.isNull(member.value) ? source.list(member.value).map((node) => source.text(node) ?? '') : [];
  if (rules.length === 0 || rules.includes(''))
    source.fault(member?.at ?? section.at, code, 'the filter names no rules', 'rules: [id or name of a rule], or rules: any.');
  const { selections, conditions } = readDetection(source, map, context, ['rules']);
  if (conditions.length > 1) source.fault(conditions[1], code, 'a filter has one condition', 'Join them with and.');
  const [first] = conditions;
  const isAny = rules.length === 1 && rules[0]?.toLowerCase() === 'any';
  return {
    rules: isAny ? 'any' : rules,
    condition: conditions.length === 0 ? anyOf([]) : keepCondition(source, first, selections),
  };
}
