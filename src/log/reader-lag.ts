import { type LogFileSystem, nodeFileSystem } from './file-system.ts';
import { readPosition } from './position-file.ts';
import { segmentHeaderBytes } from './segment-header.ts';
import { PollingView } from './segment-view.ts';

/**
 * Bytes of records that a reader of a log has not committed yet, seen from beside the process that writes it.
 * @returns undefined where there is no log, or the reader has no position in it
 */
export async function readerLagBytes(
  directory: string,
  reader: string,
  fs: LogFileSystem = nodeFileSystem,
): Promise<number | undefined> {
  const stored = await readPosition(fs, directory, reader).catch(() => undefined);
  if (stored === undefined || stored === 'damaged') return undefined;
  const segments = await new PollingView(fs, directory, 0).segments();
  return bytesBehind(segments, stored.position);
}

/** Bytes of records behind a position. */
export function bytesBehind(
  segments: readonly { readonly number: number; readonly bytes: number }[],
  { segment, offset }: { readonly segment: number; readonly offset: number },
): number {
  return segments.reduce((sum, { number, bytes }) => {
    const from = number === segment ? Math.max(offset, segmentHeaderBytes) : segmentHeaderBytes;
    return number < segment ? sum : sum + Math.max(0, bytes - from);
  }, 0);
}
