import { statfs } from 'node:fs/promises';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import { recordTypes } from '../core/record.ts';
import type { DictionaryCache } from '../log/dictionary-cache.ts';
import { leaveFile } from '../log/leave-file.ts';
import { segmentHeaderBytes } from '../log/segment-header.ts';
import { ParquetTable, parquetValues } from '../sinks/shared/parquet-table.ts';
import { type HeadRow, headColumns, headRow } from './head-columns.ts';
import type { StoredSegment, StoredSegments } from './stored-segments.ts';

/** Rows in one group, and in memory, at a time. */
const groupRows = 65_536;

export interface HeadFile {
  /** Parquet, ready to be written. */
  readonly bytes: Uint8Array;
  readonly rows: number;
  /** Event times, microseconds since the epoch; undefined where there is no row. */
  readonly firstUs: number | undefined;
  readonly lastUs: number | undefined;
  /** Where reading goes on. */
  readonly end: number;
}

/** The heads of a segment's events, from a place on, as a Parquet file. */
export async function encodeHeads(
  segments: StoredSegments,
  segment: StoredSegment,
  options: { readonly signal: AbortSignal; readonly from?: number; readonly dictionaries?: DictionaryCache },
): Promise<HeadFile> {
  const table = new ParquetTable(headColumns, { content: 'heads', createdBy: 'auditveil', codec: 'SNAPPY', onlyTimes: true });
  let [group, rows, firstUs, lastUs]: [HeadRow[], number, number, number] = [[], 0, Number.POSITIVE_INFINITY, 0];
  const flush = (): void => {
    if (group.length > 0) table.add(parquetValues(headColumns, group), groupRows);
    rows += group.length;
    group = [];
  };
  const use = (record: Parameters<typeof headRow>[0], offset: number): void => {
    if (record.type !== recordTypes.event) return;
    group.push(headRow(record, segment.number, offset));
    firstUs = Math.min(firstUs, record.eventTimeUs);
    lastUs = Math.max(lastUs, record.eventTimeUs);
    if (group.length === groupRows) flush();
  };
  const end = await segments.scan(segment, use, options);
  flush();
  const span = rows === 0 ? { firstUs: undefined, lastUs: undefined } : { firstUs, lastUs };
  return { bytes: table.finish(), rows, ...span, end };
}

/** `0000000001.parquet` beside `0000000001.seg`. */
export const sidecarName = (segment: number): string => `${String(segment).padStart(10, '0')}.parquet`;

/** The number of the segment that a file of a log's folder is the sidecar of. */
export function sidecarNumber(name: string): number | undefined {
  const digits = /^(\d{10,})\.parquet$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Writes a file that is there whole or not at all, and takes no room that the log may need.
 * @throws Fault E_STORE_ROOM, retryable, or the error of the system
 */
export async function putFile(directory: string, name: string, bytes: Uint8Array): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize < bytes.length + limits.storeFreeBytes)
    throw new Fault(`there is too little room for ${name}`, {
      code: 'E_STORE_ROOM',
      retryable: true,
      remedy: `Make room: ${limits.storeFreeBytes / 1024 / 1024} MiB are left to the log.`,
    });
  await leaveFile(directory, name, bytes);
}

/** Makes the sidecar of a closed segment. @throws Fault E_STORE_ROOM */
export async function makeSidecar(segments: StoredSegments, segment: StoredSegment, signal: AbortSignal): Promise<void> {
  const { bytes } = await encodeHeads(segments, segment, { signal, from: segmentHeaderBytes });
  await putFile(segments.directory, sidecarName(segment.number), bytes);
}
