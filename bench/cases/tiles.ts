import { closeSync, openSync, readSync } from 'node:fs';
import type { Tile } from '../../src/core/tile.ts';
import { LineFramer } from '../../src/sources/frames/line-framer.ts';

export interface FramedFile {
  readonly tiles: Iterable<Tile>;
  /** Gives the buffer of a tile back once it was used. */
  recycle(tile: Tile): void;
  /** What was gone through so far. */
  readonly total: { readonly bytes: number; readonly events: number };
}

const context = { cluster: 'bench', source: 'file', stream: 'corpus' };
const nowUs = (): number => 1_772_442_000_000_000;

/** Reads and frames a file as `run` does. */
export function tilesOf(file: string): FramedFile {
  const framer = new LineFramer({ context, lists: 'split', nowUs });
  const total = { bytes: 0, events: 0 };
  const counted = function* (tiles: readonly Tile[]): Generator<Tile> {
    for (const tile of tiles) {
      total.events += tile.count;
      yield tile;
    }
  };
  const tiles = function* (): Generator<Tile> {
    const handle = openSync(file, 'r');
    try {
      for (let read = readSync(handle, framer.space()); read > 0; read = readSync(handle, framer.space())) {
        framer.filled(read);
        total.bytes += read;
        if (framer.full) yield* counted(framer.take());
      }
      yield* counted(framer.finish());
    } finally {
      closeSync(handle);
    }
  };
  return { tiles: tiles(), recycle: (tile) => framer.recycle(tile), total };
}

/** Lines that are in memory, framed. */
export function tilesOfText(text: string): readonly Tile[] {
  const framer = new LineFramer({ context, lists: 'split', nowUs });
  const bytes = Buffer.from(text);
  const tiles: Tile[] = [];
  for (let at = 0; at < bytes.length; ) {
    const room = framer.space();
    const part = bytes.subarray(at, at + room.length);
    room.set(part);
    framer.filled(part.length);
    at += part.length;
    if (framer.full) tiles.push(...framer.take());
  }
  return [...tiles, ...framer.finish()];
}

/** The same, for work that does not wait. */
export function eachTile(file: string, use: (tile: Tile) => void): FramedFile['total'] {
  const framed = tilesOf(file);
  for (const tile of framed.tiles) {
    use(tile);
    framed.recycle(tile);
  }
  return framed.total;
}
