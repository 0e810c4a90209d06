import { compilePlan, type PlanInput } from '../compile/compile-plan.ts';
import type { Inspector } from '../core/tile.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { systemRandom } from '../crypto/random.ts';
import { sha256, sha256Hex } from '../crypto/sha256.ts';
import { SipHash } from '../crypto/siphash.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import { EventInspector } from '../inspect/inspector.ts';
import { RecordDictionaries } from '../inspect/record-dictionaries.ts';
import { KeyedMaskTexts } from '../masking/mask-texts.ts';
import type { Policy } from '../masking/policy.ts';
import { createScanner } from '../scan/create-scanner.ts';
import type { Plan } from '../scan/plan.ts';
import { Kernel } from '../scan/simd/kernel.ts';
import { KernelHash } from '../scan/simd/kernel-hash.ts';
import type { SeenOriginal } from '../vault/vault-writer.ts';
import { gzip } from './gzip.ts';

/** Packs, rules and keys composed into the hot path. */
export interface Engine {
  /** Made when it is first asked for. */
  readonly inspector: Inspector;
  /** The same packs and rules with other keys: what takes over when a key epoch begins. */
  readonly inspectorWith: (keyRing: KeyRing) => Inspector;
  readonly plan: Plan;
  readonly policy: Policy;
  readonly rules: RuleSet;
}

export interface EngineParts {
  readonly policy: Policy;
  readonly rules: RuleSet;
  readonly keyRing: KeyRing;
  /** The compiled kernel; absent: the TypeScript scanner does everything. */
  readonly kernel?: Uint8Array;
  /** Told of originals of pseudonyms. */
  readonly seen?: SeenOriginal | undefined;
  /** A plan compiled before from the same packs and rules; undefined where there is none. */
  readonly builtPlan?: (input: Omit<PlanInput, 'digest'>) => Plan | undefined;
}

/** Masks only: nothing is extracted for rules and nothing matches. */
export const noRules: RuleSet = {
  rules: [],
  correlations: [],
  stateNames: [],
  infos: [],
  matcher: { fields: [], match: () => undefined },
};

/** Composes what has been loaded. @throws Fault with file and line where a pack cannot be compiled */
export function composeEngine({ policy, rules, keyRing, kernel: module, builtPlan, seen }: EngineParts): Engine {
  const input = planInput(policy, rules);
  const plan = builtPlan?.(input) ?? compilePlan({ ...input, digest: (text) => sha256Hex(text).slice(0, 32) });
  const inspectorWith = (ring: KeyRing): Inspector => inspectorOf({ plan, policy, rules, keyRing: ring, kernel: module, seen });
  let own: Inspector | undefined;
  return {
    // A pipeline makes others, one for each key epoch or worker; each has caches and a kernel's memory of its own.
    get inspector() {
      own ??= inspectorWith(keyRing);
      return own;
    },
    inspectorWith,
    plan,
    policy,
    rules,
  };
}

export interface InspectorChoice extends Pick<EngineParts, 'policy' | 'rules' | 'keyRing' | 'seen'> {
  readonly plan: Plan;
  readonly kernel: Uint8Array | undefined;
}

/** The hot path over a plan that is compiled, with these keys. */
export function inspectorOf({ plan, policy, rules, keyRing, kernel: module, seen }: InspectorChoice): Inspector {
  const texts = new KeyedMaskTexts(
    plan.maskRules.map((rule) => ({ ...rule, kind: plan.kinds[rule.kind] as string })),
    keyRing,
    seen && ((kind, value, pseudonym) => seen(keyRing.keyId, kind, value, pseudonym)),
  );
  const [digestKey, stateKey] = [keyRing.derive('digest', 16).reveal(), keyRing.derive('state', 16).reveal()];
  const kernel = module && new Kernel(module);
  const seed = Buffer.from(systemRandom(4)).readInt32LE();
  return new EventInspector({
    plan,
    scanner: createScanner(plan, texts, seed, kernel, gzip),
    matcher: rules.matcher,
    dictionaries: new RecordDictionaries(
      plan,
      { id: policy.id, version: policy.version, digest: policy.digest },
      keyRing.keyId,
      sha256,
    ),
    digest: kernel ? new KernelHash(kernel, digestKey) : new SipHash(digestKey),
    ...(kernel && {
      beginTile: (bytes: Uint8Array, start: number, end: number): void => {
        kernel.unload();
        kernel.load(bytes, start, end);
      },
    }),
    stateHash: kernel ? new KernelHash(kernel, stateKey, true) : new SipHash(stateKey),
  });
}

/** What the plan of a policy and a rule set is compiled from. */
export function planInput(policy: Policy, rules: RuleSet): Omit<PlanInput, 'digest'> {
  return {
    packs: policy.packs,
    fields: rules.matcher.fields,
    rules: rules.rules.map(({ rule }) => rule.info.id),
    correlations: rules.stateNames,
  };
}
