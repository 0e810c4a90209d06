import type { MaskedRecord } from '../../src/core/record.ts';
import { openLog } from '../../src/log/open-log.ts';
import { makeTile, type TestRecord } from './log-fixture.ts';

/** Records as they come out of a log in this folder, which is made. */
export async function storedRecords(directory: string, made: readonly TestRecord[]): Promise<readonly MaskedRecord[]> {
  const log = await openLog({ directory, name: 'events', clock: { nowMs: Date.now }, reserveBytes: 0, tickMs: 0 });
  try {
    await log.append(makeTile(made));
    const reader = await log.reader('test');
    const records: MaskedRecord[] = [];
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) records.push(...batch.records);
    return records;
  } finally {
    await log.close();
  }
}
