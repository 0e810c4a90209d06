import { crc32 } from 'node:zlib';
import { limits } from '../core/limits.ts';
import {
  type ContextDictionary,
  type EventTimeSource,
  eventTimeSources,
  type MaskedBytes,
  type MaskedRecord,
  type PlanDictionary,
  type RecordType,
  recordFormat,
  recordLayout,
  recordTypes,
  type StateKey,
  stateKeyBytes,
  stateKeyFlags,
} from '../core/record.ts';
import { maskCountBytes, matchBytes, recordHeaderBytes } from '../core/record-head.ts';
import { stubReasons } from '../core/tile.ts';

/** Where a reader finds the dictionaries that records refer to. */
export interface DictionaryLookup {
  /** By the first 8 bytes of the id, as 16 hex digits. */
  context(key: string): ContextDictionary | undefined;
  /** By the whole id, as 32 hex digits. */
  plan(id: string): PlanDictionary | undefined;
}

/** What `checkRecord` says about bytes that are not a whole valid record: they may become one, or never will. */
export const notYet = 0;
export const notARecord = -1;

/** The most bytes a record may have: the largest event, grown by masks longer than what they replace. */
export const maximumRecordBytes = limits.eventBytes * 4;

/**
 * Whether a plausible record head stands at `at`; the CRC is not looked at.
 * @returns the record's size, `notYet` where the head is cut off by `end`, `notARecord` otherwise.
 */
export function checkHead(view: DataView, at: number, end: number): number {
  if (end - at < recordLayout.fixedBytes) return notYet;
  if (view.getUint8(at + recordLayout.format) !== recordFormat) return notARecord;
  const type = view.getUint8(at + recordLayout.type);
  if (type < recordTypes.event || type > recordTypes.note) return notARecord;
  const headerBytes = view.getUint32(at + recordLayout.headerBytes, true);
  const expected = recordHeaderBytes(
    view.getUint16(at + recordLayout.matchCount, true),
    view.getUint16(at + recordLayout.maskCount, true),
    view.getUint16(at + recordLayout.stateKeyCount, true),
  );
  const size = view.getUint32(at + recordLayout.size, true);
  if (headerBytes !== expected || size < headerBytes || size > maximumRecordBytes) return notARecord;
  return size;
}

/**
 * Checks bounds, format and CRC of the record at `at`, in bytes that end at `end`.
 * @returns the record's size, `notYet` where `end` cuts it off, `notARecord` where no further byte could help.
 */
export function checkRecord(bytes: Uint8Array, view: DataView, at: number, end: number): number {
  const size = checkHead(view, at, end);
  if (size <= 0) return size;
  if (at + size > end) return notYet;
  const crc = crc32(bytes.subarray(at + recordLayout.format, at + size));
  return crc === view.getUint32(at + recordLayout.crc, true) ? size : notARecord;
}

const hex = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('hex');

const noContext = '0000000000000000';
const none: readonly never[] = [];

/** The key under which a record names its context: 16 hex digits, undefined where it has none. */
export function contextKey(bytes: Uint8Array, at: number): string | undefined {
  const key = hex(bytes, at + recordLayout.context, at + recordLayout.context + 8);
  return key === noContext ? undefined : key;
}

/**
 * Reads a record that `checkRecord` found valid. Members are read from `bytes` when they are asked for, because most
 * records are only asked for a few; the payload is a view of `bytes`, not a copy.
 * Rules, kinds and actions of an unknown plan are shown as `#` and their number.
 */
export function decodeRecord(bytes: Uint8Array, view: DataView, at: number, dictionaries: DictionaryLookup): MaskedRecord {
  return new StoredRecord(bytes, view, at, dictionaries);
}

/** The record as it stands in the log: head, lists and payload, a view of memory it was read into. Undefined where it did not come out of a log. */
export function storedBytes(record: MaskedRecord): Uint8Array | undefined {
  return record instanceof StoredRecord ? record.stored() : undefined;
}

class StoredRecord implements MaskedRecord {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #at: number;
  readonly #dictionaries: DictionaryLookup;
  /** Asked for several times a record; null until then. */
  #context: ContextDictionary | undefined | null = null;

  constructor(bytes: Uint8Array, view: DataView, at: number, dictionaries: DictionaryLookup) {
    this.#bytes = bytes;
    this.#view = view;
    this.#at = at;
    this.#dictionaries = dictionaries;
  }

  get type(): RecordType {
    return this.#view.getUint8(this.#at + recordLayout.type) as RecordType;
  }

  get flags(): number {
    return this.#view.getUint16(this.#at + recordLayout.flags, true);
  }

