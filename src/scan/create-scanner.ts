import type { Plan } from './plan.ts';
import type { Codecs, MaskTexts } from './ports.ts';
import { ReferenceScanner } from './reference/scanner.ts';
import type { Scanner } from './scanner.ts';
import type { Kernel } from './simd/kernel.ts';

/** Builds a scanner for a plan; with a kernel, the parts that it can do run there. `seed` makes hash tables unpredictable; results do not depend on it. */
export function createScanner(plan: Plan, texts: MaskTexts, seed: number, kernel?: Kernel, codecs?: Codecs): Scanner {
  return new ReferenceScanner(plan, texts, seed, kernel, codecs);
}
