import type { MaskedRecord } from '../../core/record.ts';
import type { LogReader } from '../../log/log-reader.ts';

/**
 * What a log holds, batch by batch, and once, as undefined, the word that everything which was there has been read; then what comes,
 * if it is followed. Nothing is remembered across calls: a reader in another process may go on writing.
 */
export async function* logBatches(
  reader: LogReader,
  stop: AbortSignal,
  follow: boolean,
): AsyncGenerator<readonly MaskedRecord[] | undefined, void, undefined> {
  for await (const batch of reader.read(stop, { follow: false })) {
    yield batch.records;
    await reader.commit(batch.end);
  }
  yield undefined;
  if (!follow) return;
  for await (const batch of reader.read(stop)) {
    yield batch.records;
    await reader.commit(batch.end);
  }
}
