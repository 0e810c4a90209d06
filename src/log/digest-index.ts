import { crc32 } from 'node:zlib';
import type { Segment } from './segment-list.ts';

/** From which entry on digests were appended at which time (milliseconds since the epoch). */
export interface DigestStamp {
  readonly from: number;
  readonly atMs: number;
}

/** The digests of a segment's records in the order of appending: 16 bytes each. */
export interface DigestList {
  readonly stamps: readonly DigestStamp[];
  readonly digests: Uint8Array;
}

/** Bytes of a digest. */
export const digestBytes = 16;

const magic = 'AVEILDIG';
const format = 1;
const headerBytes = 64;
const stampBytes = 16;
const layout = { format: 8, headerCrc: 12, segment: 16, stamps: 20, bytes: 24, created: 32, count: 40, bodyCrc: 48 } as const;

/** What an index says of the segment it belongs to: where it differs the index is not used. */
export type IndexedSegment = Pick<Segment, 'number' | 'createdAtMs' | 'bytes'>;

/**
 * The index file of a closed segment (docs/log-format.md shows the layout): what the dedupe window needs at a start,
 * without reading the records. Not synced; whatever is wrong with it shows in its checksums.
 */
export function encodeDigestIndex(segment: IndexedSegment, list: DigestList): Uint8Array {
  const { stamps, digests } = list;
  const bytes = Buffer.alloc(headerBytes + stamps.length * stampBytes + digests.length);
  bytes.write(magic, 0, 'latin1');
  bytes.writeUInt16LE(format, layout.format);
  bytes.writeUInt32LE(segment.number, layout.segment);
  bytes.writeUInt32LE(stamps.length, layout.stamps);
  bytes.writeDoubleLE(segment.bytes, layout.bytes);
  bytes.writeDoubleLE(segment.createdAtMs, layout.created);
  bytes.writeDoubleLE(digests.length / digestBytes, layout.count);
  for (const [index, { from, atMs }] of stamps.entries()) {
    bytes.writeDoubleLE(atMs, headerBytes + index * stampBytes);
    bytes.writeDoubleLE(from, headerBytes + index * stampBytes + 8);
  }
  bytes.set(digests, headerBytes + stamps.length * stampBytes);
  bytes.writeUInt32LE(crc32(bytes.subarray(headerBytes)), layout.bodyCrc);
  bytes.writeUInt32LE(crc32(bytes.subarray(layout.segment, headerBytes)), layout.headerCrc);
  return bytes;
}

/** Undefined where the bytes are no whole index of this very segment. */
export function decodeDigestIndex(raw: Uint8Array, segment: IndexedSegment): DigestList | undefined {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  if (bytes.length < headerBytes || bytes.toString('latin1', 0, magic.length) !== magic) return undefined;
  if (bytes.readUInt16LE(layout.format) !== format) return undefined;
  if (bytes.readUInt32LE(layout.headerCrc) !== crc32(bytes.subarray(layout.segment, headerBytes))) return undefined;
  const isOther =
    bytes.readUInt32LE(layout.segment) !== segment.number ||
    bytes.readDoubleLE(layout.bytes) !== segment.bytes ||
    bytes.readDoubleLE(layout.created) !== segment.createdAtMs;
  const stampsEnd = headerBytes + bytes.readUInt32LE(layout.stamps) * stampBytes;
  if (isOther || bytes.length !== stampsEnd + bytes.readDoubleLE(layout.count) * digestBytes) return undefined;
  if (bytes.readUInt32LE(layout.bodyCrc) !== crc32(bytes.subarray(headerBytes))) return undefined;
  const stamps: DigestStamp[] = [];
  for (let at = headerBytes; at < stampsEnd; at += stampBytes)
    stamps.push({ atMs: bytes.readDoubleLE(at), from: bytes.readDoubleLE(at + 8) });
  return { stamps, digests: bytes.subarray(stampsEnd) };
}
