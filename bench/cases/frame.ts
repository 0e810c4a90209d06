import type { PrepareCase } from '../measure.ts';
import { eachTile } from './tiles.ts';

/** Read and cut into tiles, nothing else. */
export const prepare: PrepareCase = async ({ file }) => {
  let last = 0;
  return async () => {
    const result = eachTile(file, (tile) => {
      last += tile.ends[tile.count - 1] ?? 0;
    });
    if (last === 0) throw new Error('no tiles');
    return result;
  };
};
