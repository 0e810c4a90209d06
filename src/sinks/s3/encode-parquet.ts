import { eventColumns, findingColumns } from '../shared/columns.ts';
import { ParquetTable, parquetValues } from '../shared/parquet-table.ts';
import type { ObjectLine } from './object-line.ts';

/** Rows of a row group: a reader that asks for few columns reads few bytes, one that asks for bodies holds one group. */
const rowsPerGroup = 10_000;

/**
 * One Parquet file: typed columns of what is asked for most, then `body` with the JSON text as it stands in the log. All lines are
 * of one content. The same lines give the same bytes. Pages are compressed with gzip, which every reader knows.
 */
export function encodeParquet(lines: readonly ObjectLine[], createdBy: string, rowsOfGroup = rowsPerGroup): Uint8Array {
  const isEvents = lines[0]?.event !== undefined;
  const columns = isEvents ? eventColumns : findingColumns;
  const values = isEvents
    ? parquetValues(
        eventColumns,
        lines.flatMap(({ event }) => event ?? []),
      )
    : parquetValues(
        findingColumns,
        lines.flatMap(({ finding }) => finding ?? []),
      );
  const body = { name: 'body', type: 'json' } as const;
  const content = isEvents ? 'events' : 'findings';
  const table = new ParquetTable([...columns, body], { content, createdBy, codec: 'GZIP' });
  table.add([...values, lines.map(({ body: text }) => text)], rowsOfGroup);
  return table.finish();
}
