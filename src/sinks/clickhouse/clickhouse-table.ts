import type { ColumnType } from '../shared/columns.ts';
import { type TableContent, tableColumns } from '../shared/record-table.ts';

/** Columns with few values. */
const repeated = new Set([
  'cluster',
  'source',
  'stage',
  'level',
  'verb',
  'api_group',
  'resource',
  'subresource',
  'namespace',
  'decision',
  'policy',
  'severity',
  'rule_id',
  'rule_name',
]);
const required = new Set(['cluster', 'digest', 'id', 'revision']);

function typeOf(name: string, type: ColumnType): string {
  switch (type) {
    case 'text':
      if (repeated.has(name)) return 'LowCardinality(String)';
      return required.has(name) ? 'String' : 'Nullable(String)';
    case 'time':
      return "DateTime64(6, 'UTC')";
    case 'integer':
      return required.has(name) ? 'Int32' : 'Nullable(Int32)';
    case 'boolean':
      return 'Bool';
    case 'texts':
      return 'Array(LowCardinality(String))';
    case 'json':
      return 'String CODEC(ZSTD(3))';
  }
}

const shape = {
  events: { engine: 'ReplacingMergeTree', time: 'event_time', order: '(cluster, event_time, digest)' },
  findings: { engine: 'ReplacingMergeTree(revision)', time: 'time', order: '(cluster, id)' },
} as const;

/** Makes the table unless it is there. Findings are one partition: revisions of one finding must meet when parts are merged. */
export function createTableSql(table: string, content: TableContent): string {
  const { engine, time, order } = shape[content];
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (`,
    tableColumns(content)
      .map(({ name, type }) => `  ${name} ${typeOf(name, type)}`)
      .join(',\n'),
    ')',
    `ENGINE = ${engine}`,
    ...(content === 'events' ? [`PARTITION BY toYYYYMM(${time})`] : []),
    `ORDER BY ${order}`,
    'SETTINGS non_replicated_deduplication_window = 1000',
  ].join('\n');
}
