import { z } from 'zod';

const expression = z.string().min(1);
const path = z.string().min(1);
const paths = z.union([path, z.array(path).min(1)]).transform((value) => (typeof value === 'string' ? [value] : value));

const condition = z.union([
  z.string(),
  z.array(z.string()).min(1),
  z.strictObject({ names: z.string() }),
  z.strictObject({ matches: expression }),
  z.strictObject({ absent: z.literal(true) }),
  z.strictObject({ not: z.array(z.string()).min(1) }),
]);

/** The fields of each operation, as they stand in the file under the operation's name. */
export const operationSchemas = {
  structure: z.strictObject({
    in: path,
    when: z.record(z.string(), condition).default({}),
    event: z.record(z.string(), condition).default({}),
    mask: paths,
    except: paths.optional(),
    unless: expression.optional(),
    opaque: z.literal(true).optional(),
    encode: z.literal('base64').optional(),
  }),
  names: z.strictObject({ in: path, class: z.string(), scalars: z.literal(true).optional(), unless: expression.optional() }),
  arguments: z.strictObject({
    in: paths,
    class: z.string(),
    programs: z
      .array(
        z.strictObject({
          program: expression,
          flags: expression,
          after: z.string().min(1).max(16).optional(),
          skip: z.int().min(1).max(9).optional(),
        }),
      )
      .optional(),
    lines: expression.optional(),
    unless: expression.optional(),
  }),
  uri: z.strictObject({ in: paths, class: z.string(), command: z.string().optional(), unless: expression.optional() }),
  document: z.strictObject({ format: z.enum(['json', 'text', 'base64']) }),
  pattern: z.strictObject({
    expression,
    group: z.int().min(-1).max(31).default(0),
    trigger: expression.optional(),
    validate: z.union([z.string(), z.array(z.string())]).default([]),
    unless: expression.optional(),
  }),
  keep: z.strictObject({ in: path, members: z.array(z.string()).min(1), only: expression.optional() }),
} as const;

const kebab = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'is written in lower case with hyphens');

const rule = z.strictObject({
  id: kebab,
  kind: kebab,
  category: z.enum(['secret', 'personal', 'network']),
  about: z.string().min(1),
  action: z.enum(['redact', 'pseudonymise', 'keep']).default('redact'),
  pseudonym: z.enum(['token', 'address']).default('token'),
  enabled: z.boolean().default(true),
  structure: operationSchemas.structure.optional(),
  names: operationSchemas.names.optional(),
  arguments: operationSchemas.arguments.optional(),
  uri: operationSchemas.uri.optional(),
  document: operationSchemas.document.optional(),
  pattern: operationSchemas.pattern.optional(),
  keep: operationSchemas.keep.optional(),
});

const strings = z.union([z.string(), z.array(z.string())]).default([]);

const example = z.strictObject({
  name: z.string().min(1),
  rule: strings,
  event: z.record(z.string(), z.unknown()).optional(),
  text: z.string().optional(),
  enable: strings,
  gone: strings,
  stays: strings,
  unchanged: z.boolean().default(false),
});

/** A pack as written. Checks across rules (unique ids, classes, examples) are in load-pack.ts. */
export const packSchema = z.strictObject({
  id: kebab,
  summary: z.string().min(1),
  names: z.record(kebab, z.strictObject({ expression, unless: expression.optional() })).default({}),
  rules: z.array(rule).min(1),
  examples: z.array(example).min(1),
});

export type PackText = z.infer<typeof packSchema>;
export type RuleText = z.infer<typeof rule>;
export type ExampleText = z.infer<typeof example>;
export const operationTypes = Object.keys(operationSchemas) as readonly (keyof typeof operationSchemas)[];
