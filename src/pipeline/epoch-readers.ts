import type { LogPosition } from '../core/log.ts';
import { recordTypes } from '../core/record.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import { openLogReader } from '../log/open-log-reader.ts';
import { type Hold, readHolds } from '../log/retention.ts';

/**
 * Readers that hold records of an epoch in the events log of a data folder: sinks that have not passed all of them on yet.
 * Reads only what a holding reader has still before it.
 * @throws Fault E_LOG_MISSING where there is no log
 */
export async function readersBeforeEpoch(dataDirectory: string, epoch: string): Promise<readonly string[]> {
  const directory = `${dataDirectory}/events`;
  await (await openLogReader({ directory })).close();
  const holds = await readHolds(nodeFileSystem, directory);
  if (holds.length === 0) return [];
  const last = await lastOf(directory, epoch, earliest(holds));
  if (!last) return [];
  return holds.filter((hold) => !hold.position || isBefore(hold.position, last)).map((hold) => hold.reader);
}

/** Undefined where one may need everything. */
function earliest(holds: readonly Hold[]): LogPosition | undefined {
  if (holds.some((hold) => hold.position === undefined)) return undefined;
  return holds.map((hold) => hold.position as LogPosition).reduce((a, b) => (isBefore(a, b) ? a : b));
}

function isBefore(a: LogPosition, b: LogPosition): boolean {
  return a.segment < b.segment || (a.segment === b.segment && a.offset < b.offset);
}

/** Where the last batch with a record of the epoch ends. */
async function lastOf(directory: string, epoch: string, start: LogPosition | undefined): Promise<LogPosition | undefined> {
  const reader = await openLogReader({ directory, ...(start === undefined ? {} : { start }) });
  let last: LogPosition | undefined;
  try {
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) {
      if (batch.records.some((record) => record.type === recordTypes.event && record.context?.key === epoch)) last = batch.end;
    }
  } finally {
    await reader.close();
  }
  return last;
}
