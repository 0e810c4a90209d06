import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { limits } from '../core/limits.ts';
import { type Dictionary, recordLayout, recordTypes } from '../core/record.ts';
import type { MaskedTile } from '../core/tile.ts';
import { checkRecord } from '../log/record-decoder.ts';
import { encodeDictionary } from '../log/record-encoder.ts';
import { tileOfRecords } from '../log/tile-of-records.ts';

/**
 * The body of an envelope with records: bytes of the dictionaries (u32), number of records (u32), the dictionaries as records,
 * deflated, and the records as they stand in the log. Little-endian. Each parcel can be read by itself.
 */
const headBytes = 8;

/** Dictionaries of one agent: a plan or two, and a context for each source and client. */
const rememberedSets = 256;

/** Makes the parts of parcels. The same dictionaries come again and again: they are deflated once. */
export class ParcelPacker {
  readonly #deflated = new Map<string, Uint8Array>();

  /** Bytes of a parcel around its records. */
  overhead(dictionaries: readonly Dictionary[]): number {
    return headBytes + this.#deflate(dictionaries).length;
  }

  parts(records: readonly Uint8Array[], dictionaries: readonly Dictionary[]): readonly Uint8Array[] {
    const deflated = this.#deflate(dictionaries);
    const head = new Uint8Array(headBytes);
    const view = new DataView(head.buffer);
    view.setUint32(0, deflated.length, true);
    view.setUint32(4, records.length, true);
    return [head, deflated, ...records];
  }

  #deflate(dictionaries: readonly Dictionary[]): Uint8Array {
    const name = dictionaries.map(({ id }) => id).join();
    const known = this.#deflated.get(name);
    if (known) return known;
    const made = deflateRawSync(Buffer.concat(dictionaries.map((dictionary) => encodeDictionary(dictionary, 0))));
    if (this.#deflated.size >= rememberedSets) this.#deflated.clear();
    this.#deflated.set(name, made);
    return made;
  }
}

export interface Parcel {
  /** Back to back, as in the log. */
  readonly records: Uint8Array;
  readonly count: number;
  /** Of the first record: a parcel holds records of one log. */
  readonly type: number;
  readonly dictionaries: readonly Dictionary[];
}

/** The records of parcels as one tile, ready for the log; undefined where one of them is not what it should be. */
export function tileOfParcels(parcels: readonly Parcel[]): MaskedTile | undefined {
  const dictionaries = new Map(parcels.flatMap((parcel) => parcel.dictionaries).map((dictionary) => [dictionary.id, dictionary]));
  const tile = tileOfRecords(Buffer.concat(parcels.map(({ records }) => records)), [...dictionaries.values()]);
  return tile?.count === parcels.reduce((sum, { count }) => sum + count, 0) ? tile : undefined;
}

/** Reads parcels out of envelopes whose MAC was right. */
export class ParcelReader {
  readonly #inflated = new Map<string, readonly Dictionary[]>();

  /** What stands in the body of an envelope; undefined where that is no parcel. Its records are not looked at yet. */
  open(body: Uint8Array): Parcel | undefined {
    if (body.length < headBytes) return undefined;
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    const recordsAt = headBytes + view.getUint32(0, true);
    if (recordsAt + recordLayout.fixedBytes > body.length) return undefined;
    const records = body.subarray(recordsAt);
    const dictionaries = this.#inflate(body.subarray(headBytes, recordsAt));
    return { records, count: view.getUint32(4, true), type: records[recordLayout.type] ?? 0, dictionaries };
  }

  #inflate(deflated: Uint8Array): readonly Dictionary[] {
    const name = Buffer.from(deflated.buffer, deflated.byteOffset, deflated.byteLength).toString('latin1');
    const known = this.#inflated.get(name);
    if (known) return known;
    const found = readDictionaries(deflated);
    if (this.#inflated.size >= rememberedSets) this.#inflated.clear();
    this.#inflated.set(name, found);
    return found;
  }
}

function readDictionaries(deflated: Uint8Array): readonly Dictionary[] {
  const found: Dictionary[] = [];
  let bytes: Uint8Array;
  try {
    bytes = inflateRawSync(deflated, { maxOutputLength: limits.kafkaDictionaryBytes });
  } catch {
    return found;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0, size = 0; at < bytes.length; at += size) {
    size = checkRecord(bytes, view, at, bytes.length);
    if (size <= 0) return [];
    if (view.getUint8(at + recordLayout.type) !== recordTypes.dictionary) continue;
    const digestAt = at + recordLayout.digest;
    const id = Buffer.from(bytes.subarray(digestAt, digestAt + 16)).toString('hex');
    found.push({ id, payload: bytes.slice(at + view.getUint32(at + recordLayout.headerBytes, true), at + size) });
  }
  return found;
}
