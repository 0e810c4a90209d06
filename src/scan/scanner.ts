import type { Extracts } from '../core/extracts.ts';

/** What one scan found. Valid until the next `scan` of the same scanner. */
export interface ScanResult {
  /** Index into `stubReasons`; 0 where the event is JSON that can be masked. Nothing else is meaningful otherwise. */
  readonly fault: number;
  readonly repeatedKeys: boolean;
  readonly forgedMask: boolean;
  /** Replacements in the event's bytes: sorted, without overlaps. */
  readonly edits: {
    readonly count: number;
    readonly starts: readonly number[];
    readonly ends: readonly number[];
    readonly texts: readonly Uint8Array[];
  };
  readonly extracts: Extracts;
  /** Values masked, by number of the mask rule. */
  readonly counts: Uint32Array;
}

/** Reads one event by the plan. Two implementations, same results byte for byte. */
export interface Scanner {
  /** `bytes` holds at least `limits.tilePaddingBytes` readable bytes after `end`. */
  scan(bytes: Uint8Array, start: number, end: number): ScanResult;
}
