import type { ColumnType } from '../shared/columns.ts';
import { type TableContent, tableColumns } from '../shared/record-table.ts';

const types: Readonly<Record<ColumnType, string>> = {
  text: 'text',
  time: 'timestamptz',
  integer: 'integer',
  boolean: 'boolean',
  texts: 'text[]',
  json: 'jsonb',
};

/** What tells two rows apart. The same event again has the same digest; a finding keeps its id. */
const keys = { events: ['cluster', 'digest'], findings: ['cluster', 'id'] } as const;
const timeColumn = { events: 'event_time', findings: 'time' } as const;

/** `schema.table` with each part in quotes. The parts hold letters, digits and underscores only. */
export const quoted = (table: string): string =>
  table
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');

/** Makes the table and an index by time, unless they are there. */
export function createTableSql(table: string, content: TableContent): string {
  const columns = tableColumns(content).map(
    ({ name, type }) => `  "${name}" ${types[type]}${isRequired(content, name) ? ' NOT NULL' : ''}`,
  );
  const index = `${table.split('.').at(-1)}_${timeColumn[content]}`;
  return [
    `CREATE TABLE IF NOT EXISTS ${quoted(table)} (`,
    `${columns.join(',\n')},`,
    `  PRIMARY KEY (${keys[content].map((name) => `"${name}"`).join(', ')})`,
    ');',
    `CREATE INDEX IF NOT EXISTS "${index}" ON ${quoted(table)} ("${timeColumn[content]}");`,
  ].join('\n');
}

const isRequired = (content: TableContent, name: string): boolean =>
  name === 'body' || name === timeColumn[content] || (keys[content] as readonly string[]).includes(name);

/**
 * Inserts rows from one parameter, a JSON array of objects. Events that are there stay; a finding is replaced by a later revision.
 * One statement, so one transaction.
 */
export function insertSql(table: string, content: TableContent): string {
  const columns = tableColumns(content);
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const typed = columns.map(({ name, type }) => `"${name}" ${types[type]}`).join(', ');
  const updates = columns.filter(({ name }) => !(keys[content] as readonly string[]).includes(name));
  const key = keys[content].map((name) => `"${name}"`).join(', ');
  const conflict =
    content === 'events'
      ? 'DO NOTHING'
      : `DO UPDATE SET ${updates.map(({ name }) => `"${name}" = EXCLUDED."${name}"`).join(', ')} WHERE EXCLUDED."revision" > stored."revision"`;
  return `INSERT INTO ${quoted(table)} AS stored (${names}) SELECT ${names} FROM jsonb_to_recordset($1::jsonb) AS row (${typed}) ON CONFLICT (${key}) ${conflict}`;
}

/** Rights that writing needs, as `has_table_privilege` names them. */
export const neededRights = { events: ['INSERT', 'SELECT'], findings: ['INSERT', 'SELECT', 'UPDATE'] } as const;
