import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createPlanter } from '../src/demo/plant.ts';
import { createRandom } from '../src/demo/random.ts';
import { nextEvent } from './generate/events.ts';
import { createWorld } from './generate/world.ts';

export interface CorpusOptions {
  /** Size of the log in 10⁶ bytes. */
  readonly megabytes: number;
  readonly seed: number;
  readonly file: string;
}

/** What was written: `<file>` and `<file>.truth.jsonl`, one planted secret a line. */
export interface CorpusReport {
  readonly events: number;
  readonly bytes: number;
  readonly planted: number;
}

/** Lines collected before they are written. */
const chunkBytes = 4_000_000;

/** Writes a log of generated audit events. The same options give the same bytes on every machine. */
export function writeCorpus(options: CorpusOptions): CorpusReport {
  const random = createRandom(options.seed);
  const planter = createPlanter(random);
  const world = createWorld(random, planter);
  const partial = `${options.file}.partial`;
  mkdirSync(path.dirname(options.file), { recursive: true });
  const log = openSync(partial, 'w');
  const truth = openSync(`${options.file}.truth.jsonl`, 'w');
  let events = 0;
  let bytes = 0;
  let reported = 0;
  let chunk: string[] = [];
  let chunkSize = 0;
  const flush = (): void => {
    bytes += writeSync(log, chunk.join(''));
    chunk = [];
    chunkSize = 0;
  };
  while (bytes + chunkSize < options.megabytes * 1e6) {
    const { line, auditID } = nextEvent(world);
    const secrets: string[] = [];
    for (; reported < planter.planted.length; reported++)
      secrets.push(`${JSON.stringify({ line: events, auditID, ...planter.planted[reported] })}\n`);
    if (secrets.length > 0) writeSync(truth, secrets.join(''));
    chunk.push(line, '\n');
    chunkSize += line.length + 1;
    events++;
    if (chunkSize >= chunkBytes) flush();
  }
  flush();
  closeSync(log);
  closeSync(truth);
  renameSync(partial, options.file);
  return { events, bytes, planted: reported };
}

/** The corpus of this size and seed in `directory`, generated when it is not there yet. */
export function corpusFile(directory: string, megabytes: number, seed = 1): string {
  const file = path.join(directory, `audit-${seed}-${megabytes}mb.log`);
  if (!existsSync(file)) writeCorpus({ megabytes, seed, file });
  return file;
}
