import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/faults.ts';
import { recordLayout, recordTypes } from '../core/record.ts';
import { type DedupeOptions, DedupeWindow } from './dedupe-window.ts';
import { DigestRecorder } from './digest-recorder.ts';
import { type LogFile, type LogFileSystem, readSmallFile } from './file-system.ts';
import { fillWindow, recordDigests, rememberDigests } from './fill-window.ts';
import type { OnLoss } from './loss-report.ts';
import { compareWithPositions } from './lost-end.ts';
import { decodeSegmentHeader, segmentFileName, segmentHeaderBytes } from './segment-header.ts';
import { loadSegments, type Segment } from './segment-list.ts';
import { isZero, type RecordRun, scanRecords } from './segment-scan.ts';
import type { ActiveSegment } from './segment-writer.ts';

export interface RecoverOptions {
  readonly fs: LogFileSystem;
  readonly directory: string;
  readonly log: string;
  readonly clock: Clock;
  readonly dedupe: DedupeOptions | undefined;
  readonly onLoss: OnLoss;
}

export interface RecoveredLog {
  readonly segments: readonly Segment[];
  readonly active: ActiveSegment | undefined;
  readonly window: DedupeWindow | undefined;
  /** Lowest number for a new segment. */
  readonly firstNumber: number;
}

/**
 * Brings a log's directory into a state that can be appended to, whatever it holds. Reads the last segment, and those
 * before it that the dedupe window reaches into.
 */
export async function recoverLog(options: RecoverOptions): Promise<RecoveredLog> {
  const { fs, directory, clock, onLoss } = options;
  let segments = await loadSegments(fs, directory, onLoss);
  const window = options.dedupe && new DedupeWindow(options.dedupe);
  const last = segments.at(-1);
  if (options.dedupe && window)
    await fillWindow({ fs, directory, dedupe: options.dedupe, nowMs: clock.nowMs(), onLoss }, segments, window);
  let active: ActiveSegment | undefined;
  if (last) {
    const tail = await recoverTail(options, last);
    active = tail.active;
    if (window && tail.digests) rememberDigests(tail.digests.list(), window, clock.nowMs());
    segments =
      tail.bytes < segmentHeaderBytes ? segments.slice(0, -1) : [...segments.slice(0, -1), { ...last, bytes: tail.bytes }];
  }
  window?.advance(clock.nowMs());
  const { firstNumber, isBeyond } = await compareWithPositions(fs, directory, segments, onLoss);
  if (!isBeyond) return { segments, active, window, firstNumber };
  // New records must not stand where a position says that everything before it is done.
  await active?.file.close();
  return { segments, active: undefined, window, firstNumber };
}

const damaged = (segment: Segment, from: number, to: number) =>
  ({ kind: 'damaged-records', segment: segment.number, offset: from, bytes: to - from, records: 1 }) as const;

/** The last segment: a torn tail is cut off, what is left is synced, because its writer may have died before it could. */
async function recoverTail(
  options: RecoverOptions,
  last: Segment,
): Promise<{
  readonly active: ActiveSegment | undefined;
  readonly bytes: number;
  readonly digests?: DigestRecorder | undefined;
}> {
  const { fs, directory, onLoss } = options;
  const path = `${directory}/${segmentFileName(last.number)}`;
  const header = decodeSegmentHeader((await readSmallFile(fs, path, segmentHeaderBytes)) ?? new Uint8Array());
  if (header && header.log !== options.log) throw wrongLog(directory, header.log, options.log);
  if (last.bytes < segmentHeaderBytes) {
    // Its writer died while making it: there is nothing in it.
    await fs.remove(path);
    return { active: undefined, bytes: 0 };
  }
  const dictionaries = new Set<string>();
  const digests = options.dedupe && new DigestRecorder(options.dedupe.maxRecords);
  const file = await fs.open(path, 'modify');
  try {
    const nowMs = options.clock.nowMs();
    const end = await scanRecords(file, segmentHeaderBytes, last.bytes, {
      run(run) {
        if (digests) recordDigests(run, digests, last, nowMs);
        collectDictionaries(run, dictionaries);
        return false;
      },
      async damage(from, to, tail) {
        if (!tail) onLoss(damaged(last, from, to));
        else await reportTail(file, last, from, onLoss);
      },
    });
    if (end < last.bytes) await file.truncate(end);
    await file.sync();
    if (header) return { active: { file, dictionaries, digests }, bytes: end, digests };
    await file.close();
    return { active: undefined, bytes: end, digests };
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}

async function reportTail(file: LogFile, last: Segment, from: number, onLoss: OnLoss): Promise<void> {
  const kind = (await isZero(file, from, last.bytes)) ? 'zero-tail' : 'torn-tail';
  onLoss({ kind, segment: last.number, offset: from, bytes: last.bytes - from, records: 0 });
}

function wrongLog(directory: string, found: string, wanted: string): Fault {
  return new Fault(`${directory} holds the log "${found}", not "${wanted}"`, {
    code: 'E_LOG_NAME',
    remedy: 'Give each log a directory of its own.',
  });
}

function collectDictionaries(run: RecordRun, into: Set<string>): void {
  for (const at of run.starts) {
    if (run.view.getUint8(at + recordLayout.type) !== recordTypes.dictionary) continue;
    into.add(Buffer.from(run.bytes.buffer, run.bytes.byteOffset + at + recordLayout.digest, 16).toString('hex'));
  }
}
