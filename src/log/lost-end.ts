import type { LogPosition } from '../core/log.ts';
import type { LogFileSystem } from './file-system.ts';
import type { OnLoss } from './loss-report.ts';
import { listReaders, readPosition } from './position-file.ts';
import { segmentHeaderBytes } from './segment-header.ts';
import { comparePositions, type Segment } from './segment-list.ts';

/**
 * Compares the end of a log with what its readers have committed. They only commit what was synced: where a position lies
 * beyond the end, the end of the log is gone, which the segments alone would not show.
 * @returns the lowest number for a new segment, so that no position ever stands in the middle of other records
 */
export async function compareWithPositions(
  fs: LogFileSystem,
  directory: string,
  segments: readonly Segment[],
  onLoss: OnLoss,
): Promise<{ readonly firstNumber: number; readonly isBeyond: boolean }> {
  const positions: { readonly reader: string; readonly position: LogPosition }[] = [];
  for (const reader of await listReaders(fs, directory)) {
    const stored = await readPosition(fs, directory, reader);
    if (stored && stored !== 'damaged') positions.push({ reader, position: stored.position });
  }
  const last = segments.at(-1);
  const end = { segment: last?.number ?? 0, offset: last?.bytes ?? 0 };
  // A position at the head of a segment says only that it once was the next to be written.
  const beyond = positions.filter(({ position }) => position.offset > segmentHeaderBytes && comparePositions(position, end) > 0);
  for (const { reader, position } of beyond) onLoss({ kind: 'position-beyond-log', ...position, bytes: 0, records: 0, reader });
  const newest = Math.max(0, ...beyond.map(({ position }) => position.segment));
  // Without any segment left, what readers still needed is known to have been there.
  const oldest = Math.min(newest, ...positions.map(({ position }) => position.segment));
  for (let gone = last ? last.number + 1 : oldest; gone <= newest && beyond.length > 0; gone++)
    onLoss({ kind: 'missing-segment', segment: gone, offset: 0, bytes: 0, records: 0 });
  const numbers = positions.map(({ position }) =>
    position.offset > segmentHeaderBytes ? position.segment + 1 : position.segment,
  );
  return { firstNumber: Math.max(1, ...numbers), isBeyond: beyond.length > 0 };
}
