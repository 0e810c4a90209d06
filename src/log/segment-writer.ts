import type { Clock } from '../core/clock.ts';
import type { LogPosition } from '../core/log.ts';
import type { DedupeOptions } from './dedupe-window.ts';
import { DigestFiles } from './digest-files.ts';
import { DigestRecorder } from './digest-recorder.ts';
import { errorCode, isDiskFull, type LogFile, type LogFileSystem, writeFully } from './file-system.ts';
import { goneFault } from './log-fault.ts';
import { encodeSegmentHeader, segmentFileName, segmentHeaderBytes } from './segment-header.ts';
import { closedSince, type Segment } from './segment-list.ts';

export interface SegmentWriterOptions {
  readonly fs: LogFileSystem;
  readonly directory: string;
  readonly log: string;
  readonly clock: Clock;
  /** The lowest number a new segment may get: positions of readers may name segments that are gone. */
  readonly firstNumber: number;
  /** Absent: nobody looks for repeats, so that closed segments need no index of their digests. */
  readonly dedupe?: DedupeOptions | undefined;
}

/** The segment that takes records. */
export interface ActiveSegment {
  readonly file: LogFile;
  /** Ids of the dictionaries it holds. */
  readonly dictionaries: Set<string>;
  /** Of its records; absent where repeats are not looked for. */
  readonly digests: DigestRecorder | undefined;
}

/** Records and dictionaries that are written and synced together. */
export interface Write {
  readonly buffers: readonly Uint8Array[];
  readonly dictionaryIds: readonly string[];
  readonly digests: readonly Uint8Array[];
}

/** How many file names that are taken by something unexpected are passed over before giving up. */
const takenNames = 8;

