import type { Reader, RecordBatch } from '../core/log.ts';
import type { MaskedRecord } from '../core/record.ts';

/** A reader that hands on only some of the records. Its position passes over the rest. */
export function filteredReader(reader: Reader, keep: (records: readonly MaskedRecord[]) => readonly MaskedRecord[]): Reader {
  return {
    async *read(signal, how): AsyncGenerator<RecordBatch, void, undefined> {
      for await (const batch of reader.read(signal, how)) yield { ...batch, records: keep(batch.records) };
    },
    commit: (position) => reader.commit(position),
    close: () => reader.close(),
  };
}
