import { type Dictionary, recordLayout, recordTypes } from '../core/record.ts';
import { maskCountBytes, matchBytes } from '../core/record-head.ts';
import type { MaskedTile } from '../core/tile.ts';
import { checkRecord } from './record-decoder.ts';

/** The tile of records that stand back to back; undefined where something else stands there, or a dictionary. The bytes are not copied. */
export function tileOfRecords(bytes: Uint8Array, dictionaries: readonly Dictionary[]): MaskedTile | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = checkRecord(bytes, view, at, bytes.length);
    if (size <= 0 || view.getUint8(at + recordLayout.type) === recordTypes.dictionary) return undefined;
    starts.push(at);
    at += size;
  }
  const digests = new Uint8Array(starts.length * 16);
  starts.forEach((at, i) => void digests.set(bytes.subarray(at + recordLayout.digest, at + recordLayout.digest + 16), i * 16));
  return {
    bytes,
    count: starts.length,
    offsets: Uint32Array.from(starts),
    lengths: Uint32Array.from(starts, (at) => view.getUint32(at + recordLayout.size, true)),
    flags: Uint16Array.from(starts, (at) => view.getUint16(at + recordLayout.flags, true)),
    matches: Uint16Array.from(starts, (at) => view.getUint16(at + recordLayout.matchCount, true)),
    masked: Uint32Array.from(starts, (at) => maskedValues(view, at)),
    digests,
    dictionaries,
  };
}

/** Values masked in the event of a record, from its mask counts. */
function maskedValues(view: DataView, at: number): number {
  let entry = at + recordLayout.fixedBytes + matchBytes(view.getUint16(at + recordLayout.matchCount, true));
  let sum = 0;
  for (let left = view.getUint16(at + recordLayout.maskCount, true); left > 0; left--, entry += maskCountBytes)
    sum += view.getUint32(entry + 4, true);
  return sum;
}
