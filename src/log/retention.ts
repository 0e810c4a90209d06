import type { LogPosition } from '../core/log.ts';
import type { LogFileSystem } from './file-system.ts';
import { listReaders, positionDirectory, readPosition } from './position-file.ts';
import type { Segment } from './segment-list.ts';
import type { SegmentWriter } from './segment-writer.ts';

export interface PruneOptions {
  /** Delete the oldest closed segments while the log is larger than this. */
  readonly maxBytes?: number;
  /** Delete closed segments whose newest record is older than this. */
  readonly maxAgeMs?: number;
  /** What is younger than this stays, whatever the size. */
  readonly keepMs?: number;
}

export interface PruneResult {
  readonly segments: readonly number[];
  readonly bytes: number;
  /** Readers and legal holds because of which something that should go had to stay. */
  readonly heldBy: readonly string[];
}

export interface Hold {
  readonly reader: string;
  /** Undefined: its position is not known, so it may need everything. */
  readonly position: LogPosition | undefined;
}

/** Somebody said that what was received in this time stays, until they say otherwise. Milliseconds since the epoch. */
export interface TimeHold {
  /** As people see it: `legal hold ` and what it is of. */
  readonly name: string;
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Named where the age that is promised keeps a segment. */
const keptByAge = 'retention: keepMs';

/** What one of those is because of whom something had to stay. Readers have names without spaces. */
export function holderKind(name: string): 'reader' | 'hold' | 'retention' {
  if (name === keptByAge) return 'retention';
  return name.startsWith('legal hold ') ? 'hold' : 'reader';
}

/** Whether a segment may hold records of the time that is held. */
export function isOfTime({ sinceMs, untilMs }: Omit<TimeHold, 'name'>, createdAtMs: number, endedAtMs: number): boolean {
  return endedAtMs >= sinceMs && createdAtMs < untilMs;
}

/** Readers on disk that hold, with their positions. Made durable first: a commit whose last sync failed could be undone. */
export async function readHolds(fs: LogFileSystem, directory: string): Promise<Hold[]> {
  await fs.syncDirectory(`${directory}/${positionDirectory}`);
  const holds: Hold[] = [];
  for (const reader of await listReaders(fs, directory)) {
    const stored = await readPosition(fs, directory, reader);
    if (stored === undefined || (stored !== 'damaged' && stored.whenBehind === 'skip')) continue;
    holds.push({ reader, position: stored === 'damaged' ? undefined : stored.position });
  }
  return holds;
}

/** Deletes what the options say, as far as no reader needs it. Positions are looked at only where there is something to delete. */
export async function pruneSegments(
  fs: LogFileSystem,
  directory: string,
  writer: Pick<SegmentWriter, 'closed' | 'segments' | 'remove'>,
  options: PruneOptions,
  nowMs: number,
  timeHolds: () => Promise<readonly TimeHold[]> = () => Promise.resolve([]),
): Promise<PruneResult> {
  const plan = (holds: readonly (Hold | TimeHold)[]): PruneResult =>
    planPrune(writer.closed, writer.segments.at(-1), holds, options, nowMs);
  const wanted = plan([]);
  if (wanted.segments.length === 0) return wanted;
  const allowed = plan([...(await readHolds(fs, directory)), ...(await timeHolds())]);
  if (allowed.segments.length > 0) await writer.remove(new Set(allowed.segments));
  return allowed;
}

/** Whether the reader still needs records of this segment, or it holds records of the time that is held. */
function needs(hold: Hold | TimeHold, segment: Segment, endedAtMs: number): boolean {
  if ('sinceMs' in hold) return isOfTime(hold, segment.createdAtMs, endedAtMs);
  if (!hold.position) return true;
  return (
    hold.position.segment < segment.number || (hold.position.segment === segment.number && hold.position.offset < segment.bytes)
  );
}

/**
 * Decides which segments go: always the oldest ones, never one that a hold needs.
 * @param closed ascending. @param newest the segment behind them, which always stays.
 */
export function planPrune(
  closed: readonly Segment[],
  newest: Segment | undefined,
  holds: readonly (Hold | TimeHold)[],
  options: PruneOptions,
  nowMs: number,
): PruneResult {
  let total = closed.reduce((sum, segment) => sum + segment.bytes, newest?.bytes ?? 0);
  const segments: number[] = [];
  let bytes = 0;
  for (const [index, segment] of closed.entries()) {
    const endedAtMs = (closed[index + 1] ?? newest)?.createdAtMs ?? segment.createdAtMs;
    const tooOld = options.maxAgeMs !== undefined && nowMs - endedAtMs > options.maxAgeMs;
    const tooMuch = options.maxBytes !== undefined && total > options.maxBytes;
    if (!tooOld && !tooMuch) break;
    if (!tooOld && nowMs - endedAtMs < (options.keepMs ?? 0)) return { segments, bytes, heldBy: [keptByAge] };
    const heldBy = holds
      .filter((hold) => needs(hold, segment, endedAtMs))
      .map((hold) => ('name' in hold ? hold.name : hold.reader));
    if (heldBy.length > 0) return { segments, bytes, heldBy };
    segments.push(segment.number);
    bytes += segment.bytes;
    total -= segment.bytes;
  }
  return { segments, bytes, heldBy: [] };
}
