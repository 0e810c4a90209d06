import type { MaskedRecord } from '../../core/record.ts';
import { sha256Hex } from '../../crypto/sha256.ts';

/** The same 32 hexadecimal digits for the same records in the same order, whenever they are sent: a receiver knows a repeat by it. */
export function batchId(records: readonly MaskedRecord[]): string {
  return sha256Hex(...records.map(({ digest }) => digest)).slice(0, 32);
}
