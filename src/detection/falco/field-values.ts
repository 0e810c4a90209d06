import { valueTypes } from '../../core/extracts.ts';
import type { EventValue, ValueSource } from '../condition.ts';
import type { FieldTable } from '../field-table.ts';
import type { FieldReading, Path } from './field-definition.ts';
import { compactText, type JsonNode, parseJsonNode } from './json-node.ts';
import type { FieldTexts } from './operand.ts';

/** Names with dots as the field table reads them; a single name below annotations is one key there without quotes. */
function tableName(path: Path): string {
  const [top, key] = path;
  if (path.length === 2 && top === 'annotations' && key !== undefined) return `annotations.${key}`;
  return path.map((name) => (/[./[\]]/.test(name) ? `"${name}"` : name)).join('.');
}

const isSame = (one: Path, other: Path): boolean => one.length === other.length && one.every((name, i) => name === other[i]);

/** The table's name of a path, where the table can be asked for it by a name; the whole event has none. */
export function nameOfPath(table: FieldTable, path: Path): string | undefined {
  const [top] = path;
  if (top === undefined || path.some((name) => name === '' || name.includes('"'))) return undefined;
  const name = tableName(path);
  return table.mapping.names.has(name) || table.mapping.groups.has(top) ? undefined : name;
}

/** Where a path's values come from: shared with every rule that reads the same path. The whole event is the empty path. */
export function sourceOf(table: FieldTable, path: Path): ValueSource {
  const name = nameOfPath(table, path);
  const [known] = name === undefined ? [] : table.resolve(name);
  if (known) return known;
  const field = table.specs.findIndex(({ paths }) => paths.length === 1 && isSame(paths[0] ?? [], path));
  return { field: field >= 0 ? field : table.specs.push({ name: path.join('/'), paths: [path] }) - 1, transform: 'none' };
}

/** A value of an event as a node. */
export function nodeOf(value: EventValue): JsonNode | undefined {
  if (value.type <= valueTypes.escaped) return { type: 'string', text: value.text() };
  if (value.type >= valueTypes.object) return parseJsonNode(value.text());
  return { type: 'scalar', text: value.text() };
}

/** The text a check compares; undefined where the value does not count. */
export function textOfValue(value: EventValue): string | undefined {
  if (value.type < valueTypes.null) return value.text();
  if (value.type === valueTypes.null) return undefined;
  const node = parseJsonNode(value.text());
  return node && compactText(node);
}

/** The places of several fields as sources of one clause. */
export class FieldValues {
  readonly sources: ValueSource[] = [];
  readonly #table: FieldTable;
  readonly #gates = new Map<FieldReading, number>();
  readonly #places = new Map<FieldReading, readonly number[]>();

  constructor(table: FieldTable, fields: readonly FieldReading[]) {
    this.#table = table;
    for (const field of fields) {
      if (field.gate) this.#gates.set(field, this.#add(field.gate));
      this.#places.set(
        field,
        field.places.map((path) => this.#add(path)),
      );
    }
  }

  #add(path: Path): number {
    const source = sourceOf(this.#table, path);
    const known = this.sources.findIndex(({ field }) => field === source.field);
    return known >= 0 ? known : this.sources.push(source) - 1;
  }

  /** Reads fields from the values of one event. Of repeated members the first counts, as upstream takes it. */
  reader(valuesOf: (source: number) => readonly EventValue[]): FieldTexts {
    const nodes = new Map<number, JsonNode | undefined>();
    const node = (source: number): JsonNode | undefined => {
      if (!nodes.has(source)) {
        const [first] = valuesOf(source);
        nodes.set(source, first && nodeOf(first));
      }
      return nodes.get(source);
    };
    return (field) => {
      const gate = this.#gates.get(field);
      if (gate !== undefined && valuesOf(gate).length === 0) return [];
      return field.texts((this.#places.get(field) ?? []).map(node));
    };
  }
}
