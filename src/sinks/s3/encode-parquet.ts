import { gzipSync } from 'node:zlib';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { type Column, type ColumnType, eventColumns, findingColumns } from '../shared/columns.ts';
import type { ObjectLine } from './object-line.ts';
import { columnSchema, type SchemaElement } from './parquet-schema.ts';

/** Rows of a row group: a reader that asks for few columns reads few bytes, one that asks for bodies holds one group. */
const rowsPerGroup = 10_000;

/**
 * One Parquet file: typed columns of what is asked for most, then `body` with the JSON text as it stands in the log. All lines are
 * of one content. The same lines give the same bytes. Pages are compressed with gzip, which every reader knows.
 * Source: the Apache Parquet format; hyparquet-writer writes it.
 */
export function encodeParquet(lines: readonly ObjectLine[], createdBy: string, rowsOfGroup = rowsPerGroup): Uint8Array {
  const content = lines[0]?.event ? 'events' : 'findings';
  const columns =
    content === 'events'
      ? columnsOf(
          eventColumns,
          lines.flatMap(({ event }) => event ?? []),
        )
      : columnsOf(
          findingColumns,
          lines.flatMap(({ finding }) => finding ?? []),
        );
  const all = [...columns, { name: 'body', type: 'json' as const, data: lines.map(({ body }) => body) }];
  const schema: SchemaElement[] = [
    { name: 'auditveil', num_children: all.length },
    ...all.flatMap(({ name, type }) => columnSchema(name, type)),
  ];
  const writer = new ByteWriter();
  void parquetWrite({
    writer,
    schema,
    // Statistics over bodies would copy two of them into the footer.
    columnData: all.map(({ name, data, type }) => ({ name, data: [...data], statistics: type !== 'json' && type !== 'texts' })),
    codec: 'GZIP',
    compressors: { GZIP: (input) => gzipSync(input) },
    rowGroupSize: rowsOfGroup,
    kvMetadata: [{ key: 'auditveil.content', value: content }],
    createdBy,
  });
  return writer.getBytes();
}

interface FilledColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly data: readonly unknown[];
}

function columnsOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): readonly FilledColumn[] {
  return columns.map(({ name, type, value }) => ({
    name,
    type,
    data: rows.map((row) => (type === 'time' ? BigInt(Math.floor(Number(value(row)))) : value(row))),
  }));
}
