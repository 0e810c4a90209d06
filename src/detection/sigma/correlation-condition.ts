import { didYouMean } from '../../core/closest-word.ts';
import type { Bound, CorrelationRule, CorrelationType } from '../rule.ts';
import { parseTimespan } from './timespan.ts';
import type { Member, YamlSource } from './yaml-source.ts';

/** What the condition of a correlation says. */
export interface ConditionSection extends Pick<CorrelationRule, 'atLeast' | 'limits' | 'bounds' | 'percentile' | 'learnUs'> {
  /** Fields whose values are counted or added up. */
  readonly fieldNames: readonly string[];
}

const operators: readonly Bound['operator'][] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'];
const code = 'E_RULE_CORRELATION';

/** Types whose number only grows with each event: a lower bound is met for good, an upper one known at the end. */
const counting: readonly CorrelationType[] = ['event_count', 'value_count', 'temporal'];
/** Types that need exactly one field, and those that need any. */
const adding: readonly CorrelationType[] = ['value_sum', 'value_avg', 'value_median', 'value_percentile'];
const withField: readonly CorrelationType[] = [...adding, 'value_count', 'x-first-seen', 'x-origin'];
/** Types without operators. */
const boundless: readonly CorrelationType[] = ['temporal_ordered', 'x-first-seen', 'x-absence', 'x-origin'];

class ConditionReader {
  readonly #source: YamlSource;
  readonly #type: CorrelationType;
  readonly bounds: Bound[] = [];
  fieldNames: readonly string[] = [];
  percentile: number | undefined;
  learnUs = 0;

  constructor(source: YamlSource, type: CorrelationType) {
    this.#source = source;
    this.#type = type;
  }

  #fault(node: unknown, message: string, remedy?: string): void {
    this.#source.fault(node, code, message, remedy);
  }

  member({ name, at, value }: Member): void {
    const operator = operators.find((known) => known === name);
    const others = [
      'field',
      ...(this.#type === 'value_percentile' ? ['percentile'] : []),
      ...(this.#type === 'x-first-seen' ? ['learn'] : []),
    ];
    if (name === 'field') this.#field(at, value);
    else if (operator) this.#operator(operator, at, value);
    else if (!others.includes(name)) this.#fault(at, `unknown operator "${name}"`, didYouMean(name, [...operators, ...others]));
    else if (name === 'percentile') this.#percentile(value);
    else this.#learn(value);
  }

  #operator(operator: Bound['operator'], at: unknown, node: unknown): void {
    const value = Number(this.#source.text(node) ?? Number.NaN);
    if (boundless.includes(this.#type)) this.#fault(at, `"${this.#type}" takes no "${operator}"`);
    else if (counting.includes(this.#type) && !Number.isInteger(value)) this.#fault(node, `"${operator}" takes a whole number`);
    else if (Number.isNaN(value)) this.#fault(node, `"${operator}" takes a number`);
    else this.bounds.push({ operator, value });
  }

  #field(at: unknown, node: unknown): void {
    const names = this.#source.list(node).map((item) => this.#source.text(item) ?? '');
    if (!withField.includes(this.#type))
      this.#fault(at, `"${this.#type}" counts events, not values of a field`, 'Use value_count.');
    else if (names.length === 0 || names.includes('')) this.#fault(node, '"field" names a field, or lists several');
    else if (names.length > 1 && adding.includes(this.#type)) this.#fault(node, `"${this.#type}" takes one field`);
    else this.fieldNames = names;
  }

  #percentile(node: unknown): void {
    const value = Number(this.#source.text(node) ?? Number.NaN);
    if (!(value > 0 && value <= 100)) this.#fault(node, '"percentile" is a number above 0 and up to 100');
    else this.percentile = value;
  }

  #learn(node: unknown): void {
    const span = parseTimespan(this.#source.text(node) ?? '');
    if (span === undefined) this.#fault(node, '"learn" is a number and s, m, h or d', 'For example 7d.');
    else this.learnUs = span;
  }
}

/** Of a number that only grows: what a window must reach, and what is asked of the largest number once an episode is over. */
function ofCounts(bounds: readonly Bound[]): Pick<ConditionSection, 'atLeast' | 'limits' | 'bounds'> {
  const lower = bounds.map(({ operator, value }) => {
    if (operator === 'gte' || operator === 'eq') return value;
    return operator === 'gt' ? value + 1 : 1;
  });
  const limits = bounds.filter(({ operator }) => operator !== 'gte' && operator !== 'gt');
  return { atLeast: Math.max(1, ...lower), limits, bounds: [] };
}

/** Reads the `condition` of a correlation. Faults go to the source. */
export function readCorrelationCondition(
  source: YamlSource,
  member: Member | undefined,
  type: CorrelationType,
  ruleCount: number,
  at: unknown,
): ConditionSection {
  const nothing = { limits: [], bounds: [], percentile: undefined, learnUs: 0, fieldNames: [] };
  const isOptional = type === 'temporal' || (boundless.includes(type) && type !== 'x-origin');
  if (!member) {
    if (!isOptional)
      source.fault(
        at,
        code,
        `"${type}" needs a condition`,
        type === 'x-origin' ? 'It names the owner: condition: { field: [owner.name] }.' : 'For example: condition: { gte: 10 }.',
      );
    return { ...nothing, atLeast: type.startsWith('temporal') ? ruleCount : 1 };
  }
  const map = source.map(member.value);
  if (!map) {
    const remedy = 'For example: condition: { gte: 10 }. Boolean conditions are not supported.';
    source.fault(member.value, code, 'the condition is a map of operators', remedy);
    return { ...nothing, atLeast: 1 };
  }
  if (type === 'temporal_ordered' || type === 'x-absence')
    source.fault(member.at, code, `"${type}" takes no condition: all its rules, in their order`);
  const reader = new ConditionReader(source, type);
  for (const entry of source.members(map)) reader.member(entry);
  const { bounds, fieldNames, percentile, learnUs } = reader;
  if (
    !boundless.includes(type) &&
    bounds.length === 0 &&
    source.members(map).every(({ name }) => !operators.some((known) => known === name))
  )
    source.fault(member.at, code, `"${type}" needs a number to compare with`, 'For example: gte: 10.');
  if (withField.includes(type) && type !== 'x-first-seen' && !source.members(map).some(({ name }) => name === 'field'))
    source.fault(member.at, code, `"${type}" needs a field in its condition`);
  const rest = { fieldNames, percentile, learnUs };
  if (counting.includes(type)) return { ...rest, ...ofCounts(bounds) };
  return { ...rest, atLeast: type.startsWith('temporal') ? ruleCount : 1, limits: [], bounds };
}
