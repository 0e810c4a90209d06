import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileSinkConfig } from '../../config/sinks/file.ts';
import { delivered, errored, type Outcome, type Sink } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import type { Finding } from '../../core/finding.ts';
import { findingIn } from '../../core/finding-in.ts';
import type { RecordBatch } from '../../core/log.ts';
import { type MaskedRecord, recordTypes } from '../../core/record.ts';
import type { SinkContext } from '../../core/sink-context.ts';

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
  /** Writes a finding in a published format; undefined: as it stands in the log. */
  #format: ((finding: Finding) => string) | undefined;

  constructor(options: FileSinkConfig, context: SinkContext) {
    this.#options = options;
    this.#context = context;
  }

  async open(): Promise<void> {
    const { format } = this.#options;
    if (format !== 'native') {
      const { createFormatter } = await import('../../findings/create-formatter.ts');
      this.#format = createFormatter(format, this.#context.product);
    }
    await this.#ensureOpen();
  }

  async check(): Promise<void> {
    await this.#ensureOpen();
  }

  /** All records of a batch have one outcome: they are synced together. */
  async write(batch: RecordBatch): Promise<readonly Outcome[]> {
    const lines = batch.records.flatMap((record) => this.#linesOf(record));
    try {
      if (lines.length > 0) await this.#append(Buffer.concat(lines));
      return batch.records.map(() => delivered);
    } catch (cause) {
      await this.close();
      const fault = writeFault(this.#options.path, cause instanceof Fault ? cause.cause : cause);
      return batch.records.map(() => errored(fault));
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close().catch(() => undefined);
  }

  #linesOf(record: MaskedRecord): readonly Uint8Array[] {
    const format = record.type === recordTypes.finding ? this.#format : undefined;
    return [format ? Buffer.from(format(findingIn(record))) : record.payload, newline];
  }

  async #append(bytes: Buffer): Promise<void> {
    let handle = await this.#ensureOpen();
    if (this.#bytes > 0 && this.#bytes + bytes.length > this.#options.maxBytes) {
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

  async #ensureOpen(): Promise<FileHandle> {
    if (this.#handle && (await this.#isInPlace())) return this.#handle;
    await this.close();
    const { path } = this.#options;
    try {
      await mkdir(dirname(path), { recursive: true });
      this.#handle = await open(path, 'a', 0o600);
      const { size, ino } = await this.#handle.stat();
      this.#bytes = size;
      this.#inode = ino;
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
    const { path, keepFiles } = this.#options;
    await this.close();
    if (keepFiles === 0) {
      await rm(path, { force: true });
      return;
    }
    await rm(`${path}.${keepFiles}`, { force: true });
    for (let n = keepFiles - 1; n >= 1; n--) await rename(`${path}.${n}`, `${path}.${n + 1}`).catch(ignoreMissing);
    await rename(path, `${path}.1`).catch(ignoreMissing);
  }
}

const newline = Buffer.from('\n');

/** What a start should not go on with: the path cannot be meant. Disks that are full or away are another matter. */
const mistakes = new Set(['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

function writeFault(path: string, cause: unknown): Fault {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new Fault(`writing ${path} failed (${code})`, {
    code: 'E_SINK_WRITE',
    remedy: 'Make room on that disk, or see to its permissions.',
    retryable: true,
    cause,
  });
}
