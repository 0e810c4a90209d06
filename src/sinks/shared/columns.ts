import type { EventRow } from './event-row.ts';
import type { FindingRow } from './finding-row.ts';

export type ColumnType = 'text' | 'time' | 'integer' | 'boolean' | 'texts' | 'json';

/** One column of a table: how it is called, of what type it is, and where its value comes from. */
export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  readonly value: (row: Row) => string | number | boolean | readonly string[] | undefined;
}

/** Columns of events, in files and tables; `body` follows. Names and types are stable: tables are made over them. */
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

/** Columns of findings; `body` follows. */
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
