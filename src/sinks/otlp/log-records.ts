import type { Severity } from '../../core/finding.ts';
import { findingIn } from '../../core/finding-in.ts';
import type { Product } from '../../core/product.ts';
import { type MaskedRecord, recordTypes } from '../../core/record.ts';
import { eventRow } from '../shared/event-row.ts';
import { findingRow } from '../shared/finding-row.ts';

/** Severity numbers of the log data model. */
const severityNumbers: Readonly<Record<Severity, number>> = { informational: 9, low: 10, medium: 13, high: 17, critical: 21 };

type Value = string | number | readonly string[] | undefined;

/**
 * The body of a request to `/v1/logs` (OTLP, JSON encoding of its protobuf messages: names in camel case, 64-bit numbers as texts):
 * one resource for each cluster, records in their order.
 */
export function logsRequest(
  records: readonly MaskedRecord[],
  product: Product,
  line: (record: MaskedRecord) => Uint8Array,
): object {
  const clusters = new Map<string, object[]>();
  for (const record of records) {
    const { cluster, log } = record.type === recordTypes.finding ? ofFinding(record) : ofEvent(record);
    const observedTimeUnixNano = nanoseconds(record.receivedAtUs);
    const body = { stringValue: Buffer.from(line(record)).toString('utf8') };
    const logs = clusters.get(cluster) ?? [];
    logs.push({ ...log, observedTimeUnixNano, body });
    clusters.set(cluster, logs);
  }
  const service = { 'service.name': 'auditveil', 'service.version': product.version };
  return {
    resourceLogs: [...clusters].map(([cluster, logRecords]) => ({
      resource: { attributes: attributes({ ...service, 'k8s.cluster.name': cluster }) },
      scopeLogs: [{ scope: { name: 'auditveil', version: product.version }, logRecords }],
    })),
  };
}

interface Log {
  readonly cluster: string;
  readonly log: object;
}

function ofEvent(record: MaskedRecord): Log {
  const row = eventRow(record);
  return {
    cluster: row.cluster,
    log: {
      timeUnixNano: nanoseconds(row.eventTimeUs),
      severityNumber: 9,
      severityText: 'INFO',
      eventName: 'k8s.audit.event',
      attributes: attributes({
        'log.record.uid': row.digest,
        'k8s.audit.id': row.auditId,
        'k8s.audit.stage': row.stage,
        'k8s.audit.verb': row.verb,
        'k8s.audit.decision': row.decision,
        'k8s.audit.resource': row.subresource === undefined ? row.resource : `${row.resource}/${row.subresource}`,
        'k8s.audit.object.name': row.name,
        'k8s.namespace.name': row.namespace,
        'user.name': row.username,
        'client.address': row.sourceIps.at(-1),
        'user_agent.original': row.userAgent,
        'http.response.status_code': row.code,
        'auditveil.rules': row.rules,
      }),
    },
  };
}

function ofFinding(record: MaskedRecord): Log {
  const row = findingRow(findingIn(record));
  return {
    cluster: row.cluster,
    log: {
      timeUnixNano: nanoseconds(row.timeUs),
      severityNumber: severityNumbers[row.severity],
      severityText: row.severity,
      eventName: 'security.finding',
      attributes: attributes({
        'log.record.uid': `${row.id}-${row.revision}`,
        'security_rule.uuid': row.ruleId,
        'security_rule.name': row.ruleName,
        'auditveil.finding.id': row.id,
        'auditveil.finding.revision': row.revision,
        'auditveil.finding.count': row.count,
        'k8s.audit.id': row.auditId,
        'k8s.audit.verb': row.verb,
        'k8s.audit.resource': row.resource,
        'k8s.audit.object.name': row.name,
        'k8s.namespace.name': row.namespace,
        'user.name': row.username,
        'client.address': row.sourceIps.at(-1),
        'user_agent.original': row.userAgent,
        'http.response.status_code': row.code,
      }),
    },
  };
}

const nanoseconds = (us: number): string => `${Math.max(0, Math.round(us))}000`;

function attributes(values: Readonly<Record<string, Value>>): readonly object[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => ({ key, value: anyValue(value!) }));
}

function anyValue(value: NonNullable<Value>): object {
  if (typeof value === 'number') return { intValue: String(value) };
  if (typeof value === 'string') return { stringValue: value };
  return { arrayValue: { values: value.map((text) => ({ stringValue: text })) } };
}
