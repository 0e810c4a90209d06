import { type MaskedRecord, recordTypes } from '../core/record.ts';
import { openLogReader } from '../log/open-log-reader.ts';
import type { CliContext } from './output.ts';

const shownEveryMs = 200;

/** Masked events of an events log, oldest first, with a line of progress on a terminal. The agent may run or not. */
export async function eachStoredRecord(
  context: CliContext,
  directory: string,
  use: (record: MaskedRecord) => Promise<void>,
): Promise<number> {
  const reader = await openLogReader({ directory });
  let [count, nextMs] = [0, 0];
  try {
    for await (const batch of reader.read(context.stop, { follow: false })) {
      for (const record of batch.records) {
        if (record.type !== recordTypes.event) continue;
        count++;
        await use(record);
      }
      await reader.commit(batch.end);
      if (Date.now() < nextMs) continue;
      nextMs = Date.now() + shownEveryMs;
      context.output.progress(`${directory}: ${count} events`);
    }
  } finally {
    context.output.progress(undefined);
    await reader.close();
  }
  return count;
}
