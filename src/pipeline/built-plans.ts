import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PlanInput } from '../compile/compile-plan.ts';
import { decodePlan, planKey } from '../compile/plan-file.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import type { Plan } from '../scan/plan.ts';

const compiler = fileURLToPath(new URL('../compile/', import.meta.url));
const folder = fileURLToPath(new URL('../plans/', import.meta.url));

/** Where the build keeps the plan of exactly these packs and rules, compiled by exactly this compiler. */
export function builtPlanFile(input: Omit<PlanInput, 'digest'>): string {
  const modules = readdirSync(compiler).filter((name) => name.endsWith('.js'));
  const stamp = sha256Hex(modules.map((name) => readFileSync(compiler + name, 'latin1')).join('\0'));
  return `${folder}${planKey(input, stamp, sha256Hex)}.plan`;
}

/** The plan as the build compiled it; undefined where it did not: own packs, rules, kinds, or another compiler since. */
export function builtPlan(input: Omit<PlanInput, 'digest'>): Plan | undefined {
  try {
    return decodePlan(readFileSync(builtPlanFile(input)));
  } catch {
    return undefined;
  }
}
