import type { FieldSpec } from '../core/extracts.ts';
import type { ValueSource } from './condition.ts';
import type { FieldMapping } from './field-mapping.ts';

/** Members whose own members are named by people, so that a name with dots below them is one key. */
const mapMembers = new Set(['annotations', 'labels', 'matchLabels', 'nodeSelector', 'data', 'stringData', 'binaryData', 'extra']);
/** A group may name a group; deeper than this is a circle. */
const expansionDepth = 4;

function segmentsOf(name: string): readonly string[] {
  const segments: string[] = [];
  for (const match of name.replace(/\[\*?\]/g, '').match(/"[^"]*"|[^."]+/g) ?? []) {
    segments.push(match.startsWith('"') ? match.slice(1, -1) : match);
  }
  return segments;
}

/**
 * The paths a dotted name can mean, longest literal key first: a name below a map of free names (annotations, labels,
 * data …) or one with a slash may be a single key. `a."b.c"` says so outright.
 */
export function pathsOfName(name: string): readonly (readonly string[])[] {
  const segments = segmentsOf(name);
  const joined = (from: number): readonly string[] => [...segments.slice(0, from), segments.slice(from).join('.')];
  const free = segments.findIndex((segment) => mapMembers.has(segment));
  const paths: (readonly string[])[] = [];
  if (name.includes('"')) return [segments];
  if (free >= 0 && free < segments.length - 2) paths.push(joined(free + 1));
  else if (free < 0 && segments.some((segment) => segment.includes('/'))) {
    for (let from = 1; from < segments.length - 1; from++) paths.push(joined(from));
  }
  return [...paths, segments];
}

/** Hands out field numbers. Two rules that name the same field share one. */
export class FieldTable {
  readonly specs: FieldSpec[] = [];
  readonly mapping: FieldMapping;
  readonly #numbers = new Map<string, number>();
  readonly #sources = new Map<string, readonly ValueSource[]>();

  constructor(mapping: FieldMapping) {
    this.mapping = mapping;
  }

  /** Where the values of a name come from; registers its fields. */
  resolve(name: string): readonly ValueSource[] {
    const known = this.#sources.get(name);
    if (known) return known;
    const mapped = this.mapping.names.get(name) ?? [{ field: name, transform: 'none' as const }];
    const sources = mapped.map(({ field, transform }) => ({ field: this.#number(field), transform }));
    this.#sources.set(name, sources);
    return sources;
  }

  /** The event itself, for searches through all of it. */
  wholeEvent(): ValueSource {
    let field = this.specs.findIndex(({ paths }) => paths.length === 1 && paths[0]?.length === 0);
    if (field < 0) field = this.specs.push({ name: '', paths: [[]] }) - 1;
    return { field, transform: 'none' };
  }

  #number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.specs.length;
    this.specs.push({ name, paths: this.#expand(name, 0).flatMap(pathsOfName) });
    this.#numbers.set(name, number);
    return number;
  }

  #expand(name: string, depth: number): readonly string[] {
    const dot = name.indexOf('.');
    const head = dot < 0 ? name : name.slice(0, dot);
    const places = this.mapping.groups.get(head);
    if (!places || depth > expansionDepth) return [name];
    const rest = dot < 0 ? '' : name.slice(dot);
    return places.flatMap((place) => this.#expand(place + rest, depth + 1));
  }
}
