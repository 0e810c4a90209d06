import { hmacSha256 } from '../crypto/hmac.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { Profile } from '../detection/rule.ts';
import type { PolicyId } from '../masking/policy.ts';
import { type Engine, loadEngine } from './engine.ts';
import { builtPacks, kernelModule, readYamlFiles, shippedMapping, shippedPacks, shippedRules } from './load-files.ts';

export interface EngineChoice {
  readonly policy: PolicyId;
  readonly enable: readonly string[];
  readonly keepUsers?: readonly string[];
  /** Own packs: files or folders, besides the shipped ones. */
  readonly packs?: readonly string[];
  /** Undefined: nothing is detected. */
  readonly detect?: {
    readonly profile: Profile;
    readonly builtIn: boolean;
    /** Own rules: files or folders. */
    readonly rules: readonly string[];
  };
  readonly keyRing: KeyRing;
}

/** Reads the packs and rules that were chosen and composes them. @throws Fault or Faults with file, line and column */
export async function openEngine(choice: EngineChoice): Promise<Engine> {
  const { policy, enable, keepUsers = [], packs = [], detect, keyRing } = choice;
  const own = await Promise.all(packs.map(readYamlFiles));
  const shipped = await shippedPacks();
  const kernel = await kernelModule();
  const built = own.length === 0 ? await builtPacks(shipped) : undefined;
  const packFiles = [...shipped, ...own.flat()];
  const ruleFiles = detect?.builtIn ? [...(await shippedRules())] : [];
  for (const path of detect?.rules ?? []) ruleFiles.push(...(await readYamlFiles(path)));
  return loadEngine({
    policy,
    enable,
    keepUsers,
    packFiles,
    ...(built ? { packs: built } : {}),
    ...(kernel ? { kernel } : {}),
    ruleFiles,
    keyRing,
    ...(detect ? { profile: detect.profile, mapping: await shippedMapping() } : {}),
  });
}

/** Keyed hash of a text in hex, for ids of findings: the same text gives the same id under one key. */
export function identifier(keyRing: KeyRing): (text: string) => string {
  const key = keyRing.derive('finding');
  return (text) => Buffer.from(hmacSha256(key, text).subarray(0, 8)).toString('hex');
}
