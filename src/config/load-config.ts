import { dirname, resolve } from 'node:path';
import { type Document, isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { closestWord, didYouMean } from '../core/closest-word.ts';
import { Fault, Faults, type Location } from '../core/faults.ts';
import { yamlHint } from '../core/yaml-hint.ts';
import { policyIds } from '../masking/policy.ts';
import { absoluteFiles } from './absolute-files.ts';
import { checkApiservers } from './check-apiservers.ts';
import { checkCheckpoints, checkRouting } from './check-routing.ts';
import { expandEnv } from './expand-env.ts';
import type { SchemaNode } from './reference-page.ts';
import { type Config, configJsonSchema, configSchema } from './schema.ts';

/** A configuration file after parsing, before its paths are made absolute. */
interface Parsed {
  readonly document: Document;
  readonly locate: (offset: number) => Location;
}

/**
 * Reads a configuration: YAML 1.2 or JSON, then `${env:NAME}`, then the schema. Paths become absolute, relative to the
 * file's folder. All faults of a file come at once.
 * @throws Faults E_CONFIG_SYNTAX, E_CONFIG_ENV, E_CONFIG_UNKNOWN_KEY, E_CONFIG_VALUE, E_CONFIG_NAME, E_CONFIG_ROUTE
 */
export function loadConfig(text: string, file: string, env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = parse(text, file);
  const unset = expandEnv(parsed.document, env, parsed.locate);
  const result = configSchema.safeParse(parsed.document.toJS() ?? {});
  if (!result.success || unset.length > 0) {
    const wrong = result.success ? [] : result.error.issues.flatMap((issue) => faultsOf(issue, parsed));
    // What an unset variable left empty is no second fault.
    throw new Faults(inOrder([...unset, ...wrong.filter((fault) => !unset.some((other) => isAtSamePlace(fault, other)))]));
  }
  const { data } = result;
  const misnamed = [...repeatedNames(data, parsed), ...wrongRoutes(data, parsed), ...wrongApiservers(data, parsed)];
  if (misnamed.length > 0) throw new Faults(misnamed);
  return absolutePaths(data, dirname(resolve(file)));
}

const isAtSamePlace = ({ location: a }: Fault, { location: b }: Fault): boolean => a?.line === b?.line && a?.column === b?.column;

/** As they stand in the file. */
function inOrder(faults: readonly Fault[]): Fault[] {
  const place = ({ location }: Fault): number => (location?.line ?? 0) * 1e6 + (location?.column ?? 0);
  return [...faults].sort((a, b) => place(a) - place(b));
}

function parse(text: string, file: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const locate = (offset: number): Location => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  if (document.errors.length > 0) {
    throw new Faults(
      document.errors.map(
        (error) =>
          new Fault(`not valid YAML: ${yamlHint(error.code)}`, {
            code: 'E_CONFIG_SYNTAX',
            remedy: 'Check indentation, quotes and brackets near this place.',
            location: locate(error.pos[0]),
          }),
      ),
    );
  }
  return { document, locate };
}

function faultsOf(issue: z.core.$ZodIssue, parsed: Parsed): Fault[] {
  if (issue.code !== 'unrecognized_keys') {
    const option = issue.path.join('.') || 'the file';
    return [
      new Fault(`${option}: ${reason(issue, parsed)}`, {
        code: 'E_CONFIG_VALUE',
        remedy: remedyOf(issue, parsed),
        location: locationOf(parsed, issue.path),
      }),
    ];
  }
  const known = knownKeys(issue.path, parsed);
  return issue.keys.map(
    (key) =>
      new Fault(`unknown option \`${[...issue.path, key].join('.')}\``, {
        code: 'E_CONFIG_UNKNOWN_KEY',
        remedy: didYouMean(key, known),
        location: keyLocation(parsed, issue.path, key),
      }),
  );
}

function reason(issue: z.core.$ZodIssue, parsed: Parsed): string {
  if (issue.code === 'invalid_value' && issue.path.length > 0 && !parsed.document.hasIn(issue.path))
    return `is missing (${issue.values.map(String).join(' or ')})`;
  if (issue.code === 'invalid_value' && issue.values.length > 1) return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message)) return 'is missing';
  if (issue.code === 'invalid_union') return 'its `type` is missing or unknown';
  return issue.message.replace(/^Invalid input: /, '');
}