/**
 * The writing end of a log's files. Not re-entrant: one call at a time. Everything up to `end` is on stable storage;
 * whatever fails, nothing behind it is ever counted.
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #segments: readonly Segment[];
  #active: ActiveSegment | undefined;
  readonly #indexes: DigestFiles;

  constructor(options: SegmentWriterOptions, segments: readonly Segment[], active: ActiveSegment | undefined) {
    this.#options = options;
    this.#indexes = new DigestFiles(options.fs, options.directory);
    this.#segments = segments;
    this.#active = active;
  }

  /** Ascending; the last one may be the one that takes records. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  get totalBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  /** Behind the last synced record. */
  get end(): LogPosition {
    const last = this.#segments.at(-1);
    return last
      ? { segment: last.number, offset: last.bytes }
      : { segment: this.#options.firstNumber, offset: segmentHeaderBytes };
  }

  /** Ids of the dictionaries that need not be written again before the next roll. */
  get dictionaries(): ReadonlySet<string> {
    return this.#active?.dictionaries ?? new Set();
  }

  /** The open segment, if it holds records. */
  get filled(): Segment | undefined {
    const last = this.#active && this.#segments.at(-1);
    return last && last.bytes > segmentHeaderBytes ? last : undefined;
  }

  /** Segments that retention may delete. The newest stays, open or not: the numbering goes on from it. */
  get closed(): readonly Segment[] {
    return this.#segments.slice(0, -1);
  }

  /**
   * Writes and syncs. Where that fails the log's end stays where it was: bytes of a write that did not fit are cut off;
   * after a failed sync or a device error the file is not used again, because earlier pages may be gone without a
   * further error.
   */
  async write({ buffers, dictionaryIds, digests }: Write): Promise<void> {
    const active = this.#active ?? (await this.roll());
    const start = this.end.offset;
    let written: number;
    try {
      written = await writeFully(active.file, buffers, start);
      await active.file.datasync().catch((cause: unknown) => {
        throw new SyncError(cause);
      });
      await this.#checkPlace();
    } catch (error) {
      const cause = error instanceof SyncError ? error.cause : error;
      const reusable = !(error instanceof SyncError) && isDiskFull(cause);
      if (!reusable || !(await this.#cut(active.file, start))) await this.#abandon(active.file, start);
      throw cause;
    }
    this.#resizeLast(start + written);
    for (const id of dictionaryIds) active.dictionaries.add(id);
    const atMs = this.#options.clock.nowMs();
    for (const part of digests) active.digests?.add(part, atMs);
  }

  /** A file that lost its name takes what is written to it, and nobody finds it again. @throws Fault E_LOG_GONE */
  async #checkPlace(): Promise<void> {
    const { fs, directory } = this.#options;
    const last = this.#segments.at(-1);
    if (last && !(await fs.stat(`${directory}/${segmentFileName(last.number)}`))) throw goneFault(directory);
  }

  /** Starts a new segment; the old one is closed only when the new one stands. */
  async roll(): Promise<ActiveSegment> {
    const old = this.#active;
    if (old)
      await old.file.sync().catch((cause: unknown) => this.#abandon(old.file, this.end.offset).then(() => Promise.reject(cause)));
    const last = this.#segments.at(-1);
    let number = Math.max((last?.number ?? 0) + 1, this.#options.firstNumber);
    for (let attempt = 1; ; attempt++, number++) {
      try {
        const { file, segment } = await this.#create(number, last);
        const { dedupe } = this.#options;
        const active = { file, dictionaries: new Set<string>(), digests: dedupe && new DigestRecorder(dedupe.maxRecords) };
        this.#active = active;
        this.#segments = [...this.#segments, segment];
        await old?.file.close().catch(() => undefined);
        if (last && old?.digests) await this.#index(last, old.digests);
        return active;
      } catch (error) {
        if (errorCode(error) !== 'EEXIST' || attempt === takenNames) throw error;
      }
    }
  }

  /** Writes the index of a closed segment, and removes those that the dedupe window has left behind. */
  async #index(closed: Segment, digests: DigestRecorder): Promise<void> {
    const { clock, dedupe } = this.#options;
    await this.#indexes.save(closed, digests.list());
    const reached = closedSince(this.#segments, clock.nowMs() - (dedupe?.windowMs ?? 0));
    await this.#indexes.keepOnly(new Set(reached.map(({ number }) => number)));
  }

  async #create(number: number, last: Segment | undefined): Promise<{ file: LogFile; segment: Segment }> {
    const { fs, directory, log, clock } = this.#options;
    const createdAtMs = Math.max(clock.nowMs(), last?.createdAtMs ?? 0);
    const previousBytes = last?.number === number - 1 ? last.bytes : 0;
    const path = `${directory}/${segmentFileName(number)}`;
    const file = await fs.open(path, 'create');
    try {
      await writeFully(file, [encodeSegmentHeader({ log, segment: number, createdAtMs, previousBytes })], 0);
      await file.sync();
      await fs.syncDirectory(directory);
    } catch (error) {
      await file.close().catch(() => undefined);
      await fs.remove(path).catch(() => undefined);
      throw error;
    }
    return { file, segment: { number, createdAtMs, bytes: segmentHeaderBytes, previousBytes } };
  }

  /** Forgets and deletes the oldest closed segments with these numbers. */
  async remove(numbers: ReadonlySet<number>): Promise<void> {
    const { fs, directory } = this.#options;
    for (const segment of this.closed) {
      if (!numbers.has(segment.number)) continue;
      await fs.remove(`${directory}/${segmentFileName(segment.number)}`).catch((error: unknown) => {
        if (errorCode(error) !== 'ENOENT') throw error;
      });
      await this.#indexes.remove(segment.number);
      this.#segments = this.#segments.filter((other) => other.number !== segment.number);
    }
    await fs.syncDirectory(directory);
  }

  async close(): Promise<void> {
    const active = this.#active;
    this.#active = undefined;
    if (!active) return;
    try {
      await active.file.sync();
    } finally {
      await active.file.close();
    }
  }

  #resizeLast(bytes: number): void {
    const last = this.#segments.at(-1);
    if (last) this.#segments = [...this.#segments.slice(0, -1), { ...last, bytes }];
  }

  async #cut(file: LogFile, bytes: number): Promise<boolean> {
    try {
      await file.truncate(bytes);
      return true;
    } catch {
      return false;
    }
  }

  /** The file is left as it is up to its synced end, which the next segment's header records. */
  async #abandon(file: LogFile, bytes: number): Promise<void> {
    await this.#cut(file, bytes);
    await file.close().catch(() => undefined);
    this.#active = undefined;
    const last = this.#segments.at(-1);
    // An empty one is not kept, but for the last of all: the numbering goes on from it.
    if (bytes > segmentHeaderBytes || !last || this.#segments.length === 1) return;
    const { fs, directory } = this.#options;
    await fs.remove(`${directory}/${segmentFileName(last.number)}`).catch(() => undefined);
    this.#segments = this.#segments.slice(0, -1);
  }
}

/** Marks a failure of fdatasync: the one after which a file must not be trusted. */
class SyncError extends Error {
  constructor(cause: unknown) {
    super('sync failed', { cause });
  }
}
