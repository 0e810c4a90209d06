import type { YAMLMap } from 'yaml';
import { Fault } from '../../core/faults.ts';
import { type Atom, allOf, anyOf, type Condition, negate, type ValueTest } from '../condition.ts';
import type { FieldTable } from '../field-table.ts';
import { oneOf, present } from '../predicates.ts';
import { parseCondition } from './condition-expression.ts';
import { type Modifiers, parseModifiers, testsOfValue } from './modifiers.ts';
import { parseSigmaString, plainText } from './sigma-string.ts';
import type { Member, YamlSource } from './yaml-source.ts';

/** Whole texts without wildcards become one look-up instead of one test each. */
const lookupFrom = 3;

class DetectionReader {
  readonly #source: YamlSource;
  readonly #fields: FieldTable;

  constructor(source: YamlSource, fields: FieldTable) {
    this.#source = source;
    this.#fields = fields;
  }

  /** One search identifier: a map (all), or a list of maps (one of them). */
  selection(member: Member): Condition {
    const sequence = this.#source.sequence(member.value);
    const maps = this.#source.list(member.value);
    if (maps.length === 0 || this.#source.isNull(member.value)) {
      this.#source.fault(member.at, 'E_RULE_SELECTION', `the selection "${member.name}" is empty`);
    }
    const conditions = maps.map((item) => {
      const map = this.#source.map(item);
      if (map) return this.#allOfMap(map);
      if (!this.#source.isNull(item)) this.#refuseKeyword(item, member.name);
      return anyOf([]);
    });
    return sequence ? anyOf(conditions) : (conditions[0] ?? anyOf([]));
  }

  #refuseKeyword(node: unknown, name: string): void {
    const remedy = 'Name the field to search: field|contains: text.';
    this.#source.fault(
      node,
      'E_RULE_KEYWORDS',
      `the selection "${name}" searches the whole event for keywords, which is not supported`,
      remedy,
    );
  }

  #allOfMap(map: YAMLMap): Condition {
    const members = this.#source.members(map);
    if (members.length === 0)
      this.#source.fault(map, 'E_RULE_SELECTION', 'a selection without fields matches nothing it could name');
    return allOf(members.map((member) => this.#field(member)));
  }

  #field(member: Member): Condition {
    const [name = '', ...names] = member.name.split('|');
    try {
      if (name === '')
        throw new Fault('a field without a name searches keywords, which is not supported', { code: 'E_RULE_KEYWORDS' });
      if (/\[\d+\]/.test(name))
        throw new Fault('array positions are not supported', {
          code: 'E_RULE_FIELD',
          remedy: 'Leave the brackets out: any element counts.',
        });
      return this.#values(name, parseModifiers(names), member);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#source.fault(member.at, error.code, error.message, error.remedy);
      return anyOf([]);
    }
  }

  #atom(name: string, tests: readonly ValueTest[], quantifier: Atom['quantifier']): Condition {
    return { type: 'atom', name, sources: this.#fields.resolve(name), tests, quantifier };
  }

  #values(name: string, modifiers: Modifiers, member: Member): Condition {
    const nodes = this.#source.list(member.value);
    if (nodes.length === 0) throw new Fault(`"${member.name}" has an empty list of values`, { code: 'E_RULE_VALUE' });
    if (modifiers.exists) return this.#exists(name, nodes);
    const items = nodes.map((node) => this.#value(name, node, modifiers, nodes.length > 1));
    if (modifiers.all) return allOf(items.map((item) => item.condition));
    const texts = items.flatMap((item) => item.tests);
    const others = items.filter((item) => item.tests.length === 0).map((item) => item.condition);
    if (modifiers.neq) return allOf([...(texts.length ? [this.#atom(name, texts, 'none')] : []), ...others]);
    return anyOf([...(texts.length ? [this.#atom(name, this.#shorten(nodes, modifiers) ?? texts, 'any')] : []), ...others]);
  }

  /** A look-up in place of many whole texts. */
  #shorten(nodes: readonly unknown[], modifiers: Modifiers): readonly ValueTest[] | undefined {
    const simple = modifiers.anchor === 'whole' && !modifiers.cased && !modifiers.windash && !modifiers.cidr;
    if (!simple || modifiers.re !== undefined || modifiers.compare || nodes.length < lookupFrom) return undefined;
    const texts = nodes.map((node) => plainText(parseSigmaString(this.#source.text(node) ?? '*')));
    const whole = texts.filter((text): text is string => text !== undefined && !/^-?\d/.test(text));
    return whole.length === nodes.length ? [oneOf(whole)] : undefined;
  }

  #exists(name: string, nodes: readonly unknown[]): Condition {
    const text = this.#source.text(nodes[0])?.toLowerCase();
    if (nodes.length !== 1 || (text !== 'true' && text !== 'false')) {
      throw new Fault('"exists" takes true or false', { code: 'E_RULE_VALUE' });
    }
    const atom = this.#atom(name, [present], 'any');
    return text === 'true' ? atom : negate(atom);
  }

  #value(
    name: string,
    node: unknown,
    modifiers: Modifiers,
    listed: boolean,
  ): { readonly tests: readonly ValueTest[]; readonly condition: Condition } {
    if (this.#source.map(node) || this.#source.sequence(node)) {
      throw new Fault('a value is a text, a number, true, false or null', {
        code: 'E_RULE_VALUE',
        remedy: 'Name nested fields with dots: a.b.',
      });
    }
    const text = this.#source.text(node);
    if (text === undefined) {
      if (listed)
        throw new Fault('null cannot stand in a list of values', { code: 'E_RULE_VALUE', remedy: 'Use a selection of its own.' });
      const atom = this.#atom(name, [present], 'any');
      return { tests: [], condition: modifiers.neq ? atom : negate(atom) };
    }
    const moved = this.#fields.mapping.values.get(`${name} ${text}`.toLowerCase());
    const tests = testsOfValue(moved?.value ?? text, modifiers);
    const quantifier = modifiers.neq ? 'none' : 'any';
    const condition = this.#atom(moved?.field ?? name, tests, quantifier);
    return { tests: moved ? [] : tests, condition };
  }
}

/** Compiles the `detection` section. Faults go to the source; the result is then not to be used. */
export function parseDetection(source: YamlSource, node: unknown, fields: FieldTable): Condition {
  const map = source.map(node);
  if (!map) {
    source.fault(node, 'E_RULE_DETECTION', '"detection" must be a map of selections and a condition');
    return anyOf([]);
  }
  const reader = new DetectionReader(source, fields);
  const selections = new Map<string, Condition>();
  let conditionNode: unknown;
  for (const member of source.members(map)) {
    if (member.name === 'condition') conditionNode = member.value;
    else if (member.name === 'timeframe')
      source.fault(member.at, 'E_RULE_DETECTION', '"timeframe" belongs to the old aggregations', 'Write a correlation rule.');
    else selections.set(member.name, reader.selection(member));
  }
  if (conditionNode === undefined) {
    source.fault(map, 'E_RULE_CONDITION', 'the detection has no condition');
    return anyOf([]);
  }
  return anyOf(source.list(conditionNode).map((item) => parseCondition(source, item, selections)));
}
