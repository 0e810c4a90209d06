import { recordLayout } from '../core/record.ts';
import { type LogFile, readFully } from './file-system.ts';
import { checkHead, checkRecord, notARecord, notYet } from './record-decoder.ts';

/** Whole, valid records that stand back to back in a segment. */
export interface RecordRun {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Start of each record in `bytes`. */
  readonly starts: readonly number[];
  /** Offset in the segment behind the last record. */
  readonly end: number;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

async function readRange(file: LogFile, from: number, bytes: number, into?: Uint8Array): Promise<Uint8Array> {
  const buffer = into && into.length >= bytes ? into.subarray(0, bytes) : new Uint8Array(bytes);
  return buffer.subarray(0, await readFully(file, buffer, from));
}

/**
 * Reads valid records from `from`, at most about `runBytes` of them but at least one, however long. `end` is where
 * the segment's readable part ends.
 * @param into memory for the records where it is large enough for them
 * @returns undefined where no whole valid record stands at `from`.
 */
export async function readRun(
  file: LogFile,
  from: number,
  end: number,
  runBytes: number,
  into?: Uint8Array,
): Promise<RecordRun | undefined> {
  let bytes = await readRange(file, from, Math.min(runBytes, end - from), into);
  let view = viewOf(bytes);
  if (checkRecord(bytes, view, 0, bytes.length) === notYet) {
    const size = checkHead(view, 0, bytes.length);
    if (size <= bytes.length || from + size > end) return undefined;
    bytes = await readRange(file, from, size);
    view = viewOf(bytes);
  }
  const starts: number[] = [];
  let at = 0;
  for (let size = checkRecord(bytes, view, at, bytes.length); size > 0; size = checkRecord(bytes, view, at, bytes.length)) {
    starts.push(at);
    at += size;
  }
  return at === 0 ? undefined : { bytes, view, starts, end: from + at };
}

async function isRecordAt(file: LogFile, from: number, end: number): Promise<boolean> {
  const head = await readRange(file, from, Math.min(recordLayout.fixedBytes, end - from));
  const size = checkHead(viewOf(head), 0, head.length);
  if (size <= 0 || from + size > end) return false;
  const bytes = await readRange(file, from, size);
  return checkRecord(bytes, viewOf(bytes), 0, bytes.length) > 0;
}

const searchBytes = 1024 * 1024;

/**
 * Finds where valid records go on behind damage at `from`. First the damaged record's own size is believed, if a valid
 * record (or the end) stands behind it; else every byte is tried. A masked event cannot pretend to be a record: a head
 * holds control characters, and JSON text has none.
 * @returns undefined where there is no valid record up to `end`.
 */
export async function findRecord(file: LogFile, from: number, end: number): Promise<number | undefined> {
  const head = await readRange(file, from, Math.min(recordLayout.fixedBytes, end - from));
  const size = head.length < 4 ? 0 : viewOf(head).getUint32(recordLayout.size, true);
  const next = from + size;
  if (size >= recordLayout.fixedBytes && next < end && (await isRecordAt(file, next, end))) return next;
  return searchRecord(file, from + 1, end);
}

async function searchRecord(file: LogFile, from: number, end: number): Promise<number | undefined> {
  for (let start = from; start + recordLayout.fixedBytes <= end; start += searchBytes) {
    const bytes = await readRange(file, start, Math.min(searchBytes + recordLayout.fixedBytes, end - start));
    const view = viewOf(bytes);
    const last = Math.min(searchBytes, bytes.length - recordLayout.fixedBytes + 1);
    for (let at = 0; at < last; at++) {
      const size = checkHead(view, at, bytes.length);
      if (size <= 0 || start + at + size > end) continue;
      if (at + size > bytes.length) {
        if (await isRecordAt(file, start + at, end)) return start + at;
      } else if (checkRecord(bytes, view, at, bytes.length) !== notARecord) return start + at;
    }
  }
  return undefined;
}

/** Whether the file holds only zeros from `from` to `end`: what some file systems leave of a write after a power cut. */
export async function isZero(file: LogFile, from: number, end: number): Promise<boolean> {
  for (let start = from; start < end; start += searchBytes) {
    const bytes = await readRange(file, start, Math.min(searchBytes, end - start));
    if (bytes.some((byte) => byte !== 0)) return false;
  }
  return true;
}

export interface ScanVisitor {
  /** True ends the scan. The run's bytes are gone when this returns. */
  run(run: RecordRun): boolean;
  /** Damage between valid records, or behind the last one (`tail`). */
  damage(from: number, to: number, tail: boolean): Promise<void> | void;
}

/**
 * Passes every valid record between `from` and `end` to the visitor, in order, over damage if need be.
 * @returns the offset behind the last valid record.
 */
export async function scanRecords(file: LogFile, from: number, end: number, visitor: ScanVisitor): Promise<number> {
  let at = from;
  const memory = new Uint8Array(Math.max(0, Math.min(searchBytes, end - from)));
  while (at < end) {
    const run = await readRun(file, at, end, searchBytes, memory);
    if (run) {
      at = run.end;
      if (visitor.run(run)) return at;
      continue;
    }
    const next = await findRecord(file, at, end);
    await visitor.damage(at, next ?? end, next === undefined);
    if (next === undefined) return at;
    at = next;
  }
  return at;
}
