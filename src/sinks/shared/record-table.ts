import { findingIn } from '../../core/finding-in.ts';
import { formatTime } from '../../core/format-time.ts';
import { type MaskedRecord, recordTypes } from '../../core/record.ts';
import { type Column, type ColumnType, eventColumns, findingColumns } from './columns.ts';
import { eventRow } from './event-row.ts';
import { findingRow } from './finding-row.ts';

export type TableContent = 'events' | 'findings';

/** Names and types of all columns of a table, `body` last. */
export function tableColumns(content: TableContent): readonly { readonly name: string; readonly type: ColumnType }[] {
  const columns: readonly { readonly name: string; readonly type: ColumnType }[] =
    content === 'events' ? eventColumns : findingColumns;
  return [...columns.map(({ name, type }) => ({ name, type })), { name: 'body', type: 'json' }];
}

/**
 * A record as a row in JSON: columns by name, times in RFC 3339, what is missing left out.
 * @param line the record as JSON, from `recordLines`
 * @param body what stands in `body`, given that JSON: the same as a value, or in quotes
 */
export function rowJson(
  record: MaskedRecord,
  line: (record: MaskedRecord) => Uint8Array,
  body: (json: string) => string,
): string {
  const columns =
    record.type === recordTypes.finding
      ? membersOf(findingColumns, findingRow(findingIn(record)))
      : membersOf(eventColumns, eventRow(record));
  return `{${columns.join(',')},"body":${body(Buffer.from(line(record)).toString('utf8'))}}`;
}

function membersOf<Row>(columns: readonly Column<Row>[], row: Row): readonly string[] {
  return columns.flatMap(({ name, type, value }) => {
    const found = value(row);
    if (found === undefined) return [];
    return [`${JSON.stringify(name)}:${JSON.stringify(type === 'time' ? formatTime(Number(found)) : found)}`];
  });
}
