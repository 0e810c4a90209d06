import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../core/faults.ts';

const prefix = 'auditveil-query-';

/**
 * A folder of this process alone for files that questions need: heads of the segment that takes records, what does not fit into
 * memory. It lies where temporary files lie, or in the data folder where there is no such place. Masked values only, mode 0700.
 */
export class ScratchFolder {
  readonly #places: readonly string[];
  #path: string | undefined;

  constructor(dataDirectory: string, places: readonly string[] = [tmpdir(), dataDirectory]) {
    this.#places = places;
  }

  /** Made when it is asked for. @throws Fault E_STORE_SCRATCH */
  get path(): string {
    this.#path ??= this.#make();
    return this.#path;
  }

  remove(): void {
    if (this.#path !== undefined) rmSync(this.#path, { recursive: true, force: true });
    this.#path = undefined;
  }

  #make(): string {
    for (const place of this.#places) {
      sweep(place);
      try {
        return mkdtempSync(join(place, `${prefix}${process.pid}-`));
      } catch {
        // The next one may do.
      }
    }
    throw new Fault('there is no folder for temporary files', {
      code: 'E_STORE_SCRATCH',
      remedy: `Let this user write to ${this.#places.join(' or ')}, or set TMPDIR.`,
    });
  }
}

/** Folders of processes that were killed. */
function sweep(place: string): void {
  try {
    for (const name of readdirSync(place)) {
      const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
      if (Number.isInteger(pid) && !lives(pid)) rmSync(join(place, name), { recursive: true, force: true });
    }
  } catch {
    // Of another user, or gone.
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
