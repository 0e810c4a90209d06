import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '../core/faults.ts';
import { findingIn } from '../core/finding-in.ts';
import { limits } from '../core/limits.ts';
import type { LogPosition, RecordBatch } from '../core/log.ts';
import { type MaskedRecord, recordTypes } from '../core/record.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import type { LogReader } from '../log/log-reader.ts';
import { openLogReader } from '../log/open-log-reader.ts';
import { PollingView } from '../log/segment-view.ts';
import type { FindingsView } from './findings-view.ts';

/** Small batches, so that a rebuild lets others have their turn. */
const batchBytes = 128 * 1024;
const againMs = 500;

/**
 * Feeds a view with a findings log from its newest `limits.webReadBackBytes` on, and follows it until `signal` aborts.
 * @param loaded called once everything that was there is in the view
 */
export async function followFindings(
  directory: string,
  view: FindingsView,
  loaded: () => void,
  signal: AbortSignal,
): Promise<void> {
  const reader = await openWhenThere(directory, loaded, signal);
  if (!reader) return;
  try {
    await readInto(view, reader, false, signal);
    loaded();
    await readInto(view, reader, true, signal);
  } finally {
    await reader.close();
  }
}

/** Feeds a view with what a findings log holds now. @throws Fault E_LOG_MISSING */
export async function readFindings(directory: string, view: FindingsView, signal: AbortSignal): Promise<void> {
  const reader = await openLogReader({ directory, batchBytes, start: await startOf(directory) });
  try {
    await readInto(view, reader, false, signal);
  } finally {
    await reader.close();
  }
}

async function readInto(view: FindingsView, reader: LogReader, follow: boolean, signal: AbortSignal): Promise<void> {
  for await (const batch of reader.read(signal, { follow })) {
    take(view, batch, reader.committed);
    await reader.commit(batch.end);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** An agent that was never started has no log yet. */
async function openWhenThere(directory: string, loaded: () => void, signal: AbortSignal) {
  while (!signal.aborted) {
    try {
      return await openLogReader({ directory, batchBytes, start: await startOf(directory) });
    } catch (error) {
      if (!(error instanceof Fault && error.code === 'E_LOG_MISSING')) throw error;
      loaded();
      await delay(againMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

async function startOf(directory: string): Promise<LogPosition | 'oldest'> {
  const segments = await new PollingView(nodeFileSystem, directory, againMs).segments().catch(() => []);
  let bytes = 0;
  for (const segment of segments.toReversed()) {
    bytes += segment.bytes;
    if (bytes > limits.webReadBackBytes && segment !== segments.at(-1)) return { segment: segment.number + 1, offset: 0 };
  }
  return 'oldest';
}

function take(view: FindingsView, { records, end }: RecordBatch, place: LogPosition): void {
  for (const record of records) {
    if (record.type === recordTypes.finding) view.found(findingIn(record), place, end);
    else if (record.type === recordTypes.note) view.noted(noteIn(record), end);
  }
  view.changes.end = end;
  view.changes.wake();
}

/** The note that a record holds. */
export function noteIn(record: MaskedRecord): unknown {
  return JSON.parse(Buffer.from(record.payload).toString('utf8')) as unknown;
}
