import type { LogPosition } from '../core/log.ts';
import { recordLayout, recordTypes } from '../core/record.ts';
import type { LogFileSystem } from './file-system.ts';
import { segmentFileName, segmentHeaderBytes } from './segment-header.ts';
import { isGone, type Segment } from './segment-list.ts';
import { type RecordRun, scanRecords } from './segment-scan.ts';

/** Where a reader without a committed position starts. `sinceMs`: the first record received at or after this, milliseconds since the epoch. */
export type StartPosition = 'oldest' | 'newest' | { readonly sinceMs: number };

/** Finds the position. For a time, segments that ended before it are passed over unread; one segment is searched. */
export async function findStart(
  fs: LogFileSystem,
  directory: string,
  segments: readonly Segment[],
  start: StartPosition,
): Promise<LogPosition> {
  const first = segments[0];
  const last = segments.at(-1);
  if (!first || !last) return { segment: 1, offset: segmentHeaderBytes };
  if (start === 'oldest') return { segment: first.number, offset: segmentHeaderBytes };
  if (start === 'newest') return { segment: last.number, offset: Math.max(last.bytes, segmentHeaderBytes) };
  // Records of a segment were received before the next segment was made.
  const segment =
    segments.find((_, index) => (segments[index + 1]?.createdAtMs ?? Number.POSITIVE_INFINITY) >= start.sinceMs) ?? last;
  try {
    return await searchSegment(fs, directory, segment, start.sinceMs);
  } catch (error) {
    if (!isGone(error)) throw error;
    return { segment: segment.number, offset: segmentHeaderBytes };
  }
}

async function searchSegment(fs: LogFileSystem, directory: string, segment: Segment, sinceMs: number): Promise<LogPosition> {
  const file = await fs.open(`${directory}/${segmentFileName(segment.number)}`, 'read');
  try {
    let found: number | undefined;
    const end = await scanRecords(file, segmentHeaderBytes, segment.bytes, {
      run(run) {
        const at = firstSince(run, sinceMs * 1000);
        if (at !== undefined) found = run.end - (lastEnd(run) - at);
        return found !== undefined;
      },
      damage: () => undefined,
    });
    return { segment: segment.number, offset: found ?? end };
  } finally {
    await file.close();
  }
}

function firstSince(run: RecordRun, sinceUs: number): number | undefined {
  return run.starts.find(
    (at) =>
      run.view.getUint8(at + recordLayout.type) !== recordTypes.dictionary &&
      run.view.getFloat64(at + recordLayout.receivedAtUs, true) >= sinceUs,
  );
}

function lastEnd(run: RecordRun): number {
  const at = run.starts.at(-1) ?? 0;
  return at + run.view.getUint32(at + recordLayout.size, true);
}
