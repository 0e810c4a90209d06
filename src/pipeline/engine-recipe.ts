import type { Inspector } from '../core/tile.ts';
import { parseKeyFile } from '../crypto/key-ring.ts';
import { systemRandom } from '../crypto/random.ts';
import type { FieldMapping } from '../detection/field-mapping.ts';
import type { RuleFile } from '../detection/load-rules.ts';
import type { Profile } from '../detection/rule.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import type { Policy } from '../masking/policy.ts';
import type { Plan } from '../scan/plan.ts';
import type { VaultTarget, VaultWriter } from '../vault/vault-writer.ts';
import { loadBuiltExpressions } from './built-expressions.ts';
import { inspectorOf, noRules } from './compose-engine.ts';
import type { TextFile } from './load-files.ts';

/** What rules are loaded from: texts that were read once, so that every thread has the same ones. */
export interface RuleTexts {
  readonly files: readonly RuleFile[];
  readonly mapping: FieldMapping;
  readonly profile: Profile;
  readonly falcoCompat: boolean;
  readonly exceptions: readonly TextFile[];
}

/** Everything but keys that an inspector is made from, as data that can be handed to another thread. */
export interface EngineRecipe {
  readonly policy: Policy;
  readonly plan: Plan;
  /** Undefined: nothing is detected. */
  readonly rules: RuleTexts | undefined;
  /** The compiled kernel; undefined: the TypeScript scanner does everything. */
  readonly kernel: Uint8Array | undefined;
  /** Where originals of pseudonyms are sealed; absent: nowhere. */
  readonly vault?: VaultTarget | undefined;
}

/** Keys on their way to another thread of this process. Never written anywhere else. */
export interface KeyMessage {
  /** Text of a key file. */
  readonly text: string;
  /** The epoch to use. */
  readonly epoch: string;
}

/** Loads rules. @throws Faults with file, line and column */
export async function rulesOf(texts: RuleTexts): Promise<RuleSet> {
  const { files, mapping, profile, falcoCompat, exceptions: excepted } = texts;
  const { loadRules } = await import('../detection/load-rules.ts');
  const seed = Buffer.from(systemRandom(4)).readInt32LE();
  if (excepted.length === 0) return loadRules(files, { profile, mapping, seed, falcoCompat });
  const { checkExceptions, readExceptions } = await import('../detection/exceptions.ts');
  const { exceptions, rules } = readExceptions(excepted, mapping);
  const set = loadRules([...files, ...rules], { profile, mapping, seed, falcoCompat });
  checkExceptions(exceptions, set);
  const own = new Set(exceptions.map(({ matchId }) => matchId));
  return { ...set, exceptions, infos: set.infos.filter(({ id }) => !own.has(id)) };
}

/** The writer of one thread. */
export async function openVaultWriter(vault: VaultTarget): Promise<VaultWriter> {
  const { VaultWriter: Writer } = await import('../vault/vault-writer.ts');
  return new Writer(vault, () => Date.now());
}

/** Makes inspectors as the thread that wrote the recipe does, one for each state of the keys. */
export async function inspectorsOf(recipe: EngineRecipe): Promise<(keys: KeyMessage) => Inspector> {
  loadBuiltExpressions();
  const { policy, plan, kernel, vault } = recipe;
  const seen = vault && (await openVaultWriter(vault)).seen;
  const rules = recipe.rules ? await rulesOf(recipe.rules) : noRules;
  return ({ text, epoch }) => inspectorOf({ plan, policy, rules, kernel, seen, keyRing: parseKeyFile(text, 'keys').of(epoch) });
}
