import { didYouMean } from '../../core/closest-word.ts';
import type { FieldTable } from '../field-table.ts';
import { type CorrelationRule, type CorrelationType, correlationTypes, type GroupField } from '../rule.ts';
import { type ConditionSection, readCorrelationCondition } from './correlation-condition.ts';
import { parseTimespan } from './timespan.ts';
import type { Member, YamlSource } from './yaml-source.ts';

export type CorrelationSection = Pick<
  CorrelationRule,
  'type' | 'rules' | 'groupBy' | 'windowUs' | 'atLeast' | 'limits' | 'bounds' | 'percentile' | 'counted' | 'learnUs' | 'generate'
>;

const keys = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate'];
const code = 'E_RULE_CORRELATION';

type Aliases = ReadonlyMap<string, ReadonlyMap<string, string>>;

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

  type(node: unknown, at: unknown): CorrelationType {
    const text = this.#source.text(node) ?? '';
    const type = correlationTypes.find((known) => known === text);
    if (!type) this.#fault(node ?? at, `unknown correlation type "${text}"`, didYouMean(text, correlationTypes));
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

  rules(node: unknown, at: unknown, type: CorrelationType): readonly string[] {
    const rules = this.texts(node, 'rules');
    if (rules.length === 0) this.#fault(at, 'the correlation names no rules');
    if (new Set(rules).size < rules.length) this.#fault(node, 'the correlation names a rule twice');
    if (type === 'x-absence' && rules.length > 2)
      this.#fault(node, '"x-absence" takes one rule, or two: what happens, and what is then expected');
    if (type === 'x-origin' && rules.length !== 2)
      this.#fault(node, '"x-origin" takes two rules: who changes objects, and what is made from them');
    return rules;
  }

  timespan(node: unknown, at: unknown): number {
    const span = parseTimespan(this.#source.text(node) ?? '');
    if (span === undefined) this.#fault(node ?? at, '"timespan" is a number and s, m, h or d', 'For example 5m.');
    return span ?? 1;
  }

  /** alias → rule → field */
  aliases(node: unknown, rules: readonly string[]): Aliases {
    const result = new Map<string, ReadonlyMap<string, string>>();
    const map = this.#source.map(node);
    if (!map && !this.#source.isNull(node))
      this.#fault(node, '"aliases" is a map of names', 'aliases: { name: { rule: field } }.');
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

  field(name: string, rules: readonly string[], aliases: Aliases): GroupField {
    const fields = rules.map((rule) => aliases.get(name)?.get(rule) ?? name);
    return { name, fields, sources: fields.map((field) => this.#fields.resolve(field)) };
  }

  generate(node: unknown): boolean {
    const text = this.#source.text(node);
    const isRead = text === 'true' || text === 'false' || (text === undefined && this.#source.isNull(node));
    if (!isRead) this.#fault(node, '"generate" is true or false');
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
  const type = reader.type(value('type'), section.at);
  const rules = reader.rules(value('rules'), section.at, type);
  const aliases = reader.aliases(value('aliases'), rules);
  const condition: ConditionSection = readCorrelationCondition(source, members.get('condition'), type, rules.length, section.at);
  const { fieldNames, ...rest } = condition;
  const field = (name: string): GroupField => reader.field(name, rules, aliases);
  return {
    type,
    rules,
    groupBy: reader.texts(value('group-by'), 'group-by').map(field),
    windowUs: reader.timespan(value('timespan'), section.at),
    ...rest,
    counted: fieldNames.map(field),
    generate: reader.generate(value('generate')),
  };
}
