import type { LogPosition } from '../core/log.ts';
import { recordTypes } from '../core/record.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import { openLogReader } from '../log/open-log-reader.ts';
import { readHolds } from '../log/retention.ts';
import { proofReader } from './sealing.ts';

/**
 * Readers that hold records of an epoch in the events log of a data folder: sinks that have not passed all of them on yet.
 * Reads only what a holding reader has still before it, up to the first such record.
 * @throws Fault E_LOG_MISSING where there is no log
 */
export async function readersBeforeEpoch(dataDirectory: string, epoch: string): Promise<readonly string[]> {
  const directory = `${dataDirectory}/events`;
  await (await openLogReader({ directory })).close();
  const readers: string[] = [];
  // Sealing needs no key.
  for (const { reader, position } of await readHolds(nodeFileSystem, directory))
    if (reader !== proofReader && (await hasEpochFrom(directory, epoch, position))) readers.push(reader);
  return readers;
}

/** From the oldest record where the position is not known. */
async function hasEpochFrom(directory: string, epoch: string, start: LogPosition | undefined): Promise<boolean> {
  const reader = await openLogReader({ directory, ...(start === undefined ? {} : { start }) });
  try {
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) {
      if (batch.records.some((record) => record.type === recordTypes.event && record.context?.key === epoch)) return true;
    }
    return false;
  } finally {
    await reader.close();
  }
}
