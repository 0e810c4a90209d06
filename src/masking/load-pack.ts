import type { z } from 'zod';
import { didYouMean } from '../core/closest-word.ts';
import { Fault, Faults } from '../core/faults.ts';
import { compilePattern } from '../scan/pattern.ts';
import type { MaskOperation, MaskRule, Pack, PackExample } from './pack.ts';
import { checkPack } from './pack-checks.ts';
import { type ExampleText, operationTypes, type PackText, packSchema, type RuleText } from './pack-schema.ts';
import { type PackFile, PackSource } from './pack-source.ts';

/**
 * Reads one pack from the text of its YAML file.
 * @throws Faults, each with file, line and column: E_PACK_YAML, E_PACK_UNKNOWN_KEY, E_PACK_SHAPE, E_PACK_OPERATION,
 *   E_PACK_CLASS, E_PACK_EXPRESSION, E_PACK_VALIDATOR, E_PACK_PATH, E_PACK_EXAMPLE, E_PACK_DUPLICATE
 */
export function loadPack(input: PackFile): Pack {
  const source = new PackSource(input);
  const syntax = source.syntaxFaults();
  if (syntax.length > 0) throw new Faults(syntax);
  const result = packSchema.safeParse(source.document.toJS());
  if (!result.success) throw new Faults(result.error.issues.flatMap((issue) => describeIssue(issue, source)));
  const faults = result.data.rules.flatMap((rule, i) => checkOperations(rule, i, source));
  if (faults.length > 0) throw new Faults(faults);
  const pack = toPack(result.data, source);
  const found = checkPack(pack, source, (expression) => void compilePattern(expression));
  if (found.length > 0) throw new Faults(found);
  return pack;
}

/** Reads several packs; ids of packs and of rules are unique across them. All faults of all files come at once. */
export function loadPacks(inputs: readonly PackFile[]): readonly Pack[] {
  const faults: Fault[] = [];
  const packs: Pack[] = [];
  const owners = new Map<string, string>();
  for (const input of inputs) {
    try {
      const pack = loadPack(input);
      packs.push(pack);
      for (const [id, line] of [[pack.id, 1] as const, ...pack.rules.map((rule) => [`rule ${rule.id}`, rule.line] as const)]) {
        const owner = owners.get(id);
        owners.set(id, owner ?? pack.file);
        if (owner !== undefined) faults.push(duplicate(id, owner, { file: pack.file, line, column: 1 }));
      }
    } catch (error) {
      if (!(error instanceof Faults)) throw error;
      faults.push(...error.faults);
    }
  }
  if (faults.length > 0) throw new Faults(faults);
  return packs;
}

function duplicate(id: string, owner: string, location: { file: string; line: number; column: number }): Fault {
  return new Fault(`${id} is already in ${owner}`, { code: 'E_PACK_DUPLICATE', remedy: 'Give it another id.', location });
}

function describeIssue(issue: z.core.$ZodIssue, source: PackSource): Fault[] {
  const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
  const remedy = 'See docs/masking.md for the shape of a pack.';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const location = { file: source.file, ...source.placeOfKey(path, key) };
      return new Fault(`unknown key "${key}"`, { code: 'E_PACK_UNKNOWN_KEY', remedy: didYouMean(key, knownKeys), location });
    });
  }
  const where = path.join('.') || 'the pack';
  return [
    source.fault(
      path,
      'E_PACK_SHAPE',
      `${where}: ${issue.message.replace(/^Invalid input: (?:expected .*, received undefined$)?/, '') || 'is missing'}`,
      remedy,
    ),
  ];
}

/** Every key a pack may have anywhere: near enough to guess what a misspelt one was meant to be. */
const knownKeys: readonly string[] = [
  ...['id', 'summary', 'names', 'rules', 'examples', 'kind', 'category', 'about', 'action', 'pseudonym', 'enabled'],
  ...['in', 'when', 'event', 'mask', 'except', 'unless', 'encode', 'class', 'scalars', 'command', 'format', 'expression'],
  ...['group', 'trigger', 'validate', 'members', 'only', 'name', 'rule', 'text', 'enable', 'gone', 'stays', 'unchanged'],
  ...operationTypes,
];

function checkOperations(rule: RuleText, index: number, source: PackSource): Fault[] {
  const given = operationTypes.filter((type) => rule[type] !== undefined);
  if (given.length === 1) return [];
  const message = given.length === 0 ? `rule ${rule.id} says nothing to do` : `rule ${rule.id} has ${given.join(' and ')}`;
  const remedy = `Give it exactly one of ${operationTypes.join(', ')}.`;
  return [source.fault(['rules', index], 'E_PACK_OPERATION', message, remedy)];
}

function toPack(text: PackText, source: PackSource): Pack {
  return {
    id: text.id,
    summary: text.summary,
    file: source.file,
    names: text.names as Pack['names'],
    rules: text.rules.map((rule, i) => toRule(rule, source.place(['rules', i]).line)),
    examples: text.examples.map((example, i) => toExample(example, source.place(['examples', i]).line)),
  };
}

function toRule(rule: RuleText, line: number): MaskRule {
  const type = operationTypes.find((name) => rule[name] !== undefined)!;
  const fields = rule[type] as Readonly<Record<string, unknown>>;
  const validate = typeof fields['validate'] === 'string' ? { validate: [fields['validate']] } : {};
  return {
    id: rule.id,
    kind: rule.kind,
    category: rule.category,
    about: rule.about,
    action: type === 'keep' ? 'keep' : rule.action,
    pseudonym: rule.pseudonym,
    enabled: rule.enabled,
    operation: { type, ...withoutUndefined(fields), ...validate } as unknown as MaskOperation,
    line,
  };
}

function toExample(example: ExampleText, line: number): PackExample {
  const list = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);
  return {
    name: example.name,
    rules: list(example.rule),
    ...(example.event === undefined ? {} : { event: example.event }),
    ...(example.text === undefined ? {} : { text: example.text }),
    enable: list(example.enable),
    gone: list(example.gone),
    stays: list(example.stays),
    unchanged: example.unchanged,
    line,
  };
}

function withoutUndefined(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
