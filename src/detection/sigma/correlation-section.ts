import { didYouMean } from '../../core/closest-word.ts';
import type { FieldTable } from '../field-table.ts';
import type { CorrelationRule, CorrelationType, GroupField } from '../rule.ts';
import type { Member, YamlSource } from './yaml-source.ts';

export type CorrelationSection = Pick<
  CorrelationRule,
  'type' | 'rules' | 'groupBy' | 'windowUs' | 'atLeast' | 'limits' | 'counted' | 'generate'
>;

const types: readonly CorrelationType[] = ['event_count', 'value_count', 'temporal', 'temporal_ordered'];
const refusedTypes = ['value_sum', 'value_avg', 'value_percentile', 'value_median'];
const keys = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate'];
const operators = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'];
const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const code = 'E_RULE_CORRELATION';

/** Reads `5m` as microseconds. */
export function parseTimespan(text: string): number | undefined {
  const match = /^(\d+)([smhd])$/.exec(text.trim());
  const seconds = match ? Number(match[1]) * (unitSeconds[match[2] ?? ''] ?? 0) : 0;
  return seconds > 0 ? seconds * 1e6 : undefined;
}

type Limits = Pick<CorrelationSection, 'atLeast' | 'limits'> & { readonly field: string | undefined };

class CorrelationReader {
  readonly #source: YamlSource;
  readonly #fields: FieldTable;

  constructor(source: YamlSource, fields: FieldTable) {
    this.#source = source;
    this.#fields = fields;
  }

