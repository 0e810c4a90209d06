import type { KeyRing } from '../crypto/key-ring.ts';
import { systemRandom } from '../crypto/random.ts';
import type { FieldMapping } from '../detection/field-mapping.ts';
import { loadRules, type RuleFile } from '../detection/load-rules.ts';
import type { Profile } from '../detection/rule.ts';
import { loadPacks } from '../masking/load-pack.ts';
import type { PackFile } from '../masking/pack-source.ts';
import { applyPolicy, type PolicyOptions } from '../masking/policy.ts';
import { composeEngine, type Engine } from './compose-engine.ts';

export type { Engine } from './compose-engine.ts';

export interface EngineOptions {
  readonly policy: PolicyOptions['policy'];
  /** Kinds to enable besides the defaults; `all` for every one. */
  readonly enable: readonly string[];
  readonly keepUsers: readonly string[];
  readonly packFiles: readonly PackFile[];
  /** Empty where nothing is to be detected. */
  readonly ruleFiles: readonly RuleFile[];
  readonly mapping?: FieldMapping;
  readonly profile?: Profile;
  /** Shipped rules must carry examples. */
  readonly requireTests?: boolean;
  readonly keyRing: KeyRing;
  /** The compiled kernel; absent: the TypeScript scanner does everything. */
  readonly kernel?: Uint8Array;
}

/** The hot path from texts of packs and rules. @throws Fault or Faults with file, line and column where one is wrong */
export function loadEngine(options: EngineOptions): Engine {
  const { packFiles, ruleFiles, mapping, profile, requireTests, keyRing, kernel } = options;
  const policy = applyPolicy(loadPacks(packFiles), options);
  const rules = loadRules(ruleFiles, {
    seed: Buffer.from(systemRandom(4)).readInt32LE(),
    ...(mapping === undefined ? {} : { mapping }),
    ...(profile === undefined ? {} : { profile }),
    ...(requireTests === undefined ? {} : { requireTests }),
  });
  return composeEngine({ policy, rules, keyRing, ...(kernel === undefined ? {} : { kernel }) });
}
