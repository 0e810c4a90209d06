import type { MaskedRecord } from './record.ts';

/**
 * A record with other matches and state keys. Records of a log read their members from bytes when they are asked for, so
 * that a spread of one copies nothing.
 */
export function changedRecord(
  record: MaskedRecord,
  changes: Partial<Pick<MaskedRecord, 'matches' | 'stateKeys' | 'plan'>>,
): MaskedRecord {
  const { type, flags, digest, context, plan, receivedAtUs, eventTimeUs, eventTimeFrom, stubReason } = record;
  const { offset, item, covers, matches, masks, stateKeys, payload } = record;
  const head = { type, flags, digest, context, plan, receivedAtUs, eventTimeUs, eventTimeFrom, stubReason };
  return { ...head, offset, item, covers, matches, masks, stateKeys, payload, ...changes };
}
