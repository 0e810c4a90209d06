import { compilePlan } from '../compile/compile-plan.ts';
import type { Inspector } from '../core/tile.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { systemRandom } from '../crypto/random.ts';
import { sha256, sha256Hex } from '../crypto/sha256.ts';
import { SipHash } from '../crypto/siphash.ts';
import type { FieldMapping } from '../detection/field-mapping.ts';
import { loadRules, type RuleFile } from '../detection/load-rules.ts';
import type { Profile } from '../detection/rule.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import { EventInspector } from '../inspect/inspector.ts';
import { RecordDictionaries } from '../inspect/record-dictionaries.ts';
import { loadPacks } from '../masking/load-pack.ts';
import { KeyedMaskTexts } from '../masking/mask-texts.ts';
import type { Pack } from '../masking/pack.ts';
import type { PackFile } from '../masking/pack-source.ts';
import { applyPolicy, type Policy, type PolicyId } from '../masking/policy.ts';
import { createScanner } from '../scan/create-scanner.ts';
import type { Plan } from '../scan/plan.ts';
import { Kernel, KernelHash } from '../scan/simd/kernel.ts';

export interface EngineOptions {
  readonly policy: PolicyId;
  /** Kinds to enable besides the defaults; `all` for every one. */
  readonly enable: readonly string[];
  readonly keepUsers: readonly string[];
  readonly packFiles: readonly PackFile[];
  /** The same packs, loaded before. */
  readonly packs?: readonly Pack[];
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

/** Packs, rules and keys composed into the hot path. */
export interface Engine {
  readonly inspector: Inspector;
  readonly plan: Plan;
  readonly policy: Policy;
  readonly rules: RuleSet;
}

/** @throws Fault or Faults with file, line and column where a pack or rule is wrong */
export function loadEngine(options: EngineOptions): Engine {
  const { packFiles, ruleFiles, mapping, profile, requireTests, keyRing } = options;
  const seed = Buffer.from(systemRandom(4)).readInt32LE();
  const policy = applyPolicy(options.packs ?? loadPacks(packFiles), options);
  const rules = loadRules(ruleFiles, {
    seed,
    ...(mapping === undefined ? {} : { mapping }),
    ...(profile === undefined ? {} : { profile }),
    ...(requireTests === undefined ? {} : { requireTests }),
  });
  const plan = compilePlan({
    packs: policy.packs,
    fields: rules.matcher.fields,
    rules: rules.rules.map(({ rule }) => rule.info.id),
    correlations: rules.correlations.map(({ rule }) => rule.info.id),
    digest: (text) => sha256Hex(text).slice(0, 32),
  });
  const texts = new KeyedMaskTexts(
    plan.maskRules.map((rule) => ({ ...rule, kind: plan.kinds[rule.kind] as string })),
    keyRing,
  );
  const digestKey = keyRing.derive('digest', 16).reveal();
  const kernel = options.kernel && new Kernel(options.kernel);
  const inspector = new EventInspector({
    plan,
    scanner: createScanner(plan, texts, seed, kernel),
    matcher: rules.matcher,
    dictionaries: new RecordDictionaries(plan, policy, sha256),
    digest: kernel ? new KernelHash(kernel, digestKey) : new SipHash(digestKey),
    ...(kernel && {
      beginTile: (bytes: Uint8Array, start: number, end: number): void => {
        kernel.unload();
        kernel.load(bytes, start, end);
      },
    }),
    stateHash: new SipHash(keyRing.derive('state', 16).reveal()),
  });
  return { inspector, plan, policy, rules };
}
