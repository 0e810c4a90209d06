import { Fault } from '../core/faults.ts';
import type { Dictionary, MaskedRecord } from '../core/record.ts';
import type { MaskedTile } from '../core/tile.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import { contextKey, storedBytes } from './record-decoder.ts';
import { tileOfRecords } from './tile-of-records.ts';

/**
 * A record that was read from a log as a tile, for another log: a copy of its bytes, with the dictionaries it refers to.
 * @throws Fault E_LOG_RECORD_ORIGIN for a record that came from elsewhere
 */
export function storedTile(record: MaskedRecord): MaskedTile {
  const bytes = storedBytes(record)?.slice();
  const tile = bytes && tileOfRecords(bytes, storedDictionaries(record, bytes));
  if (!tile) throw new Fault('only a record that was read from a log can be kept in another', { code: 'E_LOG_RECORD_ORIGIN' });
  return tile;
}

/** The dictionaries that a stored record refers to, as they are written. `bytes` are those of the record. */
function storedDictionaries({ context, plan }: MaskedRecord, bytes: Uint8Array): readonly Dictionary[] {
  const key = contextKey(bytes, 0);
  if (key === undefined || context === undefined) return [];
  const dictionaries = [{ id: idOf(context, key), payload: Buffer.from(JSON.stringify(context)) }];
  return plan === undefined ? dictionaries : [...dictionaries, { id: context.plan, payload: Buffer.from(JSON.stringify(plan)) }];
}

/** The record names only the beginning of the id; the rest is that of the content where this version writes it the same way. */
function idOf(context: object, key: string): string {
  const id = sha256Hex(JSON.stringify(context)).slice(0, 32);
  return id.startsWith(key) ? id : key.padEnd(32, '0');
}
