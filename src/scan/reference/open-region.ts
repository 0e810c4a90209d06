import type { PlanConditions } from '../plan.ts';

/** A container whose mask or extract is finished when it closes. */
export interface OpenRegion {
  readonly depth: number;
  readonly start: number;
  readonly mask: { readonly rule: number; readonly object: number; readonly conditions: PlanConditions } | undefined;
  readonly extract: number;
}

/** In place of an extract: the region stays as it is. */
export const releases = -2;
