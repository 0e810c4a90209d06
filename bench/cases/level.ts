import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs';
import type { Level } from '../levels.ts';
import type { PrepareCase } from '../measure.ts';
import { eachLine } from './chunks.ts';
import { prepareEndToEnd } from './end-to-end.ts';

/** The lines of a log that are of one level, beside it. */
function linesOfLevel(file: string, level: Level): string {
  const of = `${file}.${level}`;
  if (existsSync(of)) return of;
  const mark = `"level":"${level}"`;
  const to = openSync(`${of}.partial`, 'w');
  eachLine(file, (line) => {
    if (line.subarray(0, 200).includes(mark)) writeSync(to, `${line.toString()}\n`);
  });
  closeSync(to);
  renameSync(`${of}.partial`, of);
  return of;
}

/** `end-to-end` over the events of one level: small ones are dominated by what an event costs, large ones by what a byte does. */
export const prepareLevel =
  (level: Level): PrepareCase =>
  (input) =>
    prepareEndToEnd('standard')({ ...input, file: linesOfLevel(input.file, level) });
