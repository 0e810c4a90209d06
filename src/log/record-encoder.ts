import { crc32 } from 'node:zlib';
import type { Finding } from '../core/finding.ts';
import { type Dictionary, eventTimeSources, recordLayout, recordTypes } from '../core/record.ts';
import { bareHead, recordHeaderBytes, sealRecord, writeRecordHead } from '../core/record-head.ts';
import type { MaskedTile } from '../core/tile.ts';

/**
 * A finding, or a note of our own (a gap, a review, a configuration change). Values, never bytes: what they hold was
 * made from masked records or by this program.
 */
export type LogEntry = {
  /** 32 hex digits: names the entry; entries of equal name are repeats. Without it nothing is taken for a repeat. */
  readonly digest?: string;
  /** The dictionary the entry belongs to. */
  readonly context?: Dictionary;
  /** Microseconds since the epoch. */
  readonly receivedAtUs: number;
  readonly eventTimeUs?: number;
  readonly flags?: number;
} & (
  | { readonly type: 'finding'; readonly value: Finding }
  | { readonly type: 'note'; readonly value: Readonly<Record<string, unknown>> }
);

const text = new TextEncoder();
const noDigest = new Uint8Array(16);
const received = eventTimeSources.indexOf('received');

/** Bytes of an id written as hex digits. */
function idBytes(id: string): Uint8Array {
  return Uint8Array.from(Buffer.from(id, 'hex'));
}

/** Entries as records, ready for `Log.append`. */
export function encodeEntries(entries: readonly LogEntry[], dictionaries: readonly Dictionary[] = []): MaskedTile {
  const count = entries.length;
  const payloads = entries.map((entry) => text.encode(JSON.stringify(entry.value)));
  const headerBytes = recordHeaderBytes(0, 0, 0);
  const bytes = new Uint8Array(payloads.reduce((sum, payload) => sum + headerBytes + payload.length, 0));
  const tile = {
    bytes,
    count,
    offsets: new Uint32Array(count),
    lengths: new Uint32Array(count),
    flags: new Uint16Array(count),
    matches: new Uint16Array(count),
    masked: new Uint32Array(count),
    digests: new Uint8Array(count * 16),
    dictionaries,
  };
  let at = 0;
  for (const [index, entry] of entries.entries()) {
    const payload = payloads[index] ?? noDigest;
    const digest = entry.digest === undefined ? noDigest : idBytes(entry.digest);
    tile.offsets[index] = at;
    tile.lengths[index] = headerBytes + payload.length;
    tile.flags[index] = entry.flags ?? 0;
    tile.digests.set(digest, index * 16);
    const type = recordTypes[entry.type];
    at += writeRecord(bytes, at, { type, digest, payload, entry });
  }
  return tile;
}

/** A dictionary as the record that stands in a segment before the first record that refers to it. */
export function encodeDictionary(dictionary: Dictionary, receivedAtUs: number): Uint8Array {
  const { payload } = dictionary;
  const bytes = new Uint8Array(recordLayout.fixedBytes + payload.length);
  writeRecord(bytes, 0, { type: recordTypes.dictionary, digest: idBytes(dictionary.id), payload, entry: { receivedAtUs } });
  return bytes;
}

interface RecordParts {
  readonly type: number;
  readonly digest: Uint8Array;
  readonly payload: Uint8Array;
  readonly entry: Pick<LogEntry, 'receivedAtUs' | 'eventTimeUs' | 'flags' | 'context'>;
}

/** Writes one record without lists. Returns its size. */
function writeRecord(bytes: Uint8Array, at: number, parts: RecordParts): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { entry } = parts;
  const headerBytes = writeRecordHead(view, at, {
    ...bareHead,
    type: parts.type,
    flags: entry.flags ?? 0,
    digest: parts.digest,
    context: entry.context === undefined ? undefined : idBytes(entry.context.id),
    receivedAtUs: entry.receivedAtUs,
    eventTimeUs: entry.eventTimeUs ?? entry.receivedAtUs,
    eventTimeFrom: received,
  });
  bytes.set(parts.payload, at + headerBytes);
  const size = headerBytes + parts.payload.length;
  sealRecord(bytes, view, at, size, crc32);
  return size;
}
