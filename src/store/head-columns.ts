import { listOf, memberAt, textOf, textsOf } from '../core/json-members.ts';
import type { MaskedRecord } from '../core/record.ts';
import { intentOf } from '../findings/intent.ts';
import { type Column, eventColumns } from '../sinks/shared/columns.ts';
import { type EventRow, eventIn, eventRow } from '../sinks/shared/event-row.ts';

/** What a sidecar holds of one event: the row that tables and files have, what else is asked for, and where the event stands. */
export interface HeadRow {
  readonly row: EventRow;
  readonly intent: string | undefined;
  readonly groups: readonly string[];
  readonly impersonated: string | undefined;
  /** `kind=count`. */
  readonly maskedKinds: readonly string[];
  readonly segment: number;
  readonly offset: number;
}

/** The head of an event that stands at this place of the log. */
export function headRow(record: MaskedRecord, segment: number, offset: number): HeadRow {
  const event = eventIn(record);
  return {
    row: eventRow(record, event),
    intent: intentOf(event),
    groups: textsOf(listOf(memberAt(event, 'user', 'groups'))),
    impersonated: textOf(memberAt(event, 'impersonatedUser', 'username')),
    maskedKinds: record.masks.map(({ kind, count }) => `${kind}=${count}`),
    segment,
    offset,
  };
}

const ofRow: readonly Column<HeadRow>[] = eventColumns.map(({ name, type, value }) => ({
  name,
  type,
  value: ({ row }) => value(row),
}));

/** Columns of sidecars: those of events in files and tables, then ours. Names and types are stable. */
export const headColumns: readonly Column<HeadRow>[] = [
  ...ofRow,
  { name: 'source_ip', type: 'text', value: ({ row }) => row.sourceIps[0] },
  { name: 'user_groups', type: 'texts', value: ({ groups }) => groups },
  { name: 'impersonated_user', type: 'text', value: ({ impersonated }) => impersonated },
  { name: 'intent', type: 'text', value: ({ intent }) => intent },
  { name: 'masked_kinds', type: 'texts', value: ({ maskedKinds }) => maskedKinds },
  { name: 'segment', type: 'integer', value: ({ segment }) => segment },
  { name: 'record_offset', type: 'integer', value: ({ offset }) => offset },
];
