import type { YAMLMap } from 'yaml';
import { Fault } from '../../core/faults.ts';
import { allOf, anyOf, type Condition } from '../condition.ts';
import { parseCondition } from './condition-expression.ts';
import { type DetectionContext, FieldValues } from './field-values.ts';
import type { Member, YamlSource } from './yaml-source.ts';

class DetectionReader {
  readonly #source: YamlSource;
  readonly #values: FieldValues;

  constructor(source: YamlSource, context: DetectionContext) {
    this.#source = source;
    this.#values = new FieldValues(source, context);
  }

  /** One search identifier: a map (all), a list of maps and keywords (one of them), or one keyword. */
  selection(member: Member): Condition {
    const items = this.#source.list(member.value);
    if (items.length === 0 || this.#source.isNull(member.value)) {
      this.#source.fault(member.at, 'E_RULE_SELECTION', `the selection "${member.name}" is empty`);
      return anyOf([]);
    }
    const maps = items.flatMap((item) => this.#source.map(item) ?? []);
    const keywords = items.filter((item) => !this.#source.map(item));
    const searches = keywords.length > 0 ? [this.#guard(keywords[0], () => this.#values.keywords(keywords))] : [];
    const conditions = [...maps.map((map) => this.#allOfMap(map)), ...searches];
    return conditions.length === 1 ? (conditions[0] ?? anyOf([])) : anyOf(conditions);
  }

  #allOfMap(map: YAMLMap): Condition {
    const members = this.#source.members(map);
    if (members.length === 0)
      this.#source.fault(map, 'E_RULE_SELECTION', 'a selection without fields matches nothing it could name');
    return allOf(members.map((member) => this.#guard(member.at, () => this.#values.member(member))));
  }

  #guard(node: unknown, compile: () => Condition): Condition {
    try {
      return compile();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#source.fault(node, error.code, error.message, error.remedy);
      return anyOf([]);
    }
  }
}

/** Words that a condition always reads as its own; `all` and `any` only before `of`, so selections may have these names. */
const reserved = ['and', 'or', 'not', 'of', 'them'];

/** Selections by name, and what is to hold of them. */
export interface Detection {
  readonly selections: ReadonlyMap<string, Condition>;
  /** Nodes of the conditions, of which one must hold. */
  readonly conditions: readonly unknown[];
}

/** Compiles the selections of a section; members named in `other` belong to somebody else. Faults go to the source. */
export function readDetection(
  source: YamlSource,
  map: YAMLMap,
  context: DetectionContext,
  other: readonly string[] = [],
): Detection {
  const reader = new DetectionReader(source, context);
  const selections = new Map<string, Condition>();
  let condition: unknown;
  for (const member of source.members(map)) {
    if (other.includes(member.name)) continue;
    if (member.name === 'condition') condition = member.value;
    else if (member.name === 'timeframe')
      source.fault(member.at, 'E_RULE_DETECTION', '"timeframe" belongs to the old aggregations', 'Write a correlation rule.');
    else if (reserved.includes(member.name.toLowerCase()) || /[\s()|]/.test(member.name))
      source.fault(member.at, 'E_RULE_SELECTION', `"${member.name}" cannot be the name of a selection`);
    else selections.set(member.name, reader.selection(member));
  }
  const conditions = condition === undefined ? [] : source.list(condition);
  if (conditions.length === 0)
    source.fault(condition ?? map, 'E_RULE_CONDITION', 'the detection has no condition', 'For example: condition: selection.');
  return { selections, conditions };
}

/** Compiles a `detection` section. Faults go to the source; the result is then not to be used. */
export function parseDetection(source: YamlSource, node: unknown, context: DetectionContext): Condition {
  const map = source.map(node);
  if (!map) {
    source.fault(node, 'E_RULE_DETECTION', '"detection" must be a map of selections and a condition');
    return anyOf([]);
  }
  const { selections, conditions } = readDetection(source, map, context);
  return anyOf(conditions.map((item) => parseCondition(source, item, selections)));
}
