import { hmacSha256 } from '../crypto/hmac.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { systemRandom } from '../crypto/random.ts';
import type { Profile } from '../detection/rule.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import type { Pack } from '../masking/pack.ts';
import { applyPolicy, type PolicyId } from '../masking/policy.ts';
import { builtPlan } from './built-plans.ts';
import { composeEngine, type Engine, noRules } from './compose-engine.ts';
import { builtPacks, kernelModule, readYamlFiles, shippedMapping, shippedPacks, shippedRules } from './load-files.ts';

export interface EngineChoice {
  readonly policy: PolicyId;
  readonly enable: readonly string[];
  readonly keepUsers?: readonly string[];
  /** Own packs: files or folders, besides the shipped ones. */
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
}

/** Reads the packs and rules that were chosen and composes them. @throws Fault or Faults with file, line and column */
export async function openEngine(choice: EngineChoice): Promise<Engine> {
  const { policy, enable, keepUsers = [], packs = [], detect, keyRing } = choice;
  const [loaded, rules, kernel] = await Promise.all([openPacks(packs), detect ? openRules(detect) : noRules, kernelModule()]);
  return composeEngine({
    policy: applyPolicy(loaded, { policy, enable, keepUsers }),
    rules,
    keyRing,
    builtPlan,
    ...(kernel ? { kernel } : {}),
  });
}

/** The shipped packs and those at the paths. Loaders come in only where the build's copy does not do: starting depends on it. */
async function openPacks(paths: readonly string[]): Promise<readonly Pack[]> {
  const shipped = await shippedPacks();
  const built = paths.length === 0 ? await builtPacks(shipped) : undefined;
  if (built) return built;
  const own = await Promise.all(paths.map(readYamlFiles));
  const { loadPacks } = await import('../masking/load-pack.ts');
  return loadPacks([...shipped, ...own.flat()]);
}

async function openRules({ profile, builtIn, rules: paths }: RuleChoice): Promise<RuleSet> {
  const { loadRules } = await import('../detection/load-rules.ts');
  const files = builtIn ? [...(await shippedRules())] : [];
  for (const path of paths) files.push(...(await readYamlFiles(path)));
  const seed = Buffer.from(systemRandom(4)).readInt32LE();
  return loadRules(files, { profile, mapping: await shippedMapping(), seed });
}

/** Keyed hash of a text in hex, for ids of findings: the same text gives the same id under one key. */
export function identifier(keyRing: KeyRing): (text: string) => string {
  const key = keyRing.derive('finding');
  return (text) => Buffer.from(hmacSha256(key, text).subarray(0, 8)).toString('hex');
}
