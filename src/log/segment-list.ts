import type { LogPosition } from '../core/log.ts';
import { errorCode, type LogFileSystem, readSmallFile } from './file-system.ts';
import { laterFormatFault } from './log-fault.ts';
import type { OnLoss } from './loss-report.ts';
import {
  decodeSegmentHeader,
  laterFormat,
  segmentFileName,
  segmentFormat,
  segmentHeaderBytes,
  segmentNumber,
} from './segment-header.ts';

/** One segment as readers and retention see it. */
export interface Segment {
  readonly number: number;
  /** Records in it were appended at or after this. */
  readonly createdAtMs: number;
  /** Readable bytes, header included. The writer's own list counts only synced bytes. */
  readonly bytes: number;
  /** As in the header: where the segment before ends; 0 where unknown. */
  readonly previousBytes: number;
}

export function comparePositions(a: LogPosition, b: LogPosition): number {
  return a.segment - b.segment || a.offset - b.offset;
}

/** Segment numbers in the directory, ascending. */
export async function listSegmentNumbers(fs: LogFileSystem, directory: string): Promise<number[]> {
  const names = await fs.list(directory);
  const numbers = names.map(segmentNumber).filter((number) => number !== undefined);
  return numbers.sort((a, b) => a - b);
}

/** What one segment file says of itself. Undefined where the file is gone. @throws Fault E_LOG_FORMAT of a later version */
export async function describeSegment(
  fs: LogFileSystem,
  directory: string,
  number: number,
): Promise<(Segment & { readonly damagedHeader: boolean }) | undefined> {
  const path = `${directory}/${segmentFileName(number)}`;
  const stat = await fs.stat(path);
  if (!stat) return undefined;
  const bytes = await readSmallFile(fs, path, segmentHeaderBytes);
  const header = bytes && decodeSegmentHeader(bytes);
  const later = bytes && laterFormat(bytes);
  if (later !== undefined) throw laterFormatFault(directory, later, segmentFormat);
  const known = header?.segment === number ? header : undefined;
  return {
    number,
    createdAtMs: known?.createdAtMs ?? stat.changedAtMs,
    bytes: stat.bytes,
    previousBytes: known?.previousBytes ?? 0,
    damagedHeader: known === undefined,
  };
}

/** A closed segment ends where its successor says it did, even if the file is longer. */
export function closeSegment(segment: Segment, next: Segment | undefined): Segment {
  if (next?.number !== segment.number + 1 || next.previousBytes === 0) return segment;
  return next.previousBytes < segment.bytes ? { ...segment, bytes: next.previousBytes } : segment;
}

/** All segments of the directory, ascending. Damaged headers, holes in the numbering, and segments cut short or emptied are reported. */
export async function loadSegments(fs: LogFileSystem, directory: string, onLoss: OnLoss): Promise<Segment[]> {
  const found: Segment[] = [];
  for (const number of await listSegmentNumbers(fs, directory)) {
    const segment = await describeSegment(fs, directory, number);
    if (!segment) continue;
    const { damagedHeader, ...rest } = segment;
    const last = found.at(-1);
    for (let missing = (last?.number ?? number) + 1; missing < number; missing++) {
      onLoss({ kind: 'missing-segment', segment: missing, offset: 0, bytes: 0, records: 0 });
    }
    if (damagedHeader && rest.bytes > 0) {
      onLoss({ kind: 'damaged-header', segment: number, offset: 0, bytes: Math.min(rest.bytes, segmentHeaderBytes), records: 0 });
    }
    found.push(rest);
  }
  return found.map((segment, index) => {
    const next = found[index + 1];
    const closed = closeSegment(segment, next);
    const expected = next?.number === segment.number + 1 ? next.previousBytes : 0;
    // Only the last one may be empty, where its writer died while making it. Here nobody can say any more how long it was.
    if (next && segment.bytes === 0 && expected === 0) {
      onLoss({ kind: 'missing-segment', segment: segment.number, offset: 0, bytes: 0, records: 0 });
    }
    if (expected > segment.bytes) {
      onLoss({
        kind: 'damaged-records',
        segment: segment.number,
        offset: segment.bytes,
        bytes: expected - segment.bytes,
        records: 0,
      });
    }
    return closed;
  });
}

/** Closed segments that took records at or after a time: those before the last, whose successor was not made earlier. */
export function closedSince(segments: readonly Segment[], sinceMs: number): readonly Segment[] {
  return segments.filter((_, index) => (segments[index + 1]?.createdAtMs ?? Number.NEGATIVE_INFINITY) >= sinceMs);
}

/** True for the error of a file that retention removed in the meantime. */
export function isGone(error: unknown): boolean {
  return errorCode(error) === 'ENOENT';
}
