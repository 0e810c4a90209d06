import type { Plan } from './plan.ts';
import type { MaskTexts } from './ports.ts';
import { ReferenceScanner } from './reference/scanner.ts';
import type { Scanner } from './scanner.ts';

/** Builds a scanner for a plan. `seed` makes hash tables unpredictable; results do not depend on it. */
export function createScanner(plan: Plan, texts: MaskTexts, seed: number): Scanner {
  return new ReferenceScanner(plan, texts, seed);
}
