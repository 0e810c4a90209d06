import { compilePlan } from '../compile/compile-plan.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import type { Pack } from '../masking/pack.ts';
import { applyPolicy } from '../masking/policy.ts';

export interface PackLint {
  readonly rules: number;
  readonly patterns: number;
  /** Ids of rules whose pattern is tried on every text. */
  readonly slow: readonly string[];
}

/** Compiles all kinds of the packs and says what is slow. @throws Fault with file and line where one cannot be compiled */
export function lintPacks(packs: readonly Pack[]): PackLint {
  const policy = applyPolicy(packs, { policy: 'standard', enable: ['all'], keepUsers: [] });
  const digest = (text: string): string => sha256Hex(text).slice(0, 32);
  const plan = compilePlan({ packs: policy.packs, fields: [], rules: [], correlations: [], digest });
  const triggered = new Set(plan.triggers.flatMap((trigger) => trigger.patterns));
  const slow = plan.patterns.filter((_, number) => !triggered.has(number));
  return {
    rules: plan.maskRules.length,
    patterns: plan.patterns.length,
    slow: slow.map((pattern) => plan.maskRules[pattern.rule]?.id ?? 'built-in'),
  };
}
