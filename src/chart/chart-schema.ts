import { RE2JS } from 're2js';
import { z } from 'zod';
import { configSchema } from '../config/schema.ts';
import { valuesSchema } from './values-schema.ts';

/** A part of a JSON Schema, as far as it is looked at here. */
export interface SchemaPart {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: SchemaPart;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaPart>>;
  readonly definitions?: Readonly<Record<string, SchemaPart>>;
}

/** What the chart itself writes into the configuration, by mode: not to be given. */
const known: Readonly<Record<string, readonly string[] | 'all'>> = {
  version: 'all',
  role: 'all',
  sources: 'all',
  telemetry: 'all',
  masking: ['keyFile', 'keyFileGroupReadable'],
  log: ['directory'],
};

/** The configuration of a release before anything is changed: as in deploy/kubernetes. */
const configOfChart = {
  cluster: { name: 'production' },
  masking: { policy: 'standard' },
  log: { maxBytes: 8 * 1024 ** 3 },
  sinks: [{ type: 'file', name: 'findings', content: 'findings', path: '/var/lib/auditveil/findings.jsonl' }],
};

function without(part: SchemaPart, names: readonly string[]): SchemaPart {
  const properties = Object.fromEntries(Object.entries(part.properties ?? {}).filter(([key]) => !names.includes(key)));
  const required = (part.required ?? []).filter((key) => !names.includes(key));
  const { required: _, ...rest } = part;
  return { ...rest, properties, ...(required.length > 0 && { required }) };
}

/** The program's schema without what the chart knows. */
function configPart(whole: SchemaPart): SchemaPart {
  let part = without(
    whole,
    Object.keys(known).filter((key) => known[key] === 'all'),
  );
  for (const [key, names] of Object.entries(known)) {
    const inner = part.properties?.[key];
    if (names !== 'all' && inner) part = { ...part, properties: { ...part.properties, [key]: without(inner, names) } };
  }
  return part;
}

/** Leaves out patterns that Helm's expressions (RE2) do not know: `{0,1024}`. The program checks these when it starts. */
function forHelm<T>(part: T): T {
  if (Array.isArray(part)) return part.map(forHelm) as T;
  if (typeof part !== 'object' || part === null) return part;
  const kept = Object.entries(part).filter(([key, value]) => key !== 'pattern' || typeof value !== 'string' || isKnown(value));
  return Object.fromEntries(kept.map(([key, value]) => [key, forHelm(value)])) as T;
}

function isKnown(pattern: string): boolean {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
}

/**
 * JSON Schema (draft 7: what every Helm 3 reads) of the chart's values. An unknown value is an error, in the program's own options too.
 */
export function chartSchema(): SchemaPart {
  const draft = { io: 'input', target: 'draft-7' } as const;
  const { definitions = {}, ...whole } = z.toJSONSchema(configSchema, draft) as SchemaPart & { readonly $schema?: string };
  const { $schema: _, ...config } = configPart(whole) as SchemaPart & { readonly $schema?: string };
  const values = z.toJSONSchema(valuesSchema, draft) as SchemaPart;
  const { description = '' } = values.properties?.['config'] ?? {};
  return forHelm({
    ...values,
    properties: { ...values.properties, config: { ...config, description, default: configOfChart } },
    definitions,
  });
}
