import type { Condition } from '../masking/pack.ts';

/** The object has no such member. */
export function isAbsence(condition: Condition): condition is { readonly absent: true } {
  return typeof condition === 'object' && 'absent' in condition;
}

/** The member is none of these. */
export function isExclusion(condition: Condition): condition is { readonly not: readonly string[] } {
  return typeof condition === 'object' && 'not' in condition;
}
