import type { MaskedRecord } from './record.ts';
import type { MaskedTile } from './tile.ts';

/** A place in a log. Ordered by segment, then offset. */
export interface LogPosition {
  readonly segment: number;
  readonly offset: number;
}

/** Whoever reads has it alone, and may empty its records once they are done. */
export interface RecordBatch {
  readonly records: readonly MaskedRecord[];
  /** Where reading continues after this batch: what a reader commits once the batch is safe elsewhere. */
  readonly end: LogPosition;
}

/** Appends masked records. `append` resolves only after fsync: then, and only then, may a source be acknowledged. */
export interface Log {
  append(tile: MaskedTile): Promise<AppendResult>;
  reader(name: string): Promise<Reader>;
  close(): Promise<void>;
}

export interface AppendResult {
  readonly end: LogPosition;
  readonly appended: number;
  /** Records left out because the same content is already in the dedupe window. */
  readonly repeats: number;
}

/** Reads a log from its own durable position. Delivery is at least once: what was not committed comes again. */
export interface Reader {
  /** Ends when `signal` aborts, or at the end of the log when `follow` is false. */
  read(signal: AbortSignal, options?: { readonly follow?: boolean }): AsyncIterable<RecordBatch>;
  commit(position: LogPosition): Promise<void>;
  close(): Promise<void>;
}
