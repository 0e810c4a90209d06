import { limits } from '../../core/limits.ts';
import type { PlanTables } from '../plan-tables.ts';
import { encodedRun } from './encoded-run.ts';

/**
 * Of a string's contents without escapes in which no trigger fires: no document opens there, and nothing encoded stands in it that
 * could hold one. Such a text needs no look of its own.
 */
export function isPlainText({ hasEncodings }: PlanTables, bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start];
  if (first === 123 || first === 91 || first === 60 || first === 32) return false;
  return !hasEncodings || end - start < limits.encodedBytes || encodedRun(bytes, start, end) < 0;
}
