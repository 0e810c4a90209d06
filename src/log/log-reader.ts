import { setTimeout as delay } from 'node:timers/promises';
import type { LogPosition, Reader, RecordBatch } from '../core/log.ts';
import { isOutOfDescriptors } from '../core/out-of-descriptors.ts';
import { type CursorOptions, LogCursor } from './log-cursor.ts';

export interface LogReaderOptions extends CursorOptions {
  /** At the end of the log, how long to wait after the first record that comes, so that what many small appends wrote is read at once. */
  readonly gatherMs?: number;
}

/** How long to wait for a file descriptor where there is none. */
const noDescriptorMs = 200;

/** Where a reader's position is kept. */
export interface CommitPort {
  readonly committed: LogPosition;
  commit(position: LogPosition): Promise<void>;
}

/** Reads from the committed position on. Several reads of one reader each start there. */
export class LogReader implements Reader {
  readonly #options: LogReaderOptions;
  readonly #port: CommitPort;
  readonly #closing = new AbortController();
  readonly #onClose: () => void;

  constructor(options: LogReaderOptions, port: CommitPort, onClose: () => void = () => undefined) {
    this.#options = options;
    this.#port = port;
    this.#onClose = onClose;
  }

  /** The position up to which this reader is done. */
  get committed(): LogPosition {
    return this.#port.committed;
  }

  async *read(signal: AbortSignal, options: { readonly follow?: boolean } = {}): AsyncGenerator<RecordBatch, void, undefined> {
    const ended = AbortSignal.any([signal, this.#closing.signal]);
    const cursor = new LogCursor(this.#options, this.#port.committed);
    try {
      while (!ended.aborted) {
        // Asked before reading: what is appended up to the close is still read.
        const closed = this.#options.view.closed;
        const batch = await nextOf(cursor, ended);
        if (ended.aborted) return;
        if (batch) yield batch;
        else if (options.follow === false || closed) return;
        else await this.#options.view.changed(cursor.position, ended, this.#options.gatherMs);
      }
    } finally {
      await cursor.close();
    }
  }

  commit(position: LogPosition): Promise<void> {
    return this.#port.commit(position);
  }

  close(): Promise<void> {
    this.#closing.abort();
    this.#onClose();
    return Promise.resolve();
  }
}

/** What comes next. Where the process has no file descriptor left, which passes, it is tried again. */
async function nextOf(cursor: LogCursor, ended: AbortSignal): Promise<RecordBatch | undefined> {
  for (;;) {
    try {
      return await cursor.next();
    } catch (error) {
      if (!isOutOfDescriptors(error)) throw error;
      if (ended.aborted) return undefined;
      await delay(noDescriptorMs, undefined, { signal: ended }).catch(() => undefined);
    }
  }
}
