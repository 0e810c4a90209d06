import { crc32 } from 'node:zlib';
import { Fault } from '../core/faults.ts';
import { type Finding, type Severity, unknownEvent } from '../core/finding.ts';
import { type MaskedRecord, recordTypes } from '../core/record.ts';
import { bareHead, recordHeaderBytes, sealRecord, writeRecordHead } from '../core/record-head.ts';
import { checkRecord, decodeRecord } from '../log/record-decoder.ts';
import { encodeEntries } from '../log/record-encoder.ts';

export interface TestRecordOptions {
  readonly content: 'events' | 'findings';
  /** Names it: `test-…`. */
  readonly id: string;
  readonly cluster: string;
  readonly severity: Severity;
  readonly nowMs: number;
}

/** A record made up by this program, and marked as such, to try a sink out. Nothing in it comes from an event. */
export function testRecord(options: TestRecordOptions): MaskedRecord {
  const receivedAtUs = options.nowMs * 1000;
  const bytes =
    options.content === 'findings'
      ? encodeEntries([{ type: 'finding', value: testFinding(options), receivedAtUs }]).bytes
      : encodeEvent(testEvent(options), receivedAtUs);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (checkRecord(bytes, view, 0, bytes.length) !== bytes.length)
    throw new Fault('the test record is not valid', { code: 'E_SINK_TEST' });
  return decodeRecord(bytes, view, 0, { context: () => undefined, plan: () => undefined });
}

const says = 'This is a test by `auditveil sinks test`. Nothing happened in the cluster.';

function testFinding({ id, cluster, severity, nowMs }: TestRecordOptions): Finding {
  const rule = { id: 'auditveil.test', name: 'Test of a sink', severity, author: 'Auditveil', licence: 'Apache-2.0', tags: [] };
  return {
    ...{ id, revision: 1, rule: { ...rule, covers: [] }, cluster, event: { ...unknownEvent, auditID: id } },
    time: new Date(nowMs).toISOString(),
    evidence: { 'test.note': [says] },
  };
}

function testEvent({ id, nowMs }: TestRecordOptions): object {
  const time = new Date(nowMs).toISOString().replace('Z', '000Z');
  return {
    ...{ kind: 'Event', apiVersion: 'audit.k8s.io/v1', level: 'Metadata', auditID: id, stage: 'ResponseComplete' },
    ...{ requestURI: '/version', verb: 'get', user: { username: 'auditveil:test' }, userAgent: 'auditveil' },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: { 'auditveil/test': says },
  };
}

function encodeEvent(event: object, receivedAtUs: number): Uint8Array {
  const payload = Buffer.from(JSON.stringify(event));
  const bytes = new Uint8Array(recordHeaderBytes(0, 0, 0) + payload.length);
  const view = new DataView(bytes.buffer);
  const head = { type: recordTypes.event, digest: new Uint8Array(16), context: undefined, receivedAtUs };
  const at = writeRecordHead(view, 0, { ...bareHead, ...head, eventTimeUs: receivedAtUs, eventTimeFrom: 0 });
  bytes.set(payload, at);
  sealRecord(bytes, view, 0, bytes.length, crc32);
  return bytes;
}
