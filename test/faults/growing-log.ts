import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { SeededRandom } from '../../src/demo/random.ts';
import { numberedEvent } from './numbered-event.ts';

/** An audit log that another process writes: grows in bursts, is written in pieces, and is rotated by renaming. */
export interface GrowingLog {
  readonly file: string;
  /** auditID of every event whose line is complete. */
  readonly written: ReadonlySet<string>;
  readonly rotations: number;
  start(): void;
  /** Rotates from now on. Before its first position an agent cannot know of files that were renamed earlier. */
  beginRotation(): void;
  /** Finishes the last line. */
  stop(): void;
}

export interface GrowingLogOptions {
  readonly directory: string;
  readonly random: SeededRandom;
  /** Chance that a tick rotates the file. */
  readonly rotationChance: number;
}

const tickMs = 5;

/** The file end of it: writes lines whole or in two pieces, and rotates by renaming. */
class LogWriter {
  readonly file: string;
  readonly written = new Set<string>();
  rotations = 0;
  readonly #random: SeededRandom;
  #handle: number;
  #number = 0;
  /** Rest of a line whose beginning is in the file already. */
  #pending: { readonly rest: string; readonly auditID: string } | undefined;

  constructor(file: string, random: SeededRandom) {
    this.file = file;
    this.#random = random;
    this.#handle = openSync(file, 'a');
  }

  finishLine(): void {
    if (!this.#pending) return;
    writeSync(this.#handle, this.#pending.rest);
    this.written.add(this.#pending.auditID);
    this.#pending = undefined;
  }

  writeLines(count: number): void {
    const ids = Array.from({ length: count }, () => this.#random.uuid());
    writeSync(this.#handle, ids.map((auditID) => `${numberedEvent(this.#number++, auditID)}\n`).join(''));
    for (const auditID of ids) this.written.add(auditID);
  }

  beginLine(): void {
    const auditID = this.#random.uuid();
    const line = `${numberedEvent(this.#number++, auditID)}\n`;
    const cut = this.#random.between(1, line.length - 1);
    writeSync(this.#handle, line.slice(0, cut));
    this.#pending = { rest: line.slice(cut), auditID };
  }

  rotate(): void {
    closeSync(this.#handle);
    this.rotations++;
    renameSync(this.file, this.file.replace(/\.log$/, `-${String(this.rotations).padStart(4, '0')}.log`));
    this.#handle = openSync(this.file, 'a');
  }
}

export function createGrowingLog(options: GrowingLogOptions): GrowingLog {
  const { directory, random, rotationChance } = options;
  const writer = new LogWriter(path.join(directory, 'audit.log'), random);
  let timer: NodeJS.Timeout | undefined;
  let rotates = false;
  const tick = (): void => {
    writer.finishLine();
    writer.writeLines(random.between(0, 12));
    if (rotates && random.unit() < rotationChance) writer.rotate();
    if (random.unit() < 0.2) writer.beginLine();
  };
  return {
    file: writer.file,
    written: writer.written,
    get rotations() {
      return writer.rotations;
    },
    start: () => {
      timer ??= setInterval(tick, tickMs);
    },
    beginRotation: () => {
      rotates = true;
    },
    stop: () => {
      clearInterval(timer);
      timer = undefined;
      writer.finishLine();
    },
  };
}