  #fault(node: unknown, message: string, remedy?: string): void {
    this.#source.fault(node, code, message, remedy);
  }

  type(node: unknown): CorrelationType {
    const text = this.#source.text(node) ?? '';
    const type = types.find((known) => known === text);
    if (!type && refusedTypes.includes(text))
      this.#fault(node, `the correlation type "${text}" is not supported`, `Supported: ${types.join(', ')}.`);
    else if (!type) this.#fault(node, `unknown correlation type "${text}"`, didYouMean(text, types));
    return type ?? 'event_count';
  }

  texts(node: unknown, what: string): readonly string[] {
    if (this.#source.isNull(node)) return [];
    return this.#source.list(node).map((item) => {
      const text = this.#source.text(item);
      if (text === undefined) this.#fault(item, `"${what}" lists names`);
      return text ?? '';
    });
  }

  timespan(node: unknown, at: unknown): number {
    const span = parseTimespan(this.#source.text(node) ?? '');
    if (span === undefined) this.#fault(node ?? at, '"timespan" is a number and s, m, h or d', 'For example 5m.');
    return span ?? 1;
  }

  /** `atLeast` is the lower bound a window must reach; the other operators wait for the end of the episode. */
  condition(member: Member | undefined, type: CorrelationType, ruleCount: number, at: unknown): Limits {
    const temporal = type.startsWith('temporal');
    if (!member) {
      if (!temporal) this.#fault(at, `"${type}" needs a condition`, 'For example: condition: { gte: 10 }.');
      return { atLeast: ruleCount, limits: [], field: undefined };
    }
    const map = this.#source.map(member.value);
    if (!map) {
      this.#fault(
        member.value,
        'the condition is a map of operators',
        'For example: condition: { gte: 10 }. Boolean conditions are not supported.',
      );
      return { atLeast: 1, limits: [], field: undefined };
    }
    if (type === 'temporal_ordered')
      this.#fault(member.at, '"temporal_ordered" takes no condition: all its rules, in their order');
    let atLeast = 1;
    let field: string | undefined;
    const limits: CorrelationSection['limits'][number][] = [];
    for (const entry of this.#source.members(map)) {
      if (entry.name === 'field') field = this.#countedField(entry, type);
      else {
        const value = Number(this.#source.text(entry.value) ?? Number.NaN);
        if (!operators.includes(entry.name))
          this.#fault(entry.at, `unknown operator "${entry.name}"`, didYouMean(entry.name, operators));
        else if (!Number.isInteger(value)) this.#fault(entry.value, `"${entry.name}" takes a whole number`);
        else if (entry.name === 'gte' || entry.name === 'gt')
          atLeast = Math.max(atLeast, entry.name === 'gt' ? value + 1 : value);
        else limits.push({ operator: entry.name as 'lt', value });
        if (entry.name === 'eq' && Number.isInteger(value)) atLeast = Math.max(atLeast, value);
      }
    }
    if (type === 'value_count' && !field) this.#fault(member.at, '"value_count" needs a field in its condition');
    return { atLeast, limits, field };
  }

  #countedField(entry: Member, type: CorrelationType): string | undefined {
    const names = this.texts(entry.value, 'field');
    if (type !== 'value_count') this.#fault(entry.at, `"${type}" counts events, not values of a field`, 'Use value_count.');
    if (names.length !== 1) this.#fault(entry.value, 'counting several fields together is not supported', 'Name one field.');
    return names[0];
  }

  /** alias → rule → field */
  aliases(node: unknown, rules: readonly string[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
    const result = new Map<string, ReadonlyMap<string, string>>();
    const map = this.#source.map(node);
    for (const alias of map ? this.#source.members(map) : []) {
      const inner = this.#source.map(alias.value);
      const fields = new Map<string, string>();
      for (const entry of inner ? this.#source.members(inner) : []) {
        if (!rules.includes(entry.name))
          this.#fault(
            entry.at,
            `the alias names the rule "${entry.name}", which is not in "rules"`,
            didYouMean(entry.name, rules),
          );
        fields.set(entry.name, this.#source.text(entry.value) ?? '');
      }
      for (const rule of rules)
        if (!fields.has(rule)) this.#fault(alias.at, `the alias "${alias.name}" has no field for the rule "${rule}"`);
      result.set(alias.name, fields);
    }
    return result;
  }

  groupField(name: string, rules: readonly string[], aliases: ReadonlyMap<string, ReadonlyMap<string, string>>): GroupField {
    const fields = rules.map((rule) => aliases.get(name)?.get(rule) ?? name);
    return { name, fields, sources: fields.map((field) => this.#fields.resolve(field)) };
  }

  counted(name: string | undefined): CorrelationSection['counted'] {
    return name === undefined ? undefined : { name, sources: this.#fields.resolve(name) };
  }

  generate(node: unknown): boolean {
    const text = this.#source.text(node);
    if (text !== undefined && text !== 'true' && text !== 'false') this.#fault(node, '"generate" is true or false');
    return text === 'true';
  }
}

/** Compiles a `correlation` section; undefined when it is not even a map. Faults go to the source. */
export function parseCorrelation(source: YamlSource, section: Member, fields: FieldTable): CorrelationSection | undefined {
  const map = source.map(section.value);
  if (!map) {
    source.fault(section.at, code, '"correlation" must be a map');
    return undefined;
  }
  const members = new Map(source.members(map).map((member) => [member.name, member]));
  for (const member of members.values()) {
    if (!keys.includes(member.name))
      source.fault(member.at, code, `unknown key "${member.name}" in "correlation"`, didYouMean(member.name, keys));
  }
  const reader = new CorrelationReader(source, fields);
  const value = (name: string): unknown => members.get(name)?.value;
  const type = reader.type(value('type'));
  const rules = reader.texts(value('rules'), 'rules');
  if (rules.length === 0) source.fault(section.at, code, 'the correlation names no rules');
  const aliases = reader.aliases(value('aliases'), rules);
  const { atLeast, limits, field } = reader.condition(members.get('condition'), type, rules.length, section.at);
  return {
    type,
    rules,
    groupBy: reader.texts(value('group-by'), 'group-by').map((name) => reader.groupField(name, rules, aliases)),
    windowUs: reader.timespan(value('timespan'), section.at),
    atLeast,
    limits,
    counted: reader.counted(field),
    generate: reader.generate(value('generate')),
  };
}