  get digest(): string {
    const from = this.#at + recordLayout.digest;
    return hex(this.#bytes, from, from + 16);
  }

  get context(): ContextDictionary | undefined {
    if (this.#context === null) {
      const key = contextKey(this.#bytes, this.#at);
      this.#context = key === undefined ? undefined : this.#dictionaries.context(key);
    }
    return this.#context;
  }

  get plan(): PlanDictionary | undefined {
    const { context } = this;
    return context === undefined ? undefined : this.#dictionaries.plan(context.plan);
  }

  get receivedAtUs(): number {
    return this.#view.getFloat64(this.#at + recordLayout.receivedAtUs, true);
  }

  get eventTimeUs(): number {
    return this.#view.getFloat64(this.#at + recordLayout.eventTimeUs, true);
  }

  get eventTimeFrom(): EventTimeSource {
    return eventTimeSources[this.#view.getUint8(this.#at + recordLayout.eventTimeFrom)] ?? 'received';
  }

  get stubReason(): string {
    return stubReasons[this.#view.getUint8(this.#at + recordLayout.stubReason)] ?? 'unsupported-format';
  }

  get offset(): number {
    return this.#view.getFloat64(this.#at + recordLayout.offset, true);
  }

  get item(): number {
    return this.#view.getUint32(this.#at + recordLayout.item, true);
  }

  get covers(): number {
    return this.#view.getUint32(this.#at + recordLayout.covers, true);
  }

  get matches(): readonly string[] {
    const count = this.#count(recordLayout.matchCount);
    return count === 0 ? none : readMatches(this.#view, this.#at + recordLayout.fixedBytes, count, this.plan);
  }

  get masks(): MaskedRecord['masks'] {
    const count = this.#count(recordLayout.maskCount);
    return count === 0 ? none : readMasks(this.#view, this.#masksAt, count, this.plan);
  }

  get stateKeys(): readonly StateKey[] {
    const count = this.#count(recordLayout.stateKeyCount);
    const at = this.#masksAt + this.#count(recordLayout.maskCount) * maskCountBytes;
    return count === 0 ? none : readStateKeys(this.#bytes, this.#view, at, count);
  }

  get payload(): MaskedBytes {
    const from = this.#at + this.#view.getUint32(this.#at + recordLayout.headerBytes, true);
    const end = this.#at + this.#view.getUint32(this.#at + recordLayout.size, true);
    return this.#bytes.subarray(from, end) as MaskedBytes;
  }

  stored(): Uint8Array {
    return this.#bytes.subarray(this.#at, this.#at + this.#view.getUint32(this.#at + recordLayout.size, true));
  }

  get #masksAt(): number {
    return this.#at + recordLayout.fixedBytes + matchBytes(this.#count(recordLayout.matchCount));
  }

  #count(field: number): number {
    return this.#view.getUint16(this.#at + field, true);
  }
}

function readMatches(view: DataView, at: number, count: number, plan: PlanDictionary | undefined): string[] {
  const matches: string[] = [];
  for (let i = 0; i < count; i++) {
    const rule = view.getUint16(at + i * 2, true);
    matches.push(plan?.rules[rule] ?? `#${rule}`);
  }
  return matches;
}

function readMasks(view: DataView, at: number, count: number, plan: PlanDictionary | undefined): MaskedRecord['masks'] {
  const masks: { kind: string; action: string; count: number }[] = [];
  for (let i = 0; i < count; i++) {
    const kind = view.getUint16(at + i * maskCountBytes, true);
    const action = view.getUint16(at + i * maskCountBytes + 2, true);
    masks.push({
      kind: plan?.kinds[kind] ?? `#${kind}`,
      action: plan?.actions[action] ?? `#${action}`,
      count: view.getUint32(at + i * maskCountBytes + 4, true),
    });
  }
  return masks;
}

function readStateKeys(bytes: Uint8Array, view: DataView, at: number, count: number): StateKey[] {
  const keys: StateKey[] = [];
  for (let i = 0; i < count; i++) {
    const start = at + i * stateKeyBytes;
    const flags = view.getUint16(start + 2, true);
    const key = { correlation: view.getUint16(start, true), group: hex(bytes, start + 4, start + 20) };
    if ((flags & stateKeyFlags.value) === 0) keys.push(key);
    else if ((flags & stateKeyFlags.number) !== 0) keys.push({ ...key, value: view.getFloat64(start + 20, true) });
    else keys.push({ ...key, value: hex(bytes, start + 20, start + 36) });
  }
  return keys;
}
