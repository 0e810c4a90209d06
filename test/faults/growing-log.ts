import { appendFileSync, closeSync, openSync, readFileSync, renameSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { SeededRandom } from '../../src/demo/random.ts';
import { numberedEvent } from './numbered-event.ts';

/** An audit log that another process writes: grows in bursts, is written in pieces, rotated by renaming, and compressed afterwards. */
export interface GrowingLog {
  readonly file: string;
  /** auditID of every event whose line is complete. */
  readonly written: ReadonlySet<string>;
  /** auditIDs in files that rotation removed, read or not. */
  readonly removed: ReadonlySet<string>;
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
  readonly eventsPerSecond: number;
  readonly rotationsPerSecond: number;
  /** Rotated files that are kept; older ones are removed, read or not. */
  readonly keepFiles: number;
}

const tickMs = 5;
const ticksPerSecond = 1000 / tickMs;

/** The file end of it: writes lines whole or in two pieces, and rotates by renaming. */
class LogWriter {
  readonly file: string;
  readonly written = new Set<string>();
  readonly removed = new Set<string>();
  /** auditIDs of the file that is written, and of rotated ones by name. */
  #ids: string[] = [];
  readonly #idsOf = new Map<string, readonly string[]>();
  rotations = 0;
  readonly #random: SeededRandom;
  #handle: number;
  #number = 0;
  /** Rotated files that wait to be compressed, oldest first. */
  readonly #plain: string[] = [];
  /** Archives, oldest first. */
  readonly #packed: string[] = [];
  /** The second half of an archive whose first half is written. */
  #half: { readonly name: string; readonly rest: Buffer } | undefined;
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
    this.#ids.push(this.#pending.auditID);
    this.#pending = undefined;
  }

  writeLines(count: number): void {
    const ids = Array.from({ length: count }, () => this.#random.uuid());
    writeSync(this.#handle, ids.map((auditID) => `${numberedEvent(this.#number++, auditID)}\n`).join(''));
    for (const auditID of ids) this.written.add(auditID);
    this.#ids.push(...ids);
  }

  beginLine(): void {
    const auditID = this.#random.uuid();
    const line = `${numberedEvent(this.#number++, auditID)}\n`;
    const cut = this.#random.between(1, line.length - 1);
    writeSync(this.#handle, line.slice(0, cut));
    this.#pending = { rest: line.slice(cut), auditID };
  }

  /** As with --audit-log-compress: the archive is written beside the file, in two steps, then the file is removed. */
  compress(): void {
    if (this.#half) {
      appendFileSync(`${this.#half.name}.gz`, this.#half.rest);
      unlinkSync(this.#half.name);
      this.#packed.push(`${this.#half.name}.gz`);
      this.#half = undefined;
      return;
    }
    const name = this.#plain.shift();
    if (name === undefined) return;
    const packed = gzipSync(readFileSync(name));
    writeFileSync(`${name}.gz`, packed.subarray(0, packed.length >> 1));
    this.#half = { name, rest: packed.subarray(packed.length >> 1) };
  }

  removeOld(keepFiles: number): void {
    for (const name of this.#packed.splice(0, Math.max(0, this.#packed.length - keepFiles))) {
      unlinkSync(name);
      for (const auditID of this.#idsOf.get(name) ?? []) this.removed.add(auditID);
      this.#idsOf.delete(name);
    }
  }

  rotate(): void {
    closeSync(this.#handle);
    this.rotations++;
    const name = this.file.replace(/\.log$/, `-${String(this.rotations).padStart(4, '0')}.log`);
    renameSync(this.file, name);
    this.#plain.push(name);
    this.#idsOf.set(`${name}.gz`, this.#ids);
    this.#ids = [];
    this.#handle = openSync(this.file, 'a');
  }
}

export function createGrowingLog(options: GrowingLogOptions): GrowingLog {
  const { directory, random, eventsPerSecond, rotationsPerSecond, keepFiles } = options;
  const mostLines = Math.max(1, Math.round((2 * eventsPerSecond) / ticksPerSecond));
  const writer = new LogWriter(path.join(directory, 'audit.log'), random);
  let timer: NodeJS.Timeout | undefined;
  let rotates = false;
  const tick = (): void => {
    writer.finishLine();
    writer.writeLines(random.between(0, mostLines));
    if (rotates && random.unit() < rotationsPerSecond / ticksPerSecond) writer.rotate();
    if (random.unit() < 0.2) writer.beginLine();
    if (random.unit() < 0.02) writer.compress();
    writer.removeOld(keepFiles);
  };
  return {
    file: writer.file,
    written: writer.written,
    removed: writer.removed,
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
