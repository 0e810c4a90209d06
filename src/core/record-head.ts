import { recordFormat, recordLayout, stateKeyBytes } from './record.ts';

/** What stands in the fixed head of a record. Times in microseconds since the epoch. */
export interface RecordHead {
  readonly type: number;
  readonly flags: number;
  /** 16 bytes from `digestAt`. */
  readonly digest: Uint8Array;
  readonly digestAt: number;
  /** The first 8 bytes of the context dictionary's id; undefined where there is none. */
  readonly context: Uint8Array | undefined;
  readonly receivedAtUs: number;
  readonly eventTimeUs: number;
  /** Index into `eventTimeSources`. */
  readonly eventTimeFrom: number;
  readonly offset: number;
  readonly item: number;
  readonly covers: number;
  readonly matchCount: number;
  readonly maskCount: number;
  readonly stateKeyCount: number;
  /** Index into `stubReasons`. */
  readonly stubReason: number;
}

/** What stands in the head of a record that has no lists, no flags and no place in a stream. */
export const bareHead = {
  flags: 0,
  digestAt: 0,
  offset: 0,
  item: 0,
  covers: 0,
  matchCount: 0,
  maskCount: 0,
  stateKeyCount: 0,
  stubReason: 0,
} as const satisfies Partial<RecordHead>;

/** Bytes of one mask count: kind, action and count. */
export const maskCountBytes = 8;

/** Bytes of rule numbers, padded so that what follows stands on a multiple of 4. */
export function matchBytes(matchCount: number): number {
  return (matchCount * 2 + 3) & ~3;
}

/** Where the payload starts, counted from the start of the record. */
export function recordHeaderBytes(matchCount: number, maskCount: number, stateKeyCount: number): number {
  return recordLayout.fixedBytes + matchBytes(matchCount) + maskCount * maskCountBytes + stateKeyCount * stateKeyBytes;
}

/**
 * Writes the fixed head at `at`, all but size and CRC, which `sealRecord` adds once the record is whole.
 * @returns bytes of head and lists: the payload belongs at `at` plus this.
 */
export function writeRecordHead(view: DataView, at: number, head: RecordHead): number {
  const headerBytes = recordHeaderBytes(head.matchCount, head.maskCount, head.stateKeyCount);
  view.setUint8(at + recordLayout.format, recordFormat);
  view.setUint8(at + recordLayout.type, head.type);
  view.setUint16(at + recordLayout.flags, head.flags, true);
  view.setUint32(at + recordLayout.headerBytes, headerBytes, true);
  const { digest, digestAt, context } = head;
  for (let i = 0; i < 16; i++) view.setUint8(at + recordLayout.digest + i, digest[digestAt + i] ?? 0);
  for (let i = 0; i < 8; i++) view.setUint8(at + recordLayout.context + i, context?.[i] ?? 0);
  view.setFloat64(at + recordLayout.receivedAtUs, head.receivedAtUs, true);
  view.setFloat64(at + recordLayout.eventTimeUs, head.eventTimeUs, true);
  view.setFloat64(at + recordLayout.offset, head.offset, true);
  view.setUint32(at + recordLayout.item, head.item, true);
  view.setUint32(at + recordLayout.covers, head.covers, true);
  view.setUint16(at + recordLayout.matchCount, head.matchCount, true);
  view.setUint16(at + recordLayout.maskCount, head.maskCount, true);
  view.setUint16(at + recordLayout.stateKeyCount, head.stateKeyCount, true);
  view.setUint8(at + recordLayout.eventTimeFrom, head.eventTimeFrom);
  view.setUint8(at + recordLayout.stubReason, head.stubReason);
  return headerBytes;
}

/** Writes size and CRC of a record whose every other byte is in place. `bytes` and `view` cover the same memory. */
export function sealRecord(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  size: number,
  crc32: (data: Uint8Array) => number,
): void {
  view.setUint32(at + recordLayout.size, size, true);
  view.setUint32(at + recordLayout.crc, crc32(bytes.subarray(at + recordLayout.format, at + size)), true);
}
