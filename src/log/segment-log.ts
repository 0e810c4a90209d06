import type { Fault } from '../core/faults.ts';
import type { AppendResult, Log, LogPosition } from '../core/log.ts';
import type { MaskedTile } from '../core/tile.ts';
import { checkTile, type Group, groupLength, planGroup } from './group.ts';
import { closedFault, readerOpenFault, sizeLimitFault, writeFault } from './log-fault.ts';
import { LogReader } from './log-reader.ts';
import { type Hurry, LogRoom } from './log-room.ts';
import { checkReaderName, readPosition, removePosition, type WhenBehind } from './position-file.ts';
import { PositionKeeper } from './position-keeper.ts';
import { bytesBehind } from './reader-lag.ts';
import type { PruneOptions, PruneResult } from './retention.ts';
import { comparePositions } from './segment-list.ts';
import type { SegmentLogOptions } from './segment-log-options.ts';
import { WriterView } from './segment-view.ts';
import { findStart, type StartPosition } from './start-position.ts';

export interface LogStatus {
  /** Appends are refused for want of room; cleared by itself once there is some. */
  readonly full: boolean;
  /** Why the last append failed; undefined after one that succeeded. */
  readonly lastError: Fault | undefined;
  readonly segments: number;
  readonly bytes: number;
  readonly end: LogPosition;
  /** Since opening. */
  readonly appended: number;
  readonly repeats: number;
  readonly losses: number;
  /** Readers and legal holds because of which retention could not delete something when it tried last. */
  readonly heldBy: readonly string[];
}

export interface ReaderOptions {
  /** Where a reader starts that has not committed yet. Default: oldest. */
  readonly start?: StartPosition;
  /** Default: hold. */
  readonly whenBehind?: WhenBehind;
  /** Batches share one piece of memory: the records of one are gone once the next is asked for. Default: no. */
  readonly reuse?: boolean;
  /** How long to wait for more once there is something: for readers of whom nobody waits. Default: not at all. */
  readonly gatherMs?: number;
  /** A batch is about this much. Default: that of the log. */
  readonly batchBytes?: number;
  /** Asked before an append is refused because of this reader alone. It must not wait for this log. Default: refused at once. */
  readonly hurry?: Hurry;
}

interface Waiting {
  readonly tiles: readonly MaskedTile[];
  readonly resolve: (results: readonly AppendResult[]) => void;
  readonly reject: (fault: unknown) => void;
}

/** How often the lock shows that its holder lives. */
const lockRefreshMs = 5_000;

/** A log of segments, open for writing by this process alone. Made by `openLog`. */
export class SegmentLog implements Log {
  readonly #options: SegmentLogOptions;
  readonly #view: WriterView;
  readonly #room: LogRoom;
  readonly #readers = new Set<string>();
  readonly #waiting: Waiting[] = [];
  readonly #timer: NodeJS.Timeout | undefined;
  /** What touches the files runs one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;
  #full: boolean;
  /** What did not fit when something was refused last: with less room than that the log is full still. */
  #refusedBytes = 1;
  #lastError: Fault | undefined;
  #lockedAtMs = 0;
  #appended = 0;
  #repeats = 0;

  constructor(options: SegmentLogOptions) {
    this.#options = options;
    this.#view = new WriterView(options.writer);
    this.#room = new LogRoom(options);
    this.#full = !options.reserve.whole;
    if (options.tickMs > 0) this.#timer = setInterval(() => void this.tick(), options.tickMs).unref();
  }

  /**
   * Resolves once the tile's records are on stable storage; appends at the same time share a sync and keep their order.
   * @throws Fault E_LOG_FULL or E_LOG_IO, retryable: none of its records count as written. E_LOG_RECORD_SIZE, E_LOG_CLOSED, E_LOG_GONE.
   */
  async append(tile: MaskedTile): Promise<AppendResult> {
    return (await this.appendAll([tile]))[0] as AppendResult;
  }

