import type { Dictionary } from '../core/record.ts';
import type { MaskedTile, Tile } from '../core/tile.ts';
import type { EngineRecipe, KeyMessage } from './engine-recipe.ts';

/** What a worker is started with. */
export interface WorkerStart {
  readonly recipe: EngineRecipe;
}

/** A tile for a worker. Its bytes come along by transfer. */
export interface InspectJob {
  /** Which state of the keys to use. */
  readonly ring: number;
  /** That state, where the worker does not have it yet. */
  readonly keys: KeyMessage | undefined;
  readonly tile: Tile;
  /** Memory of a masked tile that was written, back to where it came from. */
  readonly spare: Uint8Array | undefined;
}

/** What a worker says: first that it is ready, then the answers, in the order of the jobs. */
export type WorkerMessage = 'ready' | { readonly masked: MaskedTile; readonly raw: Uint8Array };

/** A tile by itself in `memory`, which must hold `tileBytes` of it: what can be handed to another thread whole. */
export function packTile(tile: Tile, memory: Uint8Array): Tile {
  const { count, starts, ends } = tile;
  const from = starts[0] ?? 0;
  const to = ends[count - 1] ?? from;
  memory.set(tile.bytes.subarray(from, to));
  return { ...tile, bytes: memory, starts: starts.map((at) => at - from), ends: ends.map((at) => at - from) };
}

/** Bytes from a tile's first event to its last. */
export function tileBytes({ count, starts, ends }: Tile): number {
  return count === 0 ? 0 : (ends[count - 1] ?? 0) - (starts[0] ?? 0);
}

/** The events `from … to` of a tile. */
export function sliceTile(tile: Tile, from: number, to: number): Tile {
  const { starts, ends, offsets, items, covers, reasons } = tile;
  return {
    ...tile,
    count: to - from,
    starts: starts.slice(from, to),
    ends: ends.slice(from, to),
    offsets: offsets.slice(from, to),
    items: items.slice(from, to),
    covers: covers.slice(from, to),
    reasons: reasons.slice(from, to),
  };
}

/** The answer for a tile, and what of it changes threads without a copy. */
export function answerOf(masked: MaskedTile, raw: Uint8Array): readonly [WorkerMessage, ArrayBuffer[]] {
  const { bytes, offsets, lengths, flags, matches, masked: values, digests } = masked;
  const owned = [raw, bytes, offsets, lengths, flags, matches, values, digests].map(({ buffer }) => buffer as ArrayBuffer);
  return [{ masked: { ...masked, dictionaries: masked.dictionaries.map(ownDictionary) }, raw }, owned];
}

/** Small buffers of Node.js share their memory with others, and a message would carry all of it. */
function ownDictionary({ id, payload }: Dictionary): Dictionary {
  return { id, payload: Uint8Array.from(payload) };
}

/** Masked tiles one after the other as one. */
export function joinMasked(tiles: readonly MaskedTile[]): MaskedTile {
  const [only] = tiles;
  if (only && tiles.length === 1) return only;
  const count = tiles.reduce((sum, tile) => sum + tile.count, 0);
  const bytes = new Uint8Array(tiles.reduce((sum, tile) => sum + tile.bytes.length, 0));
  const joined = {
    offsets: new Uint32Array(count),
    lengths: new Uint32Array(count),
    flags: new Uint16Array(count),
    matches: new Uint16Array(count),
    masked: new Uint32Array(count),
  };
  const digests = new Uint8Array(count * 16);
  const dictionaries = new Map<string, Dictionary>();
  let [event, at] = [0, 0];
  for (const tile of tiles) {
    bytes.set(tile.bytes, at);
    digests.set(tile.digests, event * 16);
    for (const column of ['lengths', 'flags', 'matches', 'masked'] as const) joined[column].set(tile[column], event);
    for (let i = 0; i < tile.count; i++) joined.offsets[event + i] = (tile.offsets[i] ?? 0) + at;
    for (const dictionary of tile.dictionaries) dictionaries.set(dictionary.id, dictionary);
    event += tile.count;
    at += tile.bytes.length;
  }
  return { bytes, count, ...joined, digests, dictionaries: [...dictionaries.values()] };
}
