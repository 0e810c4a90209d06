import { crc32 } from 'node:zlib';
import { type Dictionary, stateKeyBytes } from '../core/record.ts';
import {
  maskCountBytes,
  matchBytes,
  type RecordHead,
  recordHeaderBytes,
  sealRecord,
  writeRecordHead,
} from '../core/record-head.ts';
import type { MaskedTile } from '../core/tile.ts';
import type { ScanResult } from '../scan/scanner.ts';
import { TilePool } from './tile-pool.ts';

/** What the matcher found for one event: reused columns. */
export class MatchColumns {
  ruleCount = 0;
  rules = new Uint16Array(64);
  keyCount = 0;
  correlations = new Uint16Array(64);
  /** `stateKeyFlags` */
  keyFlags = new Uint16Array(64);
  /** 32 bytes a key: group, then value. */
  keys = new Uint8Array(64 * 32);

  begin(): void {
    this.ruleCount = 0;
    this.keyCount = 0;
  }

  addRule(rule: number): void {
    if (this.ruleCount === this.rules.length) this.rules = grown(this.rules, new Uint16Array(this.ruleCount * 2));
    this.rules[this.ruleCount++] = rule;
  }

  /** Returns where the key's 32 bytes belong in `keys`, which are zero. */
  addKey(correlation: number, flags: number): number {
    if (this.keyCount === this.correlations.length) {
      this.correlations = grown(this.correlations, new Uint16Array(this.keyCount * 2));
      this.keyFlags = grown(this.keyFlags, new Uint16Array(this.keyCount * 2));
      this.keys = grown(this.keys, new Uint8Array(this.keyCount * 64));
    }
    const at = this.keyCount++;
    this.correlations[at] = correlation;
    this.keyFlags[at] = flags;
    this.keys.fill(0, at * 32, at * 32 + 32);
    return at * 32;
  }
}

function grown<T extends Uint16Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Kind, action and count of the values masked in one event. */
export interface MaskCounts {
  readonly length: number;
  readonly kinds: ArrayLike<number>;
  readonly actions: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

type TileColumns = { -readonly [K in 'offsets' | 'lengths' | 'flags' | 'matches' | 'masked']: MaskedTile[K] };

/** Builds a masked tile: frames records and copies each event once, with its replacements spliced in. */
export class TileWriter {
  readonly #columns: TileColumns;
  readonly #digests: Uint8Array;
  #bytes: Uint8Array;
  #view: DataView;
  #used = 0;
  #count = 0;

  constructor(events: number, rawBytes: number, pool: TilePool = new TilePool()) {
    this.#columns = {
      offsets: new Uint32Array(events),
      lengths: new Uint32Array(events),
      flags: new Uint16Array(events),
      matches: new Uint16Array(events),
      masked: new Uint32Array(events),
    };
    this.#digests = new Uint8Array(events * 16);
    this.#bytes = pool.take(rawBytes + (rawBytes >> 2) + events * 256);
    this.#view = viewOf(this.#bytes);
  }

  /** Writes one record. `payloadBytes` is an upper bound for what `payload` writes; it returns where it ended. */
  write(
    head: RecordHead,
    matches: MatchColumns,
    masks: MaskCounts,
    masked: number,
    payloadBytes: number,
    payload: PayloadWriter,
  ): void {
    const at = this.#used;
    this.#reserve(at + recordHeaderBytes(matches.ruleCount, masks.length, matches.keyCount) + payloadBytes);
    const payloadAt = at + writeRecordHead(this.#view, at, head);
    this.#writeLists(payloadAt, matches, masks);
    const end = payload(this.#bytes, payloadAt);
    sealRecord(this.#bytes, this.#view, at, end - at, crc32);
    const i = this.#count++;
    this.#columns.offsets[i] = at;
    this.#columns.lengths[i] = end - at;
    this.#columns.flags[i] = head.flags;
    this.#columns.matches[i] = matches.ruleCount;
    this.#columns.masked[i] = masked;
    for (let k = 0; k < 16; k++) this.#digests[i * 16 + k] = head.digest[head.digestAt + k] as number;
    this.#used = end;
  }

  finish(dictionaries: readonly Dictionary[]): MaskedTile {
    return {
      bytes: this.#bytes.subarray(0, this.#used),
      count: this.#count,
      ...this.#columns,
      digests: this.#digests,
      dictionaries,
    };
  }

  /** The lists end where the payload starts. */
  #writeLists(payloadAt: number, matches: MatchColumns, masks: MaskCounts): void {
    const view = this.#view;
    const keysAt = payloadAt - matches.keyCount * stateKeyBytes;
    const masksAt = keysAt - masks.length * maskCountBytes;
    const rulesAt = masksAt - matchBytes(matches.ruleCount);
    for (let i = 0; i < matches.keyCount; i++) {
      const at = keysAt + i * stateKeyBytes;
      view.setUint16(at, matches.correlations[i] as number, true);
      view.setUint16(at + 2, matches.keyFlags[i] as number, true);
      this.#bytes.set(matches.keys.subarray(i * 32, i * 32 + 32), at + 4);
    }
    for (let i = 0; i < masks.length; i++) {
      const at = masksAt + i * maskCountBytes;
      view.setUint16(at, masks.kinds[i] as number, true);
      view.setUint16(at + 2, masks.actions[i] as number, true);
      view.setUint32(at + 4, masks.counts[i] as number, true);
    }
    if (matches.ruleCount & 1) view.setUint16(masksAt - 2, 0, true);
    for (let i = 0; i < matches.ruleCount; i++) view.setUint16(rulesAt + i * 2, matches.rules[i] as number, true);
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(bytes, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }
}

/** Writes a payload at `at` and returns where it ends. */
export type PayloadWriter = (to: Uint8Array, at: number) => number;

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Upper bound for what `splice` writes. */
export function splicedBytes(result: ScanResult, length: number): number {
  const { count, texts } = result.edits;
  let total = length;
  for (let i = 0; i < count; i++) total += (texts[i] as Uint8Array).length;
  return total;
}

/** Copies `bytes[start … end)` with the replacements in place; everything else stays byte for byte. */
export function splice(
  bytes: Uint8Array,
  start: number,
  end: number,
  edits: ScanResult['edits'],
  to: Uint8Array,
  at: number,
): number {
  let from = start;
  let out = at;
  for (let i = 0; i < edits.count; i++) {
    const until = edits.starts[i] as number;
    out = copy(bytes, from, until, to, out);
    const text = edits.texts[i] as Uint8Array;
    for (let k = 0; k < text.length; k++) to[out + k] = text[k] as number;
    out += text.length;
    from = edits.ends[i] as number;
  }
  return copy(bytes, from, end, to, out);
}

/** Short runs byte by byte: making a view of the source costs more. */
function copy(bytes: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  const length = end - start;
  if (length > 48) to.set(bytes.subarray(start, end), at);
  else for (let k = 0; k < length; k++) to[at + k] = bytes[start + k] as number;
  return at + length;
}
