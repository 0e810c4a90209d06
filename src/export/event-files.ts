import type { MaskedRecord } from '../core/record.ts';
import { eventColumns } from '../sinks/shared/columns.ts';
import { type EventRow, eventRow } from '../sinks/shared/event-row.ts';
import { cellsOf, csvHeader, csvLine } from './csv.ts';
import type { ExportFormat } from './export-formats.ts';
import { type ClosedFile, LineFile } from './line-file.ts';
import { ParquetFile } from './parquet-file.ts';

const newline = Buffer.from('\n');

/** Files of events, in the formats asked for. */
export class EventFiles {
  readonly #lines: LineFile | undefined;
  readonly #table: LineFile | undefined;
  readonly #parquet: ParquetFile<EventRow> | undefined;

  private constructor(directory: string, formats: readonly ExportFormat[], createdBy: string) {
    this.#lines = formats.includes('jsonl') ? new LineFile(directory, 'events.jsonl') : undefined;
    this.#table = formats.includes('csv') ? new LineFile(directory, 'events.csv') : undefined;
    this.#parquet = formats.includes('parquet') ? ParquetFile.events(directory, createdBy) : undefined;
  }

  static async open(directory: string, formats: readonly ExportFormat[], createdBy: string): Promise<EventFiles> {
    const files = new EventFiles(directory, formats, createdBy);
    await files.#table?.write(csvHeader(eventColumns));
    return files;
  }

  async add(record: MaskedRecord): Promise<void> {
    await this.#lines?.write(Buffer.concat([record.payload, newline]));
    if (!this.#table && !this.#parquet) return;
    const row = eventRow(record);
    await this.#table?.write(Buffer.from(csvLine(cellsOf(eventColumns, row))));
    await this.#parquet?.add(row, record.payload);
  }

  async close(): Promise<readonly ClosedFile[]> {
    const closed: ClosedFile[] = [];
    for (const file of [this.#lines, this.#table, this.#parquet]) if (file) closed.push(await file.close());
    return closed;
  }
}
