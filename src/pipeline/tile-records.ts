import type { ContextDictionary, MaskedRecord, PlanDictionary } from '../core/record.ts';
import { eventTimeSources, recordLayout } from '../core/record.ts';
import type { MaskedTile } from '../core/tile.ts';
import { noteworthyFlags } from '../findings/builtin.ts';
import { DedupeWindow } from '../log/dedupe-window.ts';
import { type DictionaryLookup, decodeRecord } from '../log/record-decoder.ts';

/** Dictionaries as the inspector hands them over with its tiles. */
class TileDictionaries implements DictionaryLookup {
  readonly #known = new Map<string, ContextDictionary | PlanDictionary>();

  add(tile: MaskedTile): void {
    for (const { id, payload } of tile.dictionaries) {
      if (this.#known.has(id)) continue;
      const value = JSON.parse(Buffer.from(payload).toString('utf8')) as ContextDictionary | PlanDictionary;
      this.#known.set(id, value);
      if (value.type === 'context') this.#known.set(id.slice(0, 16), value);
    }
  }

  context(key: string): ContextDictionary | undefined {
    const found = this.#known.get(key);
    return found?.type === 'context' ? found : undefined;
  }

  plan(id: string): PlanDictionary | undefined {
    const found = this.#known.get(id);
    return found?.type === 'plan' ? found : undefined;
  }
}

export interface TileRecord {
  readonly record: MaskedRecord;
  /** Number of the event among all events given so far. */
  readonly index: number;
}

/** Reads masked tiles without a log in between, as `detect` does: only records that may make a finding unless `all` is asked for, each content once. */
export class TileRecords {
  readonly #dictionaries = new TileDictionaries();
  readonly #seen: DedupeWindow;
  #count = 0;
  #repeats = 0;

  /** @param maxRecords digests remembered */
  constructor(maxRecords: number) {
    this.#seen = new DedupeWindow({ maxRecords, windowMs: Number.MAX_SAFE_INTEGER });
  }

  get repeats(): number {
    return this.#repeats;
  }

  *of(tile: MaskedTile, nowMs: number, all = false): Generator<TileRecord, void, undefined> {
    this.#dictionaries.add(tile);
    this.#seen.advance(nowMs);
    const view = new DataView(tile.bytes.buffer, tile.bytes.byteOffset, tile.bytes.byteLength);
    const digests = new DataView(tile.digests.buffer, tile.digests.byteOffset, tile.digests.byteLength);
    for (let i = 0; i < tile.count; i++) {
      const index = this.#count++;
      if (!this.#isNew(digests, i * 16)) this.#repeats++;
      else if (all || ((tile.flags[i] ?? 0) & noteworthyFlags) !== 0 || hasMatches(view, tile.offsets[i] ?? 0)) {
        yield { record: decodeRecord(tile.bytes, view, tile.offsets[i] ?? 0, this.#dictionaries), index };
      }
    }
  }

  #isNew(digests: DataView, at: number): boolean {
    return this.#seen.add(
      digests.getUint32(at, true),
      digests.getUint32(at + 4, true),
      digests.getUint32(at + 8, true),
      digests.getUint32(at + 12, true),
    );
  }
}

function hasMatches(view: DataView, at: number): boolean {
  return view.getUint16(at + recordLayout.matchCount, true) > 0 || view.getUint16(at + recordLayout.stateKeyCount, true) > 0;
}

/** Latest event time of a tile, microseconds; minus infinity for an empty one. */
export function latestEventTimeUs(tile: MaskedTile): number {
  const view = new DataView(tile.bytes.buffer, tile.bytes.byteOffset, tile.bytes.byteLength);
  let latest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < tile.count; i++)
    latest = Math.max(latest, view.getFloat64((tile.offsets[i] ?? 0) + recordLayout.eventTimeUs, true));
  return latest;
}

const received = eventTimeSources.indexOf('received');

/** Event times of a tile that the events or their wrappers tell themselves, microseconds. */
export function* toldTimesUs(tile: MaskedTile): Generator<number, void, undefined> {
  const view = new DataView(tile.bytes.buffer, tile.bytes.byteOffset, tile.bytes.byteLength);
  for (let i = 0; i < tile.count; i++) {
    const at = tile.offsets[i] ?? 0;
    if (view.getUint8(at + recordLayout.eventTimeFrom) !== received) yield view.getFloat64(at + recordLayout.eventTimeUs, true);
  }
}
