import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import type { LogPosition } from '../core/log.ts';
import { errorCode, type LogFileSystem, nodeFileSystem } from './file-system.ts';
import { LogReader } from './log-reader.ts';
import type { OnLoss } from './loss-report.ts';
import { checkReaderName, readPosition } from './position-file.ts';
import { PollingView } from './segment-view.ts';
import { findStart, type StartPosition } from './start-position.ts';

export interface OpenLogReaderOptions {
  readonly directory: string;
  /** A position; `{ reader }`: where that reader of the writing process has committed; default `oldest`. */
  readonly start?: StartPosition | LogPosition | { readonly reader: string };
  /** Nothing at or behind this position is read; default: all there is. */
  readonly until?: LogPosition;
  readonly onLoss?: OnLoss;
  readonly batchBytes?: number;
  readonly pollMs?: number;
  readonly fs?: LogFileSystem;
}

/**
 * Reads a log that another process may be writing, without its lock and without writing anything: commits only count
 * for this reader's own next `read`. May show records moments before they are synced.
 * @throws Fault E_LOG_MISSING where the directory does not exist.
 */
export async function openLogReader(options: OpenLogReaderOptions): Promise<LogReader> {
  const { directory, fs = nodeFileSystem, start = 'oldest', onLoss = () => undefined } = options;
  const view = new PollingView(fs, directory, options.pollMs ?? limits.logPollMs);
  let position: LogPosition;
  try {
    position = await resolve(fs, directory, view, start);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new Fault(`there is no log in ${directory}`, {
      code: 'E_LOG_MISSING',
      remedy: 'Start the agent that writes it first, or name its directory.',
      cause: error,
    });
  }
  const port = {
    committed: position,
    commit(reached: LogPosition): Promise<void> {
      port.committed = reached;
      return Promise.resolve();
    },
  };
  const batchBytes = options.batchBytes ?? limits.logBatchBytes;
  const until = options.until === undefined ? {} : { until: options.until };
  return new LogReader({ fs, directory, view, reader: 'read-only', onLoss, batchBytes, ...until }, port);
}

async function resolve(
  fs: LogFileSystem,
  directory: string,
  view: PollingView,
  start: NonNullable<OpenLogReaderOptions['start']>,
): Promise<LogPosition> {
  const segments = await view.segments();
  if (typeof start === 'string' || 'sinceMs' in start) return findStart(fs, directory, segments, start);
  if (!('reader' in start)) return start;
  checkReaderName(start.reader);
  const stored = await readPosition(fs, directory, start.reader);
  if (stored && stored !== 'damaged') return stored.position;
  return findStart(fs, directory, segments, 'oldest');
}