/** Of what stands there only a word like the right one is quoted back, never the file's own. */
function remedyOf(issue: z.core.$ZodIssue, parsed: Parsed): string {
  const given: unknown = parsed.document.getIn(issue.path);
  if (issue.code === 'invalid_union') {
    const types = knownTypes(issue.path);
    return typeof given === 'string' ? didYouMean(given, types) : `Known: ${types.join(', ')}.`;
  }
  const closest = typeof given === 'string' ? closestWord(given, allowedWords(issue)) : undefined;
  return closest === undefined ? 'See docs/config.md, or `auditveil config schema`.' : `Did you mean \`${closest}\`?`;
}

/** What the entries of a list may be, where their `type` says which they are. */
function knownTypes([list]: readonly PropertyKey[]): readonly string[] {
  const { items } = (configJsonSchema() as SchemaNode).properties?.[String(list)] ?? {};
  return (items?.oneOf ?? items?.anyOf ?? []).map(({ properties }) => String(properties?.['type']?.const));
}

/** The words an option takes; the policy is one of some words or a path, so its check is no list of values. */
function allowedWords(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.path.join('.') === 'masking.policy') return policyIds;
  return issue.code === 'invalid_value' ? issue.values.map(String) : [];
}

function locationOf(parsed: Parsed, path: readonly PropertyKey[]): Location {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? parsed.document.contents : parsed.document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly number[] | null } | undefined)?.range;
    if (range) return parsed.locate(range[0] ?? 0);
  }
  return parsed.locate(0);
}

function keyLocation(parsed: Parsed, path: readonly PropertyKey[], key: string): Location {
  const map = path.length === 0 ? parsed.document.contents : parsed.document.getIn(path, true);
  if (isMap(map)) {
    for (const pair of map.items) {
      if (isPair(pair) && isScalar(pair.key) && String(pair.key.value) === key) return parsed.locate(pair.key.range?.[0] ?? 0);
    }
  }
  return locationOf(parsed, path);
}

/** The options known at a path, read from the schema; of a union, those of the member whose `type` the file names. */
function knownKeys(path: readonly PropertyKey[], parsed: Parsed): string[] {
  const root = configJsonSchema() as SchemaNode;
  let node: SchemaNode | undefined = root;
  path.forEach((step, i) => {
    node = typeof step === 'number' ? node?.items : node?.properties?.[String(step)];
    if (node?.$ref !== undefined) node = root.$defs?.[node.$ref.slice(node.$ref.lastIndexOf('/') + 1)];
    const members: readonly SchemaNode[] | undefined = node?.oneOf ?? node?.anyOf;
    if (members) {
      const type = parsed.document.getIn([...path.slice(0, i + 1), 'type']);
      node = members.find((member) => member.properties?.['type']?.const === type) ?? members[0];
    }
  });
  return Object.keys(node?.properties ?? {});
}

function repeatedNames(config: Config, parsed: Parsed): Fault[] {
  const faults: Fault[] = [];
  for (const list of ['sources', 'sinks'] as const) {
    const seen = new Set<string>();
    config[list].forEach((entry, i) => {
      if (seen.has(entry.name)) {
        faults.push(
          new Fault(`${list}.${i}.name: \`${entry.name}\` is used twice`, {
            code: 'E_CONFIG_NAME',
            remedy: 'Give each a `name` of its own: positions and records are told apart by it.',
            location: locationOf(parsed, [list, i, 'name']),
          }),
        );
      }
      seen.add(entry.name);
    });
  }
  return faults;
}

function wrongRoutes({ routing, sinks, log }: Config, parsed: Parsed): Fault[] {
  const names = sinks.filter(({ content }) => content === 'findings').map(({ name }) => name);
  const faults = [...(routing ? checkRouting(routing, names) : []), ...checkCheckpoints(log.checkpoints, names)];
  return faults.map(
    ({ path, message, remedy }) =>
      new Fault(`${path.join('.')}: ${message}`, { code: 'E_CONFIG_ROUTE', remedy, location: locationOf(parsed, path) }),
  );
}

function wrongApiservers({ cluster, sources }: Config, parsed: Parsed): Fault[] {
  const names = sources.map(({ name }) => name);
  return checkApiservers(cluster.apiservers ?? [], names).map(
    ({ path, message, remedy }) =>
      new Fault(`${path.join('.')}: ${message}`, { code: 'E_CONFIG_NAME', remedy, location: locationOf(parsed, path) }),
  );
}

function absolutePaths(config: Config, folder: string): Config {
  const from = (path: string): string => resolve(folder, path);
  const { masking, ...others } = absoluteFiles(configSchema, config, from);
  // The word of a policy of ours, or the path of another one.
  const policy = /[./\\]/.test(masking.policy) ? from(masking.policy) : masking.policy;
  return { ...others, masking: { ...masking, policy } };
}
