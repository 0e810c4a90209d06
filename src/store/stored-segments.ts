import type { MaskedRecord } from '../core/record.ts';
import { recordLayout, recordTypes } from '../core/record.ts';
import { DictionaryCache } from '../log/dictionary-cache.ts';
import { type LogFile, type LogFileSystem, nodeFileSystem } from '../log/file-system.ts';
import { decodeRecord } from '../log/record-decoder.ts';
import { segmentFileName, segmentHeaderBytes } from '../log/segment-header.ts';
import { isGone, type Segment } from '../log/segment-list.ts';
import { type RecordRun, readRun, scanRecords } from '../log/segment-scan.ts';
import { PollingView } from '../log/segment-view.ts';

/** A segment of a log as questions see it. */
export interface StoredSegment extends Segment {
  /** Its records were received before this; infinite for the one that takes records. Milliseconds since the epoch. */
  readonly endedAtMs: number;
  readonly isClosed: boolean;
}

/** Sees the segments of a log that another process may be writing. */
export class StoredSegments {
  readonly directory: string;
  readonly #view: PollingView;
  readonly #fs: LogFileSystem;

  constructor(directory: string, fs: LogFileSystem = nodeFileSystem) {
    this.directory = directory;
    this.#fs = fs;
    this.#view = new PollingView(fs, directory, 0);
  }

  /** Oldest first; none where there is no log. */
  async list(): Promise<readonly StoredSegment[]> {
    let segments: readonly Segment[];
    try {
      segments = await this.#view.segments();
    } catch (error) {
      if (isGone(error)) return [];
      throw error;
    }
    return segments.map((segment, index) => {
      const next = segments[index + 1];
      return { ...segment, endedAtMs: next?.createdAtMs ?? Number.POSITIVE_INFINITY, isClosed: next !== undefined };
    });
  }

  /** The payload of the record that stands at this place; undefined where there is none (any more). */
  async payloadAt(segment: number, offset: number): Promise<string | undefined> {
    const file = await this.#open(segment);
    if (!file) return undefined;
    try {
      const run = await readRun(file, offset, await file.size(), 4096);
      if (!run) return undefined;
      const from = run.view.getUint32(recordLayout.headerBytes, true);
      return Buffer.from(run.bytes.subarray(from, run.view.getUint32(recordLayout.size, true))).toString('utf8');
    } finally {
      await file.close();
    }
  }

  /** Undefined where it was deleted. */
  async #open(segment: number): Promise<LogFile | undefined> {
    try {
      return await this.#fs.open(`${this.directory}/${segmentFileName(segment)}`, 'read');
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  /** One segment's records, from `from` on. A segment that was deleted meanwhile has none. */
  async scan(segment: StoredSegment, use: RecordUse, options: ScanOptions): Promise<number> {
    const { signal, from = segmentHeaderBytes, dictionaries = new DictionaryCache() } = options;
    signal.throwIfAborted();
    const file = await this.#open(segment.number);
    if (!file) return from;
    try {
      const end = await scanRecords(file, from, segment.bytes, {
        run: (run) => {
          eachRecord(run, dictionaries, use);
          return signal.aborted;
        },
        damage: () => undefined,
      });
      signal.throwIfAborted();
      return end;
    } finally {
      await file.close();
    }
  }
}

export interface ScanOptions {
  readonly signal: AbortSignal;
  /** Offset of a record; those before it must have been seen with the same dictionaries. */
  readonly from?: number;
  readonly dictionaries?: DictionaryCache;
}

/** The record's memory is used again afterwards. `offset` is its place in the segment. */
export type RecordUse = (record: MaskedRecord, offset: number) => void;

function eachRecord(run: RecordRun, dictionaries: DictionaryCache, use: RecordUse): void {
  dictionaries.addRun(run);
  const last = run.starts.at(-1) ?? 0;
  const base = run.end - last - run.view.getUint32(last + recordLayout.size, true);
  for (const at of run.starts) {
    if (run.view.getUint8(at + recordLayout.type) === recordTypes.dictionary) continue;
    use(decodeRecord(run.bytes, run.view, at, dictionaries), base + at);
  }
}
