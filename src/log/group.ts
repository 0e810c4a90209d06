import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import type { MaskedTile } from '../core/tile.ts';
import type { DedupeWindow } from './dedupe-window.ts';
import { digestBytes } from './digest-index.ts';
import { maximumRecordBytes } from './record-decoder.ts';
import { encodeDictionary } from './record-encoder.ts';

/** What one tile becomes in a group: its share of the write. */
export interface GroupMember {
  readonly appended: number;
  readonly repeats: number;
  /** Bytes of the group up to and including this tile. */
  readonly endBytes: number;
}

/** Tiles that are written and synced together. */
export interface Group {
  readonly buffers: readonly Uint8Array[];
  readonly bytes: number;
  readonly dictionaryIds: readonly string[];
  /** Digests of the records, 16 bytes each, in their order. */
  readonly digests: readonly Uint8Array[];
  readonly members: readonly GroupMember[];
}

/** How many of the waiting appends, of these sizes in bytes, go into one group: those that fit, at least one. */
export function groupLength(sizes: readonly number[], room: number): number {
  let bytes = 0;
  for (const [index, size] of sizes.entries()) {
    bytes += size;
    if (index > 0 && bytes > Math.min(room, limits.logGroupBytes)) return index;
  }
  return sizes.length;
}

/**
 * Lays out a write: dictionaries the segment does not hold yet, then the records that are no repeats. Tiles without a
 * repeat go in as they are. Digests are added to the window; the caller rolls it back if the write fails.
 */
export function planGroup(
  tiles: readonly MaskedTile[],
  known: ReadonlySet<string>,
  window: DedupeWindow | undefined,
  nowUs: number,
): Group {
  const buffers: Uint8Array[] = [];
  const members: GroupMember[] = [];
  const added = new Set<string>();
  const digests: Uint8Array[] = [];
  let bytes = 0;
  for (const tile of tiles) {
    const repeats = window === undefined ? [] : findRepeats(tile, window);
    if (repeats.length < tile.count) {
      for (const dictionary of tile.dictionaries) {
        if (known.has(dictionary.id) || added.has(dictionary.id)) continue;
        added.add(dictionary.id);
        const record = encodeDictionary(dictionary, nowUs);
        buffers.push(record);
        bytes += record.length;
      }
    }
    bytes += pushOthers(tile, repeats, buffers);
    pushDigests(tile, repeats, digests);
    members.push({ appended: tile.count - repeats.length, repeats: repeats.length, endBytes: bytes });
  }
  return { buffers, bytes, dictionaryIds: [...added], digests, members };
}

function findRepeats(tile: MaskedTile, window: DedupeWindow): number[] {
  const view = new DataView(tile.digests.buffer, tile.digests.byteOffset, tile.digests.byteLength);
  const repeats: number[] = [];
  for (let i = 0, at = 0; i < tile.count; i++, at += 16) {
    const isNew = window.add(
      view.getUint32(at, true),
      view.getUint32(at + 4, true),
      view.getUint32(at + 8, true),
      view.getUint32(at + 12, true),
    );
    if (!isNew) repeats.push(i);
  }
  return repeats;
}

/** Pushes the stretches of a tile between its repeats. Returns their bytes. */
function pushOthers(tile: MaskedTile, repeats: readonly number[], buffers: Uint8Array[]): number {
  let bytes = 0;
  let from = 0;
  const push = (to: number): void => {
    if (to <= from) return;
    buffers.push(from === 0 && to === tile.bytes.length ? tile.bytes : tile.bytes.subarray(from, to));
    bytes += to - from;
  };
  for (const index of repeats) {
    const at = tile.offsets[index] ?? 0;
    push(at);
    from = at + (tile.lengths[index] ?? 0);
  }
  push(tile.bytes.length);
  return bytes;
}

/** Pushes the digests of the records between a tile's repeats. */
function pushDigests(tile: MaskedTile, repeats: readonly number[], digests: Uint8Array[]): void {
  let from = 0;
  for (const index of [...repeats, tile.count]) {
    if (index > from) digests.push(tile.digests.subarray(from * digestBytes, index * digestBytes));
    from = index + 1;
  }
}

/** @throws Fault E_LOG_RECORD_SIZE for a record that no reader would accept. */
export function checkTile(tile: MaskedTile): void {
  if (tile.bytes.length <= maximumRecordBytes) return;
  if (tile.lengths.subarray(0, tile.count).every((length) => length <= maximumRecordBytes)) return;
  throw new Fault(`a record is longer than ${maximumRecordBytes} bytes`, {
    code: 'E_LOG_RECORD_SIZE',
    remedy: 'This is a fault of this program: events that large must become stubs before the log.',
  });
}
