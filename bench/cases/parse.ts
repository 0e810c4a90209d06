import type { PrepareCase } from '../measure.ts';
import { eachLine } from './chunks.ts';

/** The yardstick: read, split, JSON.parse, drop. No design that builds objects can be faster than this. */
export const prepare: PrepareCase =
  async ({ file }) =>
  async () => {
    let bytes = 0;
    let events = 0;
    let stages = 0;
    eachLine(file, (line) => {
      const event = JSON.parse(line.toString('utf8')) as { stage?: string };
      if (event.stage !== undefined) stages++;
      bytes += line.length + 1;
      events++;
    });
    if (stages !== events) throw new Error('the corpus holds a line without a stage');
    return { bytes, events };
  };
