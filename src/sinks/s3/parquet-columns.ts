import type { ParquetWriteOptions } from 'hyparquet-writer';
import type { EventRow } from '../shared/event-row.ts';
import type { FindingRow } from '../shared/finding-row.ts';

/** Of the version of hyparquet that the writer is made with. */
export type SchemaElement = NonNullable<ParquetWriteOptions['schema']>[number];

export type ColumnType = 'text' | 'time' | 'integer' | 'boolean' | 'texts' | 'json';

/** One column of a Parquet object: how it is called, of what type it is, and where its value comes from. */
export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  readonly value: (row: Row) => string | number | boolean | readonly string[] | undefined;
}

/** Columns of objects with events; `body` follows. Names and types are stable: tables are made over them. */
export const eventColumns: readonly Column<EventRow>[] = [
  { name: 'event_time', type: 'time', value: (row) => row.eventTimeUs },
  { name: 'received_at', type: 'time', value: (row) => row.receivedAtUs },
  { name: 'cluster', type: 'text', value: (row) => row.cluster },
  { name: 'source', type: 'text', value: (row) => row.source },
  { name: 'digest', type: 'text', value: (row) => row.digest },
  { name: 'audit_id', type: 'text', value: (row) => row.auditId },
  { name: 'stage', type: 'text', value: (row) => row.stage },
  { name: 'level', type: 'text', value: (row) => row.level },
  { name: 'verb', type: 'text', value: (row) => row.verb },
  { name: 'username', type: 'text', value: (row) => row.username },
  { name: 'source_ips', type: 'texts', value: (row) => row.sourceIps },
  { name: 'user_agent', type: 'text', value: (row) => row.userAgent },
  { name: 'api_group', type: 'text', value: (row) => row.apiGroup },
  { name: 'resource', type: 'text', value: (row) => row.resource },
  { name: 'subresource', type: 'text', value: (row) => row.subresource },
  { name: 'namespace', type: 'text', value: (row) => row.namespace },
  { name: 'name', type: 'text', value: (row) => row.name },
  { name: 'request_uri', type: 'text', value: (row) => row.requestUri },
  { name: 'code', type: 'integer', value: (row) => row.code },
  { name: 'decision', type: 'text', value: (row) => row.decision },
  { name: 'rules', type: 'texts', value: (row) => row.rules },
  { name: 'masked', type: 'integer', value: (row) => row.masked },
  { name: 'is_stub', type: 'boolean', value: (row) => row.isStub },
  { name: 'policy', type: 'text', value: (row) => row.policy },
];

/** Columns of objects with findings; `body` follows. */
export const findingColumns: readonly Column<FindingRow>[] = [
  { name: 'time', type: 'time', value: (row) => row.timeUs },
  { name: 'cluster', type: 'text', value: (row) => row.cluster },
  { name: 'id', type: 'text', value: (row) => row.id },
  { name: 'revision', type: 'integer', value: (row) => row.revision },
  { name: 'rule_id', type: 'text', value: (row) => row.ruleId },
  { name: 'rule_name', type: 'text', value: (row) => row.ruleName },
  { name: 'severity', type: 'text', value: (row) => row.severity },
  { name: 'tags', type: 'texts', value: (row) => row.tags },
  { name: 'username', type: 'text', value: (row) => row.username },
  { name: 'verb', type: 'text', value: (row) => row.verb },
  { name: 'resource', type: 'text', value: (row) => row.resource },
  { name: 'namespace', type: 'text', value: (row) => row.namespace },
  { name: 'name', type: 'text', value: (row) => row.name },
  { name: 'source_ips', type: 'texts', value: (row) => row.sourceIps },
  { name: 'user_agent', type: 'text', value: (row) => row.userAgent },
  { name: 'code', type: 'integer', value: (row) => row.code },
  { name: 'audit_id', type: 'text', value: (row) => row.auditId },
  { name: 'count', type: 'integer', value: (row) => row.count },
];

/** Schema elements of one column. Lists in three levels, as the Parquet format's LogicalTypes page asks. */
export function columnSchema(name: string, type: ColumnType): readonly SchemaElement[] {
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
  switch (type) {
    case 'json':
    case 'text':
      return [{ name, ...text, repetition_type: 'OPTIONAL' }];
    case 'time':
      return [{ name, type: 'INT64', converted_type: 'TIMESTAMP_MICROS', repetition_type: 'REQUIRED' }];
    case 'integer':
      return [{ name, type: 'INT32', repetition_type: 'OPTIONAL' }];
    case 'boolean':
      return [{ name, type: 'BOOLEAN', repetition_type: 'REQUIRED' }];
    case 'texts':
      return [
        { name, converted_type: 'LIST', num_children: 1, repetition_type: 'OPTIONAL' },
        { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
        { name: 'element', ...text, repetition_type: 'REQUIRED' },
      ];
  }
}
