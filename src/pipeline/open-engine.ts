import { hmacSha256 } from '../crypto/hmac.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { systemRandom } from '../crypto/random.ts';
import type { Profile } from '../detection/rule.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import { applyPolicy } from '../masking/policy.ts';
import { builtPlan } from './built-plans.ts';
import { composeEngine, type Engine, noRules } from './compose-engine.ts';
import { kernelModule, readYamlFiles, shippedMapping, shippedRules, type TextFile } from './load-files.ts';
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

/** Reads the packs and rules that were chosen and composes them. @throws Fault or Faults with file, line and column */
export async function openEngine(choice: EngineChoice): Promise<Engine> {
  const { enable, keepUsers = [], packs = [], detect, keyRing } = choice;
  const [policy, loaded, rules, kernel] = await Promise.all([
    readPolicy(choice.policy),
    openPacks(packs),
    detect ? openRules(detect) : noRules,
    kernelModule(),
  ]);
  return composeEngine({
    policy: applyPolicy(loaded.packs, { policy, enable, keepUsers }),
    rules,
    keyRing,
    builtPlan,
    ...(kernel ? { kernel } : {}),
  });
}

async function openRules(choice: RuleChoice): Promise<RuleSet> {
  const { profile, builtIn, rules: paths, lists = [], falcoCompat = false } = choice;
  const { loadRules } = await import('../detection/load-rules.ts');
  const files = builtIn ? [...(await shippedRules())] : [];
  for (const path of paths) files.push(...(await readYamlFiles(path)));
  files.push(...(await readLists(lists, files)));
  const seed = Buffer.from(systemRandom(4)).readInt32LE();
  const mapping = await shippedMapping();
  const excepted = await exceptionTexts(choice);
  if (excepted.length === 0) return loadRules(files, { profile, mapping, seed, falcoCompat });
  const { checkExceptions, readExceptions } = await import('../detection/exceptions.ts');
  const { exceptions, rules } = readExceptions(excepted, mapping);
  const set = loadRules([...files, ...rules], { profile, mapping, seed, falcoCompat });
  checkExceptions(exceptions, set);
  const own = new Set(exceptions.map(({ matchId }) => matchId));
  return { ...set, exceptions, infos: set.infos.filter(({ id }) => !own.has(id)) };
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
