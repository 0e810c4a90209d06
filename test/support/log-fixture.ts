import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { LogPosition } from '../../src/core/log.ts';
import { type Dictionary, type MaskedRecord, recordTypes } from '../../src/core/record.ts';
import { bareHead, recordHeaderBytes, sealRecord, writeRecordHead } from '../../src/core/record-head.ts';
import type { MaskedTile } from '../../src/core/tile.ts';
import type { LogReader } from '../../src/log/log-reader.ts';

export function makeDictionary(value: object): Dictionary {
  const payload = Buffer.from(JSON.stringify(value));
  return { id: createHash('sha256').update(payload).digest('hex').slice(0, 32), payload };
}

export const planDictionary = makeDictionary({
  type: 'plan',
  rules: ['rule-a', 'rule-b', 'rule-c'],
  correlations: ['burst'],
  kinds: ['email', 'jwt'],
  actions: ['redact', 'pseudonymise'],
});

export const contextDictionary = makeDictionary({
  type: 'context',
  cluster: 'test',
  source: 'file',
  stream: '/var/log/audit.log',
  policy: { id: 'standard', digest: 'd1' },
  plan: planDictionary.id,
});

export interface TestRecord {
  /** Becomes the payload `{"id":…}` and the digest. */
  readonly id: number;
  /** Bytes of filling in the payload. */
  readonly filling?: number;
  /** The payload, in place of that. */
  readonly event?: object;
  readonly receivedAtMs?: number;
  /** Default: `receivedAtMs`. */
  readonly eventTimeMs?: number;
  readonly flags?: number;
  readonly matches?: readonly number[];
  readonly masks?: readonly (readonly [kind: number, action: number, count: number])[];
}

const fixedDigest = (id: number): Uint8Array => createHash('md5').update(String(id)).digest();

/** A tile of event records. */
export function makeTile(records: readonly TestRecord[], dictionaries = [planDictionary, contextDictionary]): MaskedTile {
  const payloads = records.map(({ id, filling = 0, event = { id, filling: 'x'.repeat(filling) } }) =>
    Buffer.from(JSON.stringify(event)),
  );
  const sizes = records.map(
    ({ matches = [], masks = [] }, i) => recordHeaderBytes(matches.length, masks.length, 0) + (payloads[i]?.length ?? 0),
  );
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  const digests = new Uint8Array(records.length * 16);
  const offsets: number[] = [];
  let at = 0;
  for (const [i, record] of records.entries()) {
    offsets.push(at);
    digests.set(fixedDigest(record.id), i * 16);
    at += writeEvent(bytes, view, at, record, payloads[i] ?? Buffer.alloc(0));
  }
  return {
    bytes,
    count: records.length,
    offsets: Uint32Array.from(offsets),
    lengths: Uint32Array.from(sizes),
    flags: new Uint16Array(records.length),
    matches: Uint16Array.from(records.map(({ matches = [] }) => matches.length)),
    masked: new Uint32Array(records.length),
    digests,
    dictionaries,
  };
}

function writeEvent(bytes: Uint8Array, view: DataView, at: number, record: TestRecord, payload: Uint8Array): number {
  const { matches = [], masks = [], receivedAtMs = 0, eventTimeMs = receivedAtMs, flags = 0 } = record;
  const headerBytes = writeRecordHead(view, at, {
    ...bareHead,
    flags,
    type: recordTypes.event,
    digest: fixedDigest(record.id),
    context: Buffer.from(contextDictionary.id, 'hex'),
    receivedAtUs: receivedAtMs * 1000,
    eventTimeUs: eventTimeMs * 1000,
    eventTimeFrom: 0,
    offset: record.id,
    covers: payload.length + 1,
    matchCount: matches.length,
    maskCount: masks.length,
  });
  for (const [i, rule] of matches.entries()) view.setUint16(at + 80 + i * 2, rule, true);
  const masksAt = at + recordHeaderBytes(matches.length, 0, 0);
  for (const [i, [kind, action, count]] of masks.entries()) {
    view.setUint16(masksAt + i * 8, kind, true);
    view.setUint16(masksAt + i * 8 + 2, action, true);
    view.setUint32(masksAt + i * 8 + 4, count, true);
  }
  bytes.set(payload, at + headerBytes);
  sealRecord(bytes, view, at, headerBytes + payload.length, crc32);
  return headerBytes + payload.length;
}

export function idOf(record: MaskedRecord): number {
  return (JSON.parse(Buffer.from(record.payload).toString()) as { id: number }).id;
}

export interface ReadBack {
  readonly ids: readonly number[];
  readonly records: readonly MaskedRecord[];
  readonly end: LogPosition | undefined;
}

/** Everything from the reader's committed position to the end. */
export async function readAll(reader: LogReader): Promise<ReadBack> {
  const records: MaskedRecord[] = [];
  let end: LogPosition | undefined;
  for await (const batch of reader.read(new AbortController().signal, { follow: false })) {
    records.push(...batch.records);
    end = batch.end;
  }
  return { ids: records.map(idOf), records, end };
}

/** A clock that goes when told to. */
export function makeClock(startMs = 1_700_000_000_000): { nowMs(): number; advance(ms: number): void } {
  let now = startMs;
  return {
    nowMs: () => now,
    advance(ms: number) {
      now += ms;
    },
  };
}
