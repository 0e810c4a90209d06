import type { MaskedTile } from '../../src/core/tile.ts';
import { openLog } from '../../src/log/open-log.ts';
import type { PrepareCase } from '../measure.ts';
import { benchEngine } from './engine.ts';
import { eachTile } from './tiles.ts';

const tilesInMemory = 16;
const megabytes = 400;

/** Append masked tiles to the log, each batch synced to disk before it counts. The same tiles again and again: no search for repeats. */
export const prepare: PrepareCase = async ({ file, directory }) => {
  const { inspector } = await benchEngine('standard');
  const tiles: MaskedTile[] = [];
  eachTile(file, (tile) => {
    if (tiles.length < tilesInMemory) tiles.push(inspector.inspect(tile));
  });
  const log = await openLog({ directory, name: 'events', clock: { nowMs: () => Date.now() } });
  return async () => {
    let bytes = 0;
    let events = 0;
    for (let i = 0; bytes < megabytes * 1e6; i++) {
      const tile = tiles[i % tiles.length] as MaskedTile;
      events += (await log.append(tile)).appended;
      bytes += tile.bytes.length;
    }
    await log.close();
    return { bytes, events };
  };
};
