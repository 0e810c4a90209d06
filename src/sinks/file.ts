import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Outcome, Sink } from '../core/delivery.ts';
import { Fault } from '../core/faults.ts';
import { type Finding, type Severity, severities } from '../core/finding.ts';
import type { RecordBatch } from '../core/log.ts';
import { type MaskedRecord, recordTypes } from '../core/record.ts';

export interface FileSinkOptions {
  readonly path: string;
  /** Findings below this severity are left out. Events are not filtered. */
  readonly minSeverity: Severity;
  /** The file is renamed to `.1` (older ones move up) when it would grow beyond this size. */
  readonly maxBytes: number;
  /** Renamed files kept. */
  readonly keepFiles: number;
  /** How a finding is written, one line without its end; absent: as it stands in the log. Events are never rewritten. */
  readonly finding?: (finding: Finding) => string;
}

const delivered: Outcome = { status: 'delivered' };

/**
 * JSON lines in a file: masked events as they stand in the log, or findings, in the format asked for. At least once: the position moves after
 * the file is synced, so after a crash the last lines may come again. A line is never split over two files.
 */
export class FileSink implements Sink {
  readonly #options: FileSinkOptions;
  #handle: FileHandle | undefined;
  #bytes = 0;

  constructor(options: FileSinkOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
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
      const fault = cause instanceof Fault ? cause : writeFault(this.#options.path, cause);
      return batch.records.map(() => ({ status: 'errored' as const, fault }));
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close().catch(() => undefined);
  }

  #linesOf(record: MaskedRecord): readonly Uint8Array[] {
    if (record.type === recordTypes.event) return [record.payload, newline];
    if (record.type !== recordTypes.finding) return [];
    const { minSeverity, finding: format } = this.#options;
    const finding = JSON.parse(Buffer.from(record.payload).toString('utf8')) as Finding;
    if (severities.indexOf(finding.rule.severity) < severities.indexOf(minSeverity)) return [];
    return [format ? Buffer.from(format(finding)) : record.payload, newline];
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
    if (this.#handle) return this.#handle;
    const { path } = this.#options;
    try {
      await mkdir(dirname(path), { recursive: true });
      this.#handle = await open(path, 'a', 0o600);
      this.#bytes = (await this.#handle.stat()).size;
      return this.#handle;
    } catch (cause) {
      throw new Fault(`cannot write ${path} (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, {
        code: 'E_SINK_OPEN',
        remedy: 'Let this user write there, or name another file.',
        retryable: true,
        cause,
      });
    }
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