  /** As `append`, of several tiles with one sync: all of them count as written, or none. */
  appendAll(tiles: readonly MaskedTile[]): Promise<readonly AppendResult[]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw closedFault(this.#options.name);
      for (const tile of tiles) checkTile(tile);
      this.#waiting.push({ tiles, resolve, reject });
      if (this.#waiting.length === 1) void this.#inTurn(() => this.#writeWaiting());
    });
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(action);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #writeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const { writer, segmentBytes } = this.#options;
      const room = segmentBytes - (writer.filled?.bytes ?? 0);
      const sizes = this.#waiting.map(({ tiles }) => bytesOf(tiles));
      const taken = this.#waiting.slice(0, groupLength(sizes, room));
      try {
        const results = await this.#writeGroup(taken.flatMap(({ tiles }) => tiles));
        this.#waiting.splice(0, taken.length);
        for (const { tiles, resolve } of taken) resolve(results.splice(0, tiles.length));
      } catch (cause) {
        this.#waiting.splice(0, taken.length);
        const fault = this.#failed(cause);
        if (fault.code === 'E_LOG_FULL') this.#full = true;
        for (const waiting of taken) waiting.reject(fault);
      }
    }
  }

  #failed(cause: unknown): Fault {
    // A folder that was lost once is not trusted again.
    if (this.#lastError?.code !== 'E_LOG_GONE') this.#lastError = writeFault(this.#options.name, cause);
    return this.#lastError;
  }

  async #writeGroup(tiles: readonly MaskedTile[]): Promise<AppendResult[]> {
    if (this.#lastError?.code === 'E_LOG_GONE') throw this.#lastError;
    const { writer, window, clock } = this.#options;
    await this.#makeRoom(bytesOf(tiles));
    const nowMs = clock.nowMs();
    window?.advance(nowMs);
    const mark = window?.mark() ?? 0;
    const group = planGroup(tiles, writer.dictionaries, window, nowMs * 1000);
    try {
      if (group.bytes > 0) await writer.write(group);
    } catch (error) {
      window?.rollback(mark);
      throw error;
    }
    this.#full = false;
    this.#refusedBytes = 1;
    this.#lastError = undefined;
    return this.#accept(group);
  }

  #accept(group: Group): AppendResult[] {
    const end = this.#options.writer.end;
    const results = group.members.map(({ appended, repeats, endBytes }) => {
      this.#appended += appended;
      this.#repeats += repeats;
      return { end: { segment: end.segment, offset: end.offset - group.bytes + endBytes }, appended, repeats };
    });
    this.#view.wake();
    return results;
  }

  /** Sees to it that records may be written: the reserve is whole, the log below its limit, the segment not past its own. */
  async #makeRoom(bytes: number): Promise<void> {
    const { writer, reserve, segmentBytes, maxBytes, name } = this.#options;
    if (!(await reserve.restore())) throw Object.assign(new Error('the reserve is not whole'), { code: 'ENOSPC' });
    const heldBy = writer.totalBytes + bytes > maxBytes ? await this.#room.shrink(maxBytes - bytes) : undefined;
    if (heldBy) {
      this.#refusedBytes = bytes;
      throw sizeLimitFault(name, maxBytes, heldBy);
    }
    if ((writer.filled?.bytes ?? 0) + bytes > segmentBytes && writer.filled) await writer.roll();
    await this.#rollIfOld();
  }

  async #rollIfOld(): Promise<void> {
    const { writer, clock, segmentAgeMs } = this.#options;
    if (writer.filled && clock.nowMs() - writer.filled.createdAtMs >= segmentAgeMs) await writer.roll();
  }

  /** Looks after the log when nobody writes: rolls an old segment, notices that there is room again, keeps the lock. */
  async tick(): Promise<void> {
    if (this.#closed) return;
    try {
      await this.#inTurn(() => this.#lookAfter());
    } catch (cause) {
      this.#failed(cause);
    }
  }

  async #lookAfter(): Promise<void> {
    if (this.#closed) return;
    const { writer, reserve, clock, lock, maxBytes, maxAgeMs } = this.#options;
    if (this.#full && (await reserve.restore())) {
      const most = maxBytes - this.#refusedBytes;
      this.#full = writer.totalBytes > most && (await this.#room.shrink(most)) !== undefined;
    }
    await this.#rollIfOld();
    if (Number.isFinite(maxAgeMs)) await this.#room.prune({ maxAgeMs });
    if (clock.nowMs() - this.#lockedAtMs < lockRefreshMs) return;
    this.#lockedAtMs = clock.nowMs();
    await lock.refresh();
  }

  /**
   * The reader of this name, at the position it committed last. One at a time of each name.
   * @throws Fault E_LOG_READER_NAME, E_LOG_READER_OPEN.
   */
  async reader(name: string, options: ReaderOptions = {}): Promise<LogReader> {
    checkReaderName(name);
    if (this.#closed) throw closedFault(this.#options.name);
    if (this.#readers.has(name)) throw readerOpenFault(name);
    this.#readers.add(name);
    return this.#inTurn(() => this.#openReader(name, options)).catch((error: unknown) => {
      this.#readers.delete(name);
      throw error;
    });
  }

  async #openReader(name: string, options: ReaderOptions): Promise<LogReader> {
    const { fs, directory, reserve, onLoss } = this.#options;
    const { whenBehind = 'hold', reuse = false, gatherMs = 0, batchBytes = this.#options.batchBytes } = options;
    const stored = await readPosition(fs, directory, name);
    const start = await this.#startOf(name, stored, options.start ?? 'oldest');
    const keeper = new PositionKeeper({ fs, directory, reader: name, whenBehind, reserve }, start);
    if (stored === undefined || stored === 'damaged' || stored.whenBehind !== whenBehind) await keeper.register();
    const cursor = { fs, directory, view: this.#view, reader: name, onLoss, batchBytes, reuse, gatherMs };
    if (options.hurry) this.#room.attach(name, options.hurry);
    return new LogReader(cursor, keeper, () => {
      this.#room.detach(name);
      this.#readers.delete(name);
    });
  }

  async #startOf(name: string, stored: Awaited<ReturnType<typeof readPosition>>, start: StartPosition): Promise<LogPosition> {
    const { fs, directory, writer, onLoss } = this.#options;
    if (stored === undefined && writer.segments.length === 0) return writer.end;
    if (stored === undefined) return findStart(fs, directory, writer.segments, start);
    if (stored === 'damaged') {
      onLoss({ kind: 'damaged-position', segment: 0, offset: 0, bytes: 0, records: 0, reader: name });
      return findStart(fs, directory, writer.segments, 'oldest');
    }
    // Reported when the log was opened.
    return comparePositions(stored.position, writer.end) <= 0 ? stored.position : writer.end;
  }

  /** Forgets a reader that will not come back, so that nothing is held for it. */
  async forget(name: string): Promise<void> {
    checkReaderName(name);
    if (this.#readers.has(name)) throw readerOpenFault(name);
    await this.#inTurn(() => removePosition(this.#options.fs, this.#options.directory, name));
  }

  /** Does what must succeed on a full disk: the reserve is given up for it. */
  spendReserve<T>(action: () => Promise<T>): Promise<T> {
    return this.#options.reserve.spend(action);
  }

  /** Deletes the oldest closed segments, as far as no reader needs them. */
  prune(options: PruneOptions): Promise<PruneResult> {
    return this.#inTurn(() => this.#room.prune(options));
  }

  bytesBehind(position: LogPosition): number {
    return bytesBehind(this.#options.writer.segments, position);
  }

  status(): LogStatus {
    const { writer, losses } = this.#options;
    return {
      full: this.#full,
      lastError: this.#lastError,
      segments: writer.segments.length,
      bytes: writer.totalBytes,
      end: writer.end,
      appended: this.#appended,
      repeats: this.#repeats,
      losses: losses.count,
      heldBy: this.#room.heldBy,
    };
  }

  /** Writes what waits, ends all readers once they have read it, gives the directory free. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#inTurn(async () => {
      try {
        await this.#options.writer.close();
      } finally {
        this.#view.close();
        await this.#options.lock.release();
      }
    });
  }
}

const bytesOf = (tiles: readonly MaskedTile[]): number => tiles.reduce((sum, tile) => sum + tile.bytes.length, 0);
