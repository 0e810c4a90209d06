import type { EventRowView } from '../core/event-store.ts';
import type { EventRow } from '../sinks/shared/event-row.ts';
import { resourceOf } from './event-filter.ts';

/** The row of a table as answers show it. */
export function eventRowView(row: EventRow, intent: string | undefined): EventRowView {
  return {
    digest: row.digest,
    timeMs: Math.floor(row.eventTimeUs / 1000),
    auditID: row.auditId ?? '',
    user: row.username ?? '',
    verb: row.verb ?? '',
    resource: resourceOf(row),
    namespace: row.namespace ?? '',
    name: row.name ?? '',
    sourceIp: row.sourceIps[0] ?? '',
    userAgent: row.userAgent ?? '',
    code: row.code ?? 0,
    decision: row.decision ?? '',
    ...(intent === undefined ? {} : { intent }),
    source: row.source,
    isStub: row.isStub,
    rules: row.rules,
  };
}
