import { dirname } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import type { DedupeOptions } from './dedupe-window.ts';
import { errorCode, type LogFileSystem, nodeFileSystem } from './file-system.ts';
import { type Lock, takeLock } from './lock-file.ts';
import type { OnLoss } from './loss-report.ts';
import { positionDirectory } from './position-file.ts';
import { recoverLog } from './recover-log.ts';
import { Reserve } from './reserve-file.ts';
import type { PruneResult, TimeHold } from './retention.ts';
import { SegmentLog } from './segment-log.ts';
import { SegmentWriter } from './segment-writer.ts';

export interface OpenLogOptions {
  /** Made if need be, for this user only. One log a directory. */
  readonly directory: string;
  readonly name: 'events' | 'findings' | 'dead-letters';
  readonly clock: Clock;
  readonly segmentBytes?: number;
  readonly segmentAgeMs?: number;
  /** Size at which appends are refused, if readers still need the oldest segments. Undefined: as large as the disk. */
  readonly maxBytes?: number;
  /** Closed segments whose newest record is older are deleted, as far as no reader needs them. Undefined: age deletes nothing. */
  readonly maxAgeMs?: number;
  /** What is younger is not deleted for its size: appends are refused instead. Default: 0. */
  readonly keepMs?: number;
  /** Times of which nothing is deleted; asked before anything is. Where that cannot be told it names all times. */
  readonly timeHolds?: () => Promise<readonly TimeHold[]>;
  /** Undefined: repeats are not looked for. */
  readonly dedupe?: DedupeOptions | undefined;
  readonly reserveBytes?: number;
  readonly batchBytes?: number;
  /** 0: the caller calls `tick`. */
  readonly tickMs?: number;
  /** Told of each thing found missing or unreadable, at opening and while reading. */
  readonly onLoss?: OnLoss;
  /** Told of segments that were deleted to make room, or for their age. */
  readonly onPruned?: (pruned: PruneResult) => void;
  readonly fs?: LogFileSystem;
}

/**
 * Opens a log for writing and reading. Whatever its files hold, it opens: what is unreadable is passed over and
 * reported.
 * @throws Fault E_LOG_LOCKED while another process writes it, E_LOG_DIRECTORY where the directory cannot be used,
 * E_LOG_NAME where it belongs to another log.
 */
export async function openLog(options: OpenLogOptions): Promise<SegmentLog> {
  const { directory, name, clock, fs = nodeFileSystem } = options;
  try {
    await makeDirectories(fs, directory);
    const reserve = new Reserve(fs, directory, options.reserveBytes ?? limits.reserveBytes);
    await reserve.adopt();
    const lock = await reserve.spend(() => takeLock(fs, directory, clock));
    try {
      return await recover(options, fs, lock, reserve);
    } catch (error) {
      await lock.release().catch(() => undefined);
      throw error;
    }
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault(`the ${name} log in ${directory} cannot be opened (${errorCode(cause) ?? 'unknown error'})`, {
      code: 'E_LOG_DIRECTORY',
      remedy: 'The directory must be writable for this user, on a disk that works and has room.',
      retryable: true,
      cause,
    });
  }
}

async function recover(options: OpenLogOptions, fs: LogFileSystem, lock: Lock, reserve: Reserve): Promise<SegmentLog> {
  const { directory, name, clock } = options;
  const losses = { count: 0 };
  const onLoss: OnLoss = (report) => {
    losses.count++;
    options.onLoss?.(report);
  };
  const recovered = await recoverLog({ fs, directory, log: name, clock, dedupe: options.dedupe, onLoss });
  const { segments, active, window, firstNumber } = recovered;
  const { dedupe } = options;
  const writer = new SegmentWriter({ fs, directory, log: name, clock, firstNumber, dedupe }, segments, active);
  await reserve.restore();
  return new SegmentLog({ ...defaults(options), fs, lock, writer, window, reserve, onLoss, losses });
}

function defaults(options: OpenLogOptions) {
  return {
    directory: options.directory,
    name: options.name,
    clock: options.clock,
    segmentBytes: options.segmentBytes ?? limits.segmentBytes,
    segmentAgeMs: options.segmentAgeMs ?? limits.segmentAgeMs,
    maxBytes: options.maxBytes ?? Number.POSITIVE_INFINITY,
    maxAgeMs: options.maxAgeMs ?? Number.POSITIVE_INFINITY,
    keepMs: options.keepMs ?? 0,
    timeHolds: options.timeHolds ?? (() => Promise.resolve([])),
    batchBytes: options.batchBytes ?? limits.logBatchBytes,
    tickMs: options.tickMs ?? limits.logTickMs,
    onPruned: options.onPruned ?? (() => undefined),
  };
}

async function makeDirectories(fs: LogFileSystem, directory: string): Promise<void> {
  await fs.makeDirectory(`${directory}/${positionDirectory}`);
  await fs.syncDirectory(directory);
  await fs.syncDirectory(dirname(directory));
}
