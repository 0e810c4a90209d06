import { formatTime } from '../../core/format-time.ts';
import { parseIpv4, parseIpv6 } from '../../core/ip-address.ts';
import { isJsonObject, memberOf } from '../../core/json-members.ts';
import type { MaskedRecord } from '../../core/record.ts';
import { type EventRow, eventIn, eventRow } from '../shared/event-row.ts';

const isAddress = (text: string): boolean => (parseIpv4(text) ?? parseIpv6(text)) !== undefined;

/**
 * A masked event under the names of the Elastic Common Schema, with the event itself below `kubernetes.audit` as Elastic's own
 * integration has it: in names of annotations dots are underscores. `event.original` is never filled. The event is parsed and
 * written again: an index takes no object that has a name twice.
 */
export function eventDocument(record: MaskedRecord): object {
  const event = eventIn(record);
  const row = eventRow(record, event);
  const addresses = row.sourceIps.filter(isAddress);
  const peer = addresses.at(-1);
  return {
    '@timestamp': formatTime(row.eventTimeUs),
    ecs: { version: '8.17.0' },
    event: {
      kind: 'event',
      module: 'kubernetes',
      dataset: 'kubernetes.audit_logs',
      provider: 'kube-apiserver',
      id: row.digest,
      ingested: formatTime(row.receivedAtUs),
      action: row.verb,
      outcome: outcomeOf(row),
    },
    orchestrator: {
      type: 'kubernetes',
      ...(row.cluster !== '' && { cluster: { name: row.cluster } }),
      namespace: row.namespace,
      resource: { type: row.resource, name: row.name },
    },
    ...(row.username !== undefined && { user: { name: row.username } }),
    ...(peer !== undefined && { source: { ip: peer } }),
    related: { ip: [...new Set(addresses)], user: row.username === undefined ? [] : [row.username] },
    user_agent: { original: row.userAgent },
    http: { response: { status_code: row.code } },
    url: { original: row.requestUri },
    auditveil: { source: row.source, policy: row.policy, rules: row.rules, masked: row.masked, stub: row.isStub },
    kubernetes: { audit: auditOf(event) },
  };
}

/** As Elastic's integration tells it: by the decision of the authorizer. */
function outcomeOf({ decision }: EventRow): string {
  if (decision === 'allow') return 'success';
  return decision === 'forbid' ? 'failure' : 'unknown';
}

function auditOf(event: unknown): unknown {
  const annotations = memberOf(event, 'annotations');
  if (!isJsonObject(event) || !isJsonObject(annotations)) return event;
  const renamed = Object.entries(annotations).map(([name, value]) => [name.replaceAll('.', '_'), value]);
  return { ...event, annotations: Object.fromEntries(renamed) as object };
}
