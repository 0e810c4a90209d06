import { parse } from 'yaml';
import { z } from 'zod';
import { Fault } from '../core/faults.ts';
import { type Transform, transforms } from './condition.ts';

const places = z.union([z.string(), z.array(z.string()).min(1)]);
const source = z.union([z.string(), z.strictObject({ field: z.string(), as: z.enum(transforms) })]);
const file = z.strictObject({
  groups: z.record(z.string(), places).default({}),
  names: z.record(z.string(), z.union([source, z.array(source).min(1)])).default({}),
  values: z
    .array(
      z.strictObject({ field: z.string(), value: z.string(), means: z.strictObject({ field: z.string(), value: z.string() }) }),
    )
    .default([]),
});

/** A place a name stands for, as written in the mapping file: still to be expanded. */
export interface MappedSource {
  readonly field: string;
  readonly transform: Transform;
}

/** What detectors/fields.yml says: names that are no paths of an event, and values that belong to another field. */
export interface FieldMapping {
  /** A first segment that stands for several paths. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** A whole name that stands for other fields. */
  readonly names: ReadonlyMap<string, readonly MappedSource[]>;
  /** Key: field and value in lower case, with a blank between. */
  readonly values: ReadonlyMap<string, { readonly field: string; readonly value: string }>;
}

export { noMapping } from './no-mapping.ts';

const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/**
 * Reads detectors/fields.yml.
 * @throws Fault E_RULE_FIELDS where the file does not have the shape described in docs/rules.md.
 */
export function parseFieldMapping(fileName: string, text: string): FieldMapping {
  const location = { file: fileName, line: 1, column: 1 };
  let raw: unknown;
  try {
    raw = parse(text) ?? {};
  } catch (cause) {
    throw new Fault('the field mapping is not YAML', { code: 'E_RULE_FIELDS', location, cause });
  }
  const checked = file.safeParse(raw);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const where = issue?.path.join('.') ?? '';
    const remedy = 'Sections are groups, names and values; docs/rules.md shows each.';
    throw new Fault(`the field mapping is wrong at "${where}": ${issue?.message ?? ''}`, {
      code: 'E_RULE_FIELDS',
      location,
      remedy,
    });
  }
  const { groups, names, values } = checked.data;
  const mapped = (item: z.infer<typeof source>): MappedSource =>
    typeof item === 'string' ? { field: item, transform: 'none' } : { field: item.field, transform: item.as };
  return {
    groups: new Map(Object.entries(groups).map(([name, paths]) => [name, list(paths)])),
    names: new Map(Object.entries(names).map(([name, sources]) => [name, list(sources).map(mapped)])),
    values: new Map(values.map((item) => [`${item.field} ${item.value}`.toLowerCase(), item.means])),
  };
}
