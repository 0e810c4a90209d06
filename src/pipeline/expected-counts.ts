import type { RuleInfo } from '../core/finding.ts';
import { builtinRules } from '../findings/builtin.ts';
import type { Meter } from './meter.ts';

export interface Expected {
  readonly rules: readonly RuleInfo[];
  readonly sinks: readonly { readonly name: string }[];
}

/**
 * Starts counters at 0 before there is anything to count. Prometheus computes a rate from two values of a series: of one that begins
 * with 1 the first event would never be seen, and the first finding of a rule is the one that matters.
 * @returns the meter
 */
export function expectCounts(meter: Meter, { rules, sinks }: Expected): Meter {
  for (const { id, severity } of [...rules, ...Object.values(builtinRules)]) meter.expectFindings(id, severity);
  for (const { name } of sinks) for (const result of ['delivered', 'rejected', 'skipped']) meter.sunk(name, result, 0);
  return meter;
}
