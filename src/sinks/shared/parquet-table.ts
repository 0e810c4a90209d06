import { gzipSync } from 'node:zlib';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Column, ColumnType } from './columns.ts';
import { columnSchema, type SchemaElement } from './parquet-schema.ts';

/** How a Parquet column is called and what it holds. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: ColumnType;
}

export interface ParquetTableOptions {
  /** Name of the content, in the file's own metadata. */
  readonly content: string;
  readonly createdBy: string;
  /** gzip: known to every reader, small. snappy: quick to read. */
  readonly codec: 'GZIP' | 'SNAPPY';
  /** Only times have statistics: those of texts take a tenth of the work of writing, and most queries are about a time. */
  readonly onlyTimes?: boolean;
}

/**
 * One Parquet file, group of rows by group of rows. The same rows give the same bytes.
 * Source: the Apache Parquet format; hyparquet-writer writes it.
 */
export class ParquetTable {
  readonly #columns: readonly ParquetColumn[];
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  readonly #onlyTimes: boolean;

  constructor(columns: readonly ParquetColumn[], { content, createdBy, codec, onlyTimes = false }: ParquetTableOptions) {
    this.#columns = columns;
    this.#onlyTimes = onlyTimes;
    const schema: SchemaElement[] = [
      { name: 'auditveil', num_children: columns.length },
      ...columns.flatMap(({ name, type }) => columnSchema(name, type)),
    ];
    const kvMetadata = [{ key: 'auditveil.content', value: content }];
    const compressors = { GZIP: (input: Uint8Array) => gzipSync(input) };
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema, codec, compressors, kvMetadata, createdBy });
  }

  /** @param data values of each column, all as many; taken in groups of so many rows */
  add(data: readonly (readonly unknown[])[], rowsOfGroup: number): void {
    const columnData = this.#columns.map(({ name, type }, i) => ({
      name,
      data: [...(data[i] ?? [])],
      // Statistics over bodies would copy two of them into the footer.
      statistics: this.#onlyTimes ? type === 'time' : type !== 'json' && type !== 'texts',
    }));
    void this.#writer.write({ columnData, rowGroupSize: rowsOfGroup });
  }

  /** What was written since the last call, for a file that is not held in memory whole. */
  take(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return bytes;
  }

  /** The file, or what was not taken of it yet. */
  finish(): Uint8Array {
    void this.#writer.finish();
    return this.#bytes.getBytes();
  }
}

/** Values of each column of these rows, as `ParquetTable.add` takes them. */
export function parquetValues<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): readonly (readonly unknown[])[] {
  return columns.map(({ type, value }) =>
    rows.map((row) => (type === 'time' ? BigInt(Math.floor(Number(value(row)))) : value(row))),
  );
}
