import { z } from 'zod';
import { closestWord, didYouMean } from '../core/closest-word.ts';
import { Fault, Faults, type Location } from '../core/faults.ts';
import { type PackFile, PackSource, type YamlPath } from './pack-source.ts';
import { policyIds } from './policy.ts';

const kebab = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be written in lower case with hyphens, up to 63 characters');
const kinds = z.array(kebab).default([]);
const path = z
  .string()
  .regex(
    /^(?:event|\*\*)(?:\.(?:"[^"]+"|[^".\s]+))+$/,
    'must begin with `event.` or `**.` and go on with member names joined with dots',
  )
  .describe(
    'Where: `event.…` from the audit event, `**.…` from any object at any depth. Lists are transparent, `*` is any name, a name with dots stands in double quotes.',
  );
const resources = z
  .array(z.string().min(1))
  .min(1)
  .optional()
  .describe('Only in requests for these resources (`objectRef.resource`), for example `configmaps`.');
const why = z.string().min(1).optional().describe('The reason, for those who read the policy.');

const pathRule = z.discriminatedUnion('action', [
  z
    .strictObject({ path, action: z.literal('keep'), why })
    .describe('The value, and all that is in it, stays as it is: no rule masks it.'),
  z
    .strictObject({ path, action: z.literal('redact'), kind: kebab.default('chosen'), resources, why })
    .describe('Every text and number in the value becomes `[MASKED:<kind>]` and 0.'),
  z
    .strictObject({ path, action: z.literal('pseudonymise'), kind: kebab.default('chosen'), resources, why })
    .describe('Every text in the value becomes a pseudonym of this kind.'),
  z
    .strictObject({ path, action: z.literal('drop'), resources, why })
    .describe('The value is emptied: `{}`, `[]`, `""` or 0 is left, so that readers still find the member.'),
  z
    .strictObject({ path, action: z.literal('truncate'), characters: z.int().min(0).max(1_000_000), resources, why })
    .describe('Texts are cut after so many characters; what is left is masked as ever.'),
]);

/** The one definition of a policy file: type, check, JSON Schema and the table in docs/policies.md come from it. */
export const policySchema = z
  .strictObject({
    id: kebab.describe('Names the policy in records, metrics and `masks policy`.'),
    version: z.int().min(1).describe('Raised by you with every change; stands in every record beside id and digest.'),
    about: z.string().min(1).optional().describe('What it is for, and who decided it.'),
    base: z.enum(policyIds).describe('The built-in policy that it changes.'),
    enable: kinds.describe('Kinds that are off by default and should be masked too; `all` for every kind.'),
    disable: kinds.describe('Kinds that are not masked.'),
    actions: z
      .record(kebab, z.enum(['redact', 'pseudonymise', 'keep-last-4', 'keep']))
      .default({})
      .describe('What is done with a kind, in place of what its pack says.'),
    addresses: z
      .enum(['prefix', 'hmac', 'network'])
      .default('prefix')
      .describe(
        '`prefix`: another address, networks stay networks. `hmac`: `[MASKED:ip:…]`, nothing but equality. `network`: host bits become 0 (/24, /48).',
      ),
    keepUsers: z
      .array(z.string().min(1))
      .default([])
      .describe('User names that are not pseudonymised; a `*` at the end matches any rest.'),
    paths: z.array(pathRule).default([]).describe('What is done at places of your own.'),
  })
  .describe('A masking policy of your own.');

type PolicyText = z.infer<typeof policySchema>;
export type PolicyPath = PolicyText['paths'][number];

/** A policy of the user's own, as loaded; kinds are looked up when it is applied to packs. */
export interface PolicyFile extends Readonly<PolicyText> {
  readonly file: string;
  /** Where something stands in the file. */
  readonly locate: (path: YamlPath) => Location;
}

/** The JSON Schema (draft 2020-12) of a policy file, for editors. */
export function policyJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(policySchema, { io: 'input' }) as Record<string, unknown>;
}

/**
 * Reads a policy file (YAML).
 * @throws Faults E_POLICY_YAML, E_POLICY_UNKNOWN_KEY, E_POLICY_SHAPE, E_POLICY_ID, E_POLICY_KIND; each with line and column
 */
export function loadPolicy(input: PackFile): PolicyFile {
  const source = new PackSource(input);
  const syntax = source.syntaxFaults('E_POLICY_YAML');
  if (syntax.length > 0) throw new Faults(syntax);
  const result = policySchema.safeParse(source.document.toJS() ?? {});
  if (!result.success) throw new Faults(result.error.issues.flatMap((issue) => faultsOf(issue, source)));
  const policy = { ...result.data, file: input.file, locate: (at: YamlPath) => ({ file: input.file, ...source.place(at) }) };
  const faults = contradictions(policy);
  if (faults.length > 0) throw new Faults(faults);
  return policy;
}

function contradictions({ id, enable, disable, locate }: PolicyFile): readonly Fault[] {
  const faults: Fault[] = [];
  if ((policyIds as readonly string[]).includes(id)) {
    const remedy = 'Give your own another id: records are told apart by it.';
    faults.push(new Fault(`"${id}" is a built-in policy`, { code: 'E_POLICY_ID', remedy, location: locate(['id']) }));
  }
  disable.forEach((kind, i) => {
    if (!enable.includes(kind)) return;
    const remedy = 'Name it in one of them.';
    faults.push(
      new Fault(`"${kind}" is enabled and disabled`, { code: 'E_POLICY_KIND', remedy, location: locate(['disable', i]) }),
    );
  });
  return faults;
}

function faultsOf(issue: z.core.$ZodIssue, source: PackSource): readonly Fault[] {
  const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
  const remedy = 'See docs/policies.md, or `auditveil masks policy-schema`.';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const location = { file: source.file, ...source.placeOfKey(path, key) };
      const known = path.length === 0 ? Object.keys(policySchema.shape) : keysBelow[String(path[0])];
      return new Fault(`unknown key "${key}"`, {
        code: 'E_POLICY_UNKNOWN_KEY',
        remedy: known === undefined ? remedy : didYouMean(key, known),
        location,
      });
    });
  }
  const given = source.document.getIn(path);
  const missing = given === undefined;
  const allowed = issue.code === 'invalid_value' ? issue.values.map(String) : undefined;
  const what = missing
    ? 'is missing'
    : allowed !== undefined && allowed.length > 0
      ? `must be one of ${allowed.join(', ')}`
      : issue.code === 'invalid_union'
        ? 'must be keep, redact, pseudonymise, drop or truncate'
        : issue.message.replace(/^Invalid input: /, '');
  const closest = typeof given === 'string' && allowed ? closestWord(given, allowed) : undefined;
  const near = closest === undefined ? remedy : `Did you mean \`${closest}\`?`;
  return [source.fault(path, 'E_POLICY_SHAPE', `${path.join('.') || 'the policy'} ${what}`, near)];
}

/** Of the maps in lists, by the list. */
const keysBelow: Readonly<Record<string, readonly string[]>> = {
  paths: [...new Set(pathRule.options.flatMap(({ shape }) => Object.keys(shape)))],
};
