import { recordLayout, recordTypes } from '../core/record.ts';
import type { DedupeOptions, DedupeWindow } from './dedupe-window.ts';
import { DigestFiles } from './digest-files.ts';
import { type DigestList, digestBytes } from './digest-index.ts';
import { DigestRecorder } from './digest-recorder.ts';
import type { LogFileSystem } from './file-system.ts';
import type { OnLoss } from './loss-report.ts';
import { segmentFileName, segmentHeaderBytes } from './segment-header.ts';
import { closedSince, type Segment } from './segment-list.ts';
import { type RecordRun, scanRecords } from './segment-scan.ts';

export interface FillWindowOptions {
  readonly fs: LogFileSystem;
  readonly directory: string;
  readonly dedupe: DedupeOptions;
  readonly nowMs: number;
  readonly onLoss: OnLoss;
}

/**
 * Fills the window with the digests of the closed segments it reaches into: from their indexes, or, where an index is
 * missing or damaged, from the records, which makes the index anew.
 */
export async function fillWindow(options: FillWindowOptions, segments: readonly Segment[], window: DedupeWindow): Promise<void> {
  const { fs, directory, dedupe, nowMs } = options;
  const indexes = new DigestFiles(fs, directory);
  const recent = closedSince(segments, nowMs - dedupe.windowMs);
  const lists: DigestList[] = [];
  let entries = 0;
  for (const segment of recent.toReversed()) {
    if (entries >= dedupe.maxRecords) break;
    const list = (await indexes.load(segment)) ?? (await rebuild(options, segment, indexes));
    lists.unshift(list);
    entries += list.digests.length / digestBytes;
  }
  window.reserve(entries);
  for (const list of lists) rememberDigests(list, window, nowMs);
  await indexes.keepOnly(new Set(recent.map(({ number }) => number)));
}

async function rebuild(options: FillWindowOptions, segment: Segment, indexes: DigestFiles): Promise<DigestList> {
  const { fs, directory, dedupe, nowMs, onLoss } = options;
  const recorder = new DigestRecorder(dedupe.maxRecords);
  const file = await fs.open(`${directory}/${segmentFileName(segment.number)}`, 'read');
  try {
    await scanRecords(file, segmentHeaderBytes, segment.bytes, {
      run(run) {
        recordDigests(run, recorder, segment, nowMs);
        return false;
      },
      damage: (from, to) =>
        onLoss({ kind: 'damaged-records', segment: segment.number, offset: from, bytes: to - from, records: 1 }),
    });
  } finally {
    await file.close();
  }
  await indexes.save(segment, recorder.list());
  return recorder.list();
}

/** A record was appended no earlier than its segment was made and than it was received. */
export function recordDigests(run: RecordRun, into: DigestRecorder, segment: Segment, nowMs: number): void {
  const { view } = run;
  for (const at of run.starts) {
    if (view.getUint8(at + recordLayout.type) === recordTypes.dictionary) continue;
    const receivedAtMs = view.getFloat64(at + recordLayout.receivedAtUs, true) / 1000;
    const digest = at + recordLayout.digest;
    into.add(run.bytes.subarray(digest, digest + digestBytes), Math.min(nowMs, Math.max(segment.createdAtMs, receivedAtMs)));
  }
}

/** Adds digests with the times they were appended at. */
export function rememberDigests({ stamps, digests }: DigestList, window: DedupeWindow, nowMs: number): void {
  const view = new DataView(digests.buffer, digests.byteOffset, digests.byteLength);
  for (const [index, { from, atMs }] of stamps.entries()) {
    window.advance(Math.min(nowMs, atMs));
    const end = Math.min(stamps[index + 1]?.from ?? Number.POSITIVE_INFINITY, digests.length / digestBytes) * digestBytes;
    for (let at = from * digestBytes; at < end; at += digestBytes)
      window.add(
        view.getUint32(at, true),
        view.getUint32(at + 4, true),
        view.getUint32(at + 8, true),
        view.getUint32(at + 12, true),
      );
  }
}
