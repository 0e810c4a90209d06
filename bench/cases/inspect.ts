import type { PolicyId } from '../../src/masking/policy.ts';
import type { PrepareCase } from '../measure.ts';
import { type BenchContent, benchEngine } from './engine.ts';
import { eachTile } from './tiles.ts';

/** Frame and inspect: scan, match, mask, build records; the masked tiles are dropped. */
export const prepareInspect =
  (content: BenchContent, policy: PolicyId = 'standard'): PrepareCase =>
  async ({ file }) => {
    const { inspector } = await benchEngine(content, policy);
    return async () => {
      let records = 0;
      const result = eachTile(file, (tile) => {
        records += inspector.inspect(tile).count;
      });
      if (records !== result.events) throw new Error('not every event became a record');
      return result;
    };
  };
