import { limits } from '../../src/core/limits.ts';
import { openLog } from '../../src/log/open-log.ts';
import type { PrepareCase } from '../measure.ts';
import { benchEngine } from './engine.ts';
import { tilesOf } from './tiles.ts';

/** From the file to the synced log, as `run` does it with one thread: read, frame, match, mask, look for repeats, append. */
export const prepareEndToEnd =
  (content: 'standard' | 'keywords' | number): PrepareCase =>
  async ({ file, directory }) => {
    const { inspector } = await benchEngine(content);
    const log = await openLog({
      directory,
      name: 'events',
      clock: { nowMs: () => Date.now() },
      dedupe: { maxRecords: limits.dedupeRecords, windowMs: limits.dedupeWindowMs },
    });
    return async () => {
      let records = 0;
      const framed = tilesOf(file);
      for (const tile of framed.tiles) {
        records += (await log.append(inspector.inspect(tile))).appended;
        framed.recycle(tile);
      }
      await log.close();
      if (records !== framed.total.events) throw new Error('not every event is in the log');
      return framed.total;
    };
  };
