import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileSinkConfig } from '../../config/sinks/file.ts';
import { delivered, errored, type Outcome, type Sink } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import type { RecordBatch } from '../../core/log.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import { joinLines, recordLines } from '../shared/record-line.ts';
import { mendTail } from './mend-tail.ts';
import { compressRotated, rotateFiles, unfinishedName } from './rotate.ts';

/**
 * JSON lines in a file: masked events as they stand in the log, or findings, in the format asked for. At least once: the position moves after
 * the file is synced, so after a crash the last lines may come again. A line is never split over two files.
 */
export class FileSink implements Sink {
  readonly #options: FileSinkConfig;
  readonly #context: SinkContext;
  #handle: FileHandle | undefined;
  #bytes = 0;
  #inode = 0;
  /** When the file was begun, milliseconds since the epoch. */
  #begunAtMs = 0;
  readonly #line: ReturnType<typeof recordLines>;
  /** What was rotated last, being compressed. */
  #compressing: Promise<void> = Promise.resolve();

  constructor(options: FileSinkConfig, context: SinkContext) {
    this.#options = options;
    this.#context = context;
    this.#line = recordLines(options.format, context.product);
  }

  async open(): Promise<void> {
    await rm(unfinishedName(this.#options.path), { force: true }).catch(() => undefined);
    await this.#ensureOpen();
  }

  async check(): Promise<void> {
    await this.#ensureOpen();
  }

  /** All records of a batch have one outcome: they are synced together. */
  async write(batch: RecordBatch): Promise<readonly Outcome[]> {
    try {
      if (batch.records.length > 0) await this.#append(joinLines(batch.records.map(this.#line), 'lines'));
      return batch.records.map(() => delivered);
    } catch (cause) {
      await this.#closeFile();
      const fault = writeFault(this.#options.path, cause instanceof Fault ? cause.cause : cause);
      return batch.records.map(() => errored(fault));
    }
  }

  async close(): Promise<void> {
    await this.#closeFile();
    await this.#compressing;
  }

  async #closeFile(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close().catch(() => undefined);
  }

  async #append(bytes: Buffer): Promise<void> {
    let handle = await this.#ensureOpen();
    if (this.#isFull(bytes.length)) {
      await this.#rotate();
      handle = await this.#ensureOpen();
    }
    const before = this.#bytes;
    try {
      await handle.appendFile(bytes);
      await handle.datasync();
      this.#bytes += bytes.length;
    } catch (error) {
      // What was written in part comes again as a whole.
      await handle.truncate(before).catch(() => undefined);
      throw error;
    }
  }

  #isFull(more: number): boolean {
    const { maxBytes, maxAgeMs = Number.POSITIVE_INFINITY } = this.#options;
    return this.#bytes > 0 && (this.#bytes + more > maxBytes || this.#context.clock.nowMs() - this.#begunAtMs >= maxAgeMs);
  }

  async #ensureOpen(): Promise<FileHandle> {
    if (this.#handle && (await this.#isInPlace())) return this.#handle;
    await this.#closeFile();
    const { path } = this.#options;
    try {
      await mkdir(dirname(path), { recursive: true });
      this.#handle = await open(path, 'a+', 0o600);
      const { size, ino, birthtimeMs } = await this.#handle.stat();
      this.#bytes = await mendTail(this.#handle, size);
      this.#inode = ino;
      this.#begunAtMs = size === 0 ? this.#context.clock.nowMs() : birthtimeMs;
      return this.#handle;
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
      throw new Fault(`cannot write ${path} (${code})`, {
        code: 'E_SINK_OPEN',
        remedy: 'Let this user write there, or name another file.',
        retryable: !mistakes.has(code),
        cause,
      });
    }
  }

  /** Somebody else may have moved the file away, as log rotation does: then a new one is begun. */
  async #isInPlace(): Promise<boolean> {
    const found = await stat(this.#options.path).catch(() => undefined);
    return found?.ino === this.#inode;
  }

  async #rotate(): Promise<void> {
    const { path, keepFiles, compress } = this.#options;
    // It may be `.1` that is being compressed.
    await this.#compressing;
    await this.#closeFile();
    await rotateFiles(path, keepFiles);
    if (compress && keepFiles > 0) this.#compressing = compressRotated(path).catch((error: unknown) => this.#uncompressed(error));
  }

  /** The file is there as it was: nothing is lost but room. */
  #uncompressed(error: unknown): void {
    this.#context.notice(`a rotated file could not be compressed (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

/** What a start should not go on with: the path cannot be meant. Disks that are full or away are another matter. */
const mistakes = new Set(['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

function writeFault(path: string, cause: unknown): Fault {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new Fault(`writing ${path} failed (${code})`, {
    code: 'E_SINK_WRITE',
    remedy: 'Make room on that disk, or see to its permissions.',
    retryable: true,
    cause,
  });
}
