import { severities } from '../../src/core/finding.ts';
import type { RecordBatch } from '../../src/core/log.ts';
import { type MaskedRecord, recordTypes } from '../../src/core/record.ts';
import { full } from '../findings/support.ts';
import { maskedRecord } from '../support/masked-record.ts';

/** Stands in every payload: a text that must not come back in what a sink says of itself. */
export const planted = 'PLANTED-raw-4111-1111-1111-1111';
/** Stands in a payload that the server is told to refuse. */
export const poison = 'POISON-record';

export const contractId = (n: number): string => `contract-${String(n).padStart(6, '0')}`;

/** A finding whose id names its number. */
export function contractFinding(n: number, note: string = planted): object {
  const severity = severities[3 + (n % 2)];
  return {
    ...full,
    ...{ id: contractId(n), revision: 1 },
    rule: { ...full.rule, severity: n % 2 === 0 ? 'high' : severity },
    event: { ...full.event, auditID: contractId(n), name: note },
    evidence: { note: [note] },
  };
}

/** A masked audit event whose audit ID names its number. */
export function contractEvent(n: number, note: string = planted): object {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: contractId(n),
    stage: 'ResponseComplete',
    requestURI: `/api/v1/namespaces/shop/configmaps/${note}`,
    verb: 'update',
    user: { username: '[MASKED:user:k1:0011223344556677]', groups: ['system:authenticated'] },
    sourceIPs: ['192.0.2.7'],
    userAgent: 'kubectl/v1.31.0',
    objectRef: { resource: 'configmaps', namespace: 'shop', name: note, apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: '2026-05-04T10:00:00.000001Z',
    stageTimestamp: '2026-05-04T10:00:00.000002Z',
    annotations: { 'authorization.k8s.io/decision': 'allow' },
  };
}

/** Record number `n`, received at second `n`, with a digest of its own. */
export function contractRecord(content: 'events' | 'findings', n: number, note?: string): MaskedRecord {
  const [make, type] = content === 'events' ? [contractEvent, recordTypes.event] : [contractFinding, recordTypes.finding];
  const digest = n.toString(16).padStart(32, '0');
  return maskedRecord(make(n, note), { type, digest, receivedAtUs: Date.UTC(2026, 4, 4, 10) * 1000 + n * 1e6, offset: n });
}

export function contractBatch(content: 'events' | 'findings', from: number, count: number): RecordBatch {
  const records = Array.from({ length: count }, (_, i) => contractRecord(content, from + i));
  return { records, end: { segment: 1, offset: 64 + (from + count) * 1000 } };
}
