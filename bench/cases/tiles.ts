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

/** Reads and frames a file as `run` does. */
export function tilesOf(file: string): FramedFile {
  const context = { cluster: 'bench', source: 'file', stream: 'corpus' };
  const framer = new LineFramer({ context, lists: 'split', nowUs: () => 1_772_442_000_000_000 });
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

/** The same, for work that does not wait. */
export function eachTile(file: string, use: (tile: Tile) => void): FramedFile['total'] {
  const framed = tilesOf(file);
  for (const tile of framed.tiles) {
    use(tile);
    framed.recycle(tile);
  }
  return framed.total;
}
