import { z } from 'zod';
import { pathOptions } from './names.ts';

type Absolute = (path: string) => string;

/**
 * Options as their schema gave them, with every path among them made absolute, at any depth. Which options are paths says the schema
 * (`pathOption`), not their names: the entries of a record, such as headers and labels, are data whatever they are called.
 */
export function absoluteFiles<T>(schema: z.ZodType<T>, options: T, from: Absolute): T {
  return made(schema, options, from) as T;
}

function made(schema: z.core.$ZodType | undefined, value: unknown, from: Absolute): unknown {
  if (schema === undefined || value === undefined) return value;
  if (pathOptions.get(schema)) return from(String(value));
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return made(schema.def.innerType, value, from);
  if (schema instanceof z.ZodArray) return (value as readonly unknown[]).map((one) => made(schema.def.element, one, from));
  if (schema instanceof z.ZodDiscriminatedUnion) return made(memberFor(schema, value), value, from);
  if (!(schema instanceof z.ZodObject)) return value;
  const shape = schema.shape as Readonly<Record<string, z.core.$ZodType>>;
  return Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, made(shape[name], one, from)]));
}

/** The member of a union that a value was parsed by. */
function memberFor({ def, options }: z.ZodDiscriminatedUnion, value: unknown): z.core.$ZodType | undefined {
  const word = (value as Readonly<Record<string, unknown>>)[def.discriminator];
  return options.find((one) => one instanceof z.ZodObject && z.safeParse(one.shape[def.discriminator]!, word).success);
}
