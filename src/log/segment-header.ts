import { crc32 } from 'node:zlib';

/**
 * The first bytes of a segment file. All numbers little-endian (docs/log-format.md shows the layout).
 */
export interface SegmentHeader {
  /** `events` or `findings`. */
  readonly log: string;
  readonly segment: number;
  /** Milliseconds since the epoch; never less than that of the segment before. */
  readonly createdAtMs: number;
  /**
   * Bytes of the segment before that hold synced records. What stands behind them was never acknowledged (a failed
   * write) and is not read. 0: there is no segment before, or its end is not known.
   */
  readonly previousBytes: number;
}

/** Bytes of a segment header; the first record follows. */
export const segmentHeaderBytes = 64;
export const segmentFormat = 1;
/** Longest log name, in ASCII characters. */
export const logNameBytes = 24;

const magic = 'AVEILSEG';
const layout = { magic: 0, format: 8, bytes: 10, crc: 12, segment: 16, created: 24, previous: 32, name: 40 } as const;

export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  const bytes = Buffer.alloc(segmentHeaderBytes);
  bytes.write(magic, layout.magic, 'latin1');
  bytes.writeUInt16LE(segmentFormat, layout.format);
  bytes.writeUInt16LE(segmentHeaderBytes, layout.bytes);
  bytes.writeUInt32LE(header.segment, layout.segment);
  bytes.writeDoubleLE(header.createdAtMs, layout.created);
  bytes.writeDoubleLE(header.previousBytes, layout.previous);
  bytes.write(header.log, layout.name, logNameBytes, 'latin1');
  bytes.writeUInt32LE(crc32(bytes.subarray(layout.segment)), layout.crc);
  return bytes;
}

/**
 * The format of a segment that a later version wrote; undefined where it is no such segment. Of later formats it is fixed
 * that magic, format and checksum stand where they do now and that the checksum covers the first 12 bytes too: in a damaged
 * header it is wrong.
 */
export function laterFormat(raw: Uint8Array): number | undefined {
  if (raw.length < segmentHeaderBytes) return undefined;
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, segmentHeaderBytes);
  const format = bytes.readUInt16LE(layout.format);
  if (bytes.toString('latin1', 0, magic.length) !== magic || format <= segmentFormat) return undefined;
  const crc = crc32(bytes.subarray(layout.segment), crc32(bytes.subarray(0, layout.crc)));
  return crc === bytes.readUInt32LE(layout.crc) ? format : undefined;
}

/** Undefined where the bytes are not a header of a format this program knows. */
export function decodeSegmentHeader(raw: Uint8Array): SegmentHeader | undefined {
  if (raw.length < segmentHeaderBytes) return undefined;
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, segmentHeaderBytes);
  if (bytes.toString('latin1', 0, magic.length) !== magic) return undefined;
  if (bytes.readUInt16LE(layout.format) !== segmentFormat || bytes.readUInt16LE(layout.bytes) !== segmentHeaderBytes)
    return undefined;
  if (bytes.readUInt32LE(layout.crc) !== crc32(bytes.subarray(layout.segment))) return undefined;
  return {
    log: bytes.toString('latin1', layout.name).replace(/\0+$/, ''),
    segment: bytes.readUInt32LE(layout.segment),
    createdAtMs: bytes.readDoubleLE(layout.created),
    previousBytes: bytes.readDoubleLE(layout.previous),
  };
}

/** `0000000001.seg`: sorts by number. */
export function segmentFileName(segment: number): string {
  return `${String(segment).padStart(10, '0')}.seg`;
}

/** Undefined where the name is not that of a segment. */
export function segmentNumber(fileName: string): number | undefined {
  if (!/^\d{10}\.seg$/.test(fileName)) return undefined;
  const number = Number(fileName.slice(0, 10));
  return number > 0 ? number : undefined;
}
