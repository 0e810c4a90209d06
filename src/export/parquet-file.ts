import { type Column, eventColumns, findingColumns } from '../sinks/shared/columns.ts';
import type { EventRow } from '../sinks/shared/event-row.ts';
import type { FindingRow } from '../sinks/shared/finding-row.ts';
import { ParquetTable, parquetValues } from '../sinks/shared/parquet-table.ts';
import { ByteFile, type ClosedFile } from './line-file.ts';

/** What a row group takes at most: all of it is in memory once. */
const groupRows = 5_000;
const groupBytes = 8 * 1024 * 1024;

/** A Parquet file of rows, with the record as it stands in the log in `body`, written group by group. */
export class ParquetFile<Row> {
  readonly #file: ByteFile;
  readonly #columns: readonly Column<Row>[];
  readonly #table: ParquetTable;
  #group: { readonly row: Row; readonly body: Uint8Array }[] = [];
  #bytes = 0;
  #rows = 0;

  private constructor(directory: string, content: string, columns: readonly Column<Row>[], createdBy: string) {
    this.#file = new ByteFile(directory, `${content}.parquet`);
    this.#columns = columns;
    this.#table = new ParquetTable([...columns, { name: 'body', type: 'json' }], { content, createdBy, codec: 'GZIP' });
  }

  static events(directory: string, createdBy: string): ParquetFile<EventRow> {
    return new ParquetFile(directory, 'events', eventColumns, createdBy);
  }

  static findings(directory: string, createdBy: string): ParquetFile<FindingRow> {
    return new ParquetFile(directory, 'findings', findingColumns, createdBy);
  }

  /** @param body is copied */
  async add(row: Row, body: Uint8Array): Promise<void> {
    this.#group.push({ row, body: body.slice() });
    this.#bytes += body.length;
    this.#rows++;
    if (this.#group.length < groupRows && this.#bytes < groupBytes) return;
    this.#write();
    await this.#file.write(this.#table.take());
  }

  #write(): void {
    const group = this.#group;
    [this.#group, this.#bytes] = [[], 0];
    if (group.length === 0) return;
    const values = parquetValues(
      this.#columns,
      group.map(({ row }) => row),
    );
    this.#table.add([...values, group.map(({ body }) => body)], group.length);
  }

  async close(): Promise<ClosedFile> {
    this.#write();
    await this.#file.write(this.#table.finish());
    return this.#file.close(this.#rows);
  }
}
