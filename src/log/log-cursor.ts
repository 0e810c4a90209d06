import type { LogPosition, RecordBatch } from '../core/log.ts';
import { type MaskedRecord, recordLayout, recordTypes } from '../core/record.ts';
import { DictionaryCache } from './dictionary-cache.ts';
import type { LogFile, LogFileSystem } from './file-system.ts';
import type { LossKind, OnLoss } from './loss-report.ts';
import { decodeRecord } from './record-decoder.ts';
import { segmentFileName, segmentHeaderBytes } from './segment-header.ts';
import { isGone, type Segment } from './segment-list.ts';
import { findRecord, type RecordRun, readRun, scanRecords } from './segment-scan.ts';
import type { SegmentView } from './segment-view.ts';

export interface CursorOptions {
  readonly fs: LogFileSystem;
  readonly directory: string;
  readonly view: SegmentView;
  /** Named in loss reports. */
  readonly reader: string;
  readonly onLoss: OnLoss;
  readonly batchBytes: number;
  /** Batches share one piece of memory: the records of one are gone once the next is asked for. */
  readonly reuse?: boolean;
  /** Nothing at or behind this position is read; it stands between two records. */
  readonly until?: LogPosition;
}

/** How often unreadable bytes at the end of a log that another process writes are looked at again before they count as damage. */
const settleAttempts = 10;

/** Walks over a log's records from a position on. One call of `next` at a time. */
export class LogCursor {
  readonly #options: CursorOptions;
  readonly #dictionaries = new DictionaryCache();
  #segment: number;
  #offset: number;
  #file: LogFile | undefined;
  #memory: Uint8Array | undefined;
  /** Times in a row that the end of the log could not be read, and its size then. */
  #unsettled = { attempts: 0, bytes: 0 };

  constructor(options: CursorOptions, start: LogPosition) {
    this.#options = options;
    this.#segment = start.segment;
    this.#offset = Math.max(start.offset, segmentHeaderBytes);
  }

  get position(): LogPosition {
    return { segment: this.#segment, offset: this.#offset };
  }

  /** The next records; undefined at the end of what is there now. */
  async next(): Promise<RecordBatch | undefined> {
    for (;;) {
      const segments = await this.#options.view.segments();
      const index = segments.findIndex((segment) => segment.number >= this.#segment);
      const segment = segments[index];
      if (!segment || segment.number > this.#lastSegment) return undefined;
      const next = segments[index + 1];
      if (segment.number > this.#segment) await this.#skipTo(segment);
      else if (this.#offset < this.#endOf(segment)) {
        const step = await this.#read(segment, next === undefined);
        if (step === 'wait') return undefined;
        if (step !== 'again') return step;
      } else {
        // What another process cut off its log's end was never acknowledged; new records follow from the cut on.
        if (!next && !this.#options.view.synced)
          this.#offset = Math.min(this.#offset, Math.max(segment.bytes, segmentHeaderBytes));
        if (!next || segment.number === this.#lastSegment) return undefined;
        await this.#enter(next.number);
      }
    }
  }

  get #lastSegment(): number {
    return this.#options.until?.segment ?? Number.POSITIVE_INFINITY;
  }

  #endOf({ number, bytes }: Segment): number {
    const { until } = this.#options;
    return until?.segment === number ? Math.min(bytes, until.offset) : bytes;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #enter(segment: number): Promise<void> {
    await this.close();
    const expected = this.#segment + 1;
    for (let missing = expected; missing < segment; missing++)
      this.#report('missing-segment', { segment: missing, offset: 0, bytes: 0 });
    this.#segment = segment;
    this.#offset = segmentHeaderBytes;
  }

  /** The segment of this position is gone: deleted behind the reader, or lost. */
  async #skipTo(segment: Segment): Promise<void> {
    const finished = segment.number === this.#segment + 1 && segment.previousBytes > 0 && this.#offset >= segment.previousBytes;
    if (!finished) this.#report('reader-behind', { segment: this.#segment, offset: this.#offset, bytes: 0 });
    await this.close();
    this.#segment = segment.number;
    this.#offset = segmentHeaderBytes;
  }

  #report(kind: LossKind, place: { segment: number; offset: number; bytes: number }): void {
    const records = kind === 'damaged-records' ? 1 : 0;
    this.#options.onLoss({ kind, ...place, records, reader: this.#options.reader });
  }

  async #read(segment: Segment, isLast: boolean): Promise<RecordBatch | 'again' | 'wait'> {
    const file = await this.#open(segment);
    if (!file) return 'again';
    const { batchBytes, reuse } = this.#options;
    if (reuse) this.#memory ??= new Uint8Array(batchBytes);
    const run = await readRun(file, this.#offset, this.#endOf(segment), batchBytes, this.#memory);
    if (run) {
      this.#unsettled.attempts = 0;
      this.#offset = run.end;
      return this.#decode(run) ?? 'again';
    }
    if (this.#endOf(segment) < segment.bytes) return 'wait';
    if (isLast && !this.#options.view.synced && !this.#isSettled(segment)) return 'wait';
    const next = await findRecord(file, this.#offset, segment.bytes);
    if (next === undefined && isLast && !this.#options.view.synced) return 'wait';
    const to = next ?? segment.bytes;
    this.#report('damaged-records', { segment: segment.number, offset: this.#offset, bytes: to - this.#offset });
    this.#offset = to;
    return 'again';
  }

  /** Whether the end of the log has been unreadable, and not grown, for long enough to be no write in progress. */
  #isSettled(segment: Segment): boolean {
    const grown = this.#unsettled.bytes !== segment.bytes;
    this.#unsettled = { attempts: grown ? 1 : this.#unsettled.attempts + 1, bytes: segment.bytes };
    return this.#unsettled.attempts > settleAttempts;
  }

  /** Undefined where the file was deleted since the segments were listed. */
  async #open(segment: Segment): Promise<LogFile | undefined> {
    if (this.#file) return this.#file;
    const { fs, directory, view } = this.#options;
    try {
      this.#file = await fs.open(`${directory}/${segmentFileName(segment.number)}`, 'read');
    } catch (error) {
      const still = (await view.segments()).some((other) => other.number === segment.number);
      if (!isGone(error) || (still && !view.synced)) throw error;
      this.#report(still ? 'missing-segment' : 'reader-behind', {
        segment: segment.number,
        offset: this.#offset,
        bytes: segment.bytes - this.#offset,
      });
      this.#segment = segment.number + 1;
      this.#offset = segmentHeaderBytes;
      return undefined;
    }
    if (this.#offset > segmentHeaderBytes) {
      const run = (found: RecordRun): boolean => {
        this.#dictionaries.addRun(found);
        return false;
      };
      await scanRecords(this.#file, segmentHeaderBytes, this.#offset, { run, damage: () => undefined });
    }
    return this.#file;
  }

  /** Undefined where the run holds dictionaries only. */
  #decode(run: RecordRun): RecordBatch | undefined {
    this.#dictionaries.addRun(run);
    const records: MaskedRecord[] = [];
    for (const at of run.starts) {
      if (run.view.getUint8(at + recordLayout.type) === recordTypes.dictionary) continue;
      records.push(decodeRecord(run.bytes, run.view, at, this.#dictionaries));
    }
    return records.length === 0 ? undefined : { records, end: { segment: this.#segment, offset: run.end } };
  }
}
