import { hmacSha256 } from '../crypto/hmac.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { Profile } from '../detection/rule.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import { applyPolicy } from '../masking/policy.ts';
import type { VaultTarget, VaultWriter } from '../vault/vault-writer.ts';
import { builtPlan } from './built-plans.ts';
import { withBuiltTrees } from './built-rules.ts';
import { composeEngine, type Engine, noRules } from './compose-engine.ts';
import { type EngineRecipe, openVaultWriter, type RuleTexts, rulesOf } from './engine-recipe.ts';
import {
  kernelModule,
  readRuleFiles,
  readYamlFiles,
  shippedMapping,
  shippedMappingText,
  shippedRules,
  type TextFile,
} from './load-files.ts';
import { openPacks } from './open-packs.ts';
import { readPolicy } from './read-policy.ts';

export interface EngineChoice {
  /** A built-in policy, or the path of a policy file. */
  readonly policy: string;
  readonly enable: readonly string[];
  readonly keepUsers?: readonly string[];
  /** Own packs: YAML or gitleaks TOML files, or folders of them, besides the shipped ones. */
  readonly packs?: readonly string[];
  /** Undefined: nothing is detected. */
  readonly detect?: RuleChoice;
  readonly keyRing: KeyRing;
  /** Where originals of pseudonyms are sealed; absent: nowhere. */
  readonly vault?: VaultTarget | undefined;
  /** Other threads will make the same engine: what they need for that stays in memory. */
  readonly shared?: boolean;
}

export interface RuleChoice {
  readonly profile: Profile;
  readonly builtIn: boolean;
  /** Own rules: files or folders. */
  readonly rules: readonly string[];
  /** Files of lists that rules ask for, or folders of them. */
  readonly lists?: readonly string[];
  /** Falco rules read fields and compare as Falco does, mistakes included. */
  readonly falcoCompat?: boolean;
  /** Files of exceptions, and exceptions as the configuration has them. */
  readonly exceptionFiles?: readonly string[];
  readonly exceptions?: readonly Readonly<Record<string, unknown>>[];
}

/** An engine, and what another thread makes the same one from, where it was opened to be shared. */
export interface OpenedEngine extends Engine {
  readonly recipe?: EngineRecipe;
  /** Seals originals of this thread. */
  readonly vault?: VaultWriter | undefined;
}

/** Reads the packs and rules that were chosen and composes them. @throws Fault or Faults with file, line and column */
export async function openEngine(choice: EngineChoice): Promise<OpenedEngine> {
  const { enable, keepUsers = [], packs = [], detect, keyRing } = choice;
  const [policyChosen, loaded, texts, kernel] = await Promise.all([
    readPolicy(choice.policy),
    openPacks(packs),
    detect && readRuleTexts(detect),
    kernelModule(),
  ]);
  const policy = applyPolicy(loaded.packs, { policy: policyChosen, enable, keepUsers });
  const rules = texts ? await rulesOf(texts) : noRules;
  const { vault } = choice;
  const writer = vault && (await openVaultWriter(vault));
  const engine = composeEngine({ policy, rules, keyRing, builtPlan, seen: writer?.seen, ...(kernel ? { kernel } : {}) });
  const recipe = choice.shared ? { policy, plan: engine.plan, rules: texts, kernel, vault } : undefined;
  return Object.assign(engine, { vault: writer }, recipe && { recipe });
}

/** Only the rules, for what looks at them and not at events. @throws Fault or Faults with file, line and column */
export async function openRules(choice: RuleChoice): Promise<RuleSet> {
  return rulesOf(await readRuleTexts(choice));
}

async function readRuleTexts(choice: RuleChoice): Promise<RuleTexts> {
  const { profile, builtIn, rules: paths, lists = [], falcoCompat = false } = choice;
  const mappingText = shippedMappingText();
  const built = withBuiltTrees(builtIn ? await shippedRules() : [], mappingText);
  const files = [...built.files];
  for (const path of paths) files.push(...(await readRuleFiles(path)));
  files.push(...(await readLists(lists, files)));
  return {
    files,
    mapping: built.mapping ?? (await shippedMapping()),
    profile,
    falcoCompat,
    exceptions: await exceptionTexts(choice),
  };
}

/** Files that fill lists of the rules. @throws Faults where something else stands in them, or no rule asks for a list */
export async function readLists(paths: readonly string[], rules: readonly TextFile[]): Promise<readonly TextFile[]> {
  if (paths.length === 0) return [];
  const lists = (await Promise.all(paths.map(readYamlFiles))).flat();
  const { checkLists } = await import('../detection/sigma/placeholder-document.ts');
  checkLists(lists, rules);
  return lists;
}

async function exceptionTexts({ exceptionFiles = [], exceptions = [] }: RuleChoice): Promise<readonly TextFile[]> {
  const files = (await Promise.all(exceptionFiles.map(readYamlFiles))).flat();
  if (exceptions.length === 0) return files;
  const { stringify } = await import('yaml');
  return [...files, { file: 'detect.exceptions of the configuration', text: stringify({ exceptions }) }];
}

/** Keyed hash of a text in hex, for ids of findings: the same text gives the same id under one key. */
export function identifier(keyRing: KeyRing): (text: string) => string {
  const key = keyRing.derive('finding');
  return (text) => Buffer.from(hmacSha256(key, text).subarray(0, 8)).toString('hex');
}
