import { join } from 'node:path';
import { findingIn } from '../core/finding-in.ts';
import { limits } from '../core/limits.ts';
import { type MaskedRecord, recordTypes } from '../core/record.ts';
import { type Column, findingColumns } from '../sinks/shared/columns.ts';
import { type FindingRow, findingRow } from '../sinks/shared/finding-row.ts';
import { ParquetTable, parquetValues } from '../sinks/shared/parquet-table.ts';
import type { ScratchFolder } from './scratch-folder.ts';
import { putFile } from './sidecar.ts';
import { StoredSegments } from './stored-segments.ts';

/** A note of our own audit as a row. */
interface NoteRow {
  readonly timeUs: number;
  readonly note: string;
  readonly by: string | undefined;
  readonly body: string;
}

interface FindingTextRow extends FindingRow {
  readonly body: string;
}

const noteColumns: readonly Column<NoteRow>[] = [
  { name: 'time', type: 'time', value: ({ timeUs }) => timeUs },
  { name: 'note', type: 'text', value: ({ note }) => note },
  { name: 'by', type: 'text', value: ({ by }) => by },
  { name: 'body', type: 'json', value: ({ body }) => body },
];

const findingTextColumns: readonly Column<FindingTextRow>[] = [
  ...findingColumns,
  { name: 'body', type: 'json', value: ({ body }) => body },
];

const groupRows = 20_000;

/** Parquet files of what the findings log holds. `isAll` is false where it holds more than questions see. */
export interface FindingFiles {
  readonly findings: string;
  readonly notes: string;
  readonly isAll: boolean;
}

/** Writes findings and notes of a data folder as tables, the newest where there are more than `limits.storeFindings`. */
export async function writeFindingFiles(
  dataDirectory: string,
  scratch: ScratchFolder,
  signal: AbortSignal,
): Promise<FindingFiles> {
  const findings = new RowTable(findingTextColumns, 'findings');
  const notes = new RowTable(noteColumns, 'notes');
  const segments = new StoredSegments(join(dataDirectory, 'findings'));
  const list = (await segments.list()).toReversed();
  let read = 0;
  for (const segment of list) {
    if (findings.rows + notes.rows >= limits.storeFindings) break;
    await segments.scan(
      segment,
      (record) => {
        if (record.type === recordTypes.finding) findings.add({ ...findingRow(findingIn(record)), body: textOf(record) });
        else if (record.type === recordTypes.note) notes.add(noteRow(record));
      },
      { signal },
    );
    read++;
  }
  await putFile(scratch.path, 'findings.parquet', findings.finish());
  await putFile(scratch.path, 'notes.parquet', notes.finish());
  return {
    findings: join(scratch.path, 'findings.parquet'),
    notes: join(scratch.path, 'notes.parquet'),
    isAll: read === list.length,
  };
}

/** Rows go into the table group by group, so that few are in memory as objects. */
class RowTable<Row> {
  readonly #columns: readonly Column<Row>[];
  readonly #table: ParquetTable;
  #group: Row[] = [];
  rows = 0;

  constructor(columns: readonly Column<Row>[], content: string) {
    this.#columns = columns;
    this.#table = new ParquetTable(columns, { content, createdBy: 'auditveil', codec: 'SNAPPY' });
  }

  add(row: Row): void {
    this.rows++;
    this.#group.push(row);
    if (this.#group.length === groupRows) this.#flush();
  }

  finish(): Uint8Array {
    this.#flush();
    return this.#table.finish();
  }

  #flush(): void {
    if (this.#group.length > 0) this.#table.add(parquetValues(this.#columns, this.#group), groupRows);
    this.#group = [];
  }
}

const textOf = ({ payload }: MaskedRecord): string => Buffer.from(payload).toString('utf8');

function noteRow(record: MaskedRecord): NoteRow {
  const body = textOf(record);
  let value: { readonly note?: unknown; readonly by?: { readonly name?: unknown; readonly uid?: unknown } } = {};
  try {
    value = JSON.parse(body) as typeof value;
  } catch {
    // Shown as it is.
  }
  const { name, uid } = value.by ?? {};
  return {
    timeUs: record.eventTimeUs,
    note: typeof value.note === 'string' ? value.note : '',
    by: typeof name === 'string' ? name : typeof uid === 'number' ? String(uid) : undefined,
    body,
  };
}
