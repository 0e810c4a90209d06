import { closeSync, openSync, readSync } from 'node:fs';
import type { Tile } from '../../src/core/tile.ts';
import { LineFramer } from '../../src/sources/frames/line-framer.ts';

/** Reads and frames a file, tile by tile. Each tile's buffer is given back after `use`. */
export function eachTile(file: string, use: (tile: Tile) => void): { readonly bytes: number; readonly events: number } {
  const context = { cluster: 'bench', source: 'file', stream: 'corpus' };
  const framer = new LineFramer({ context, lists: 'split', nowUs: () => 1_772_442_000_000_000 });
  const handle = openSync(file, 'r');
  let bytes = 0;
  let events = 0;
  const pass = (tiles: readonly Tile[]): void => {
    for (const tile of tiles) {
      events += tile.count;
      use(tile);
      framer.recycle(tile);
    }
  };
  try {
    for (let read = readSync(handle, framer.space()); read > 0; read = readSync(handle, framer.space())) {
      framer.filled(read);
      bytes += read;
      if (framer.full) pass(framer.take());
    }
    pass(framer.finish());
  } finally {
    closeSync(handle);
  }
  return { bytes, events };
}
