import { readFile, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { LogPosition } from '../core/log.ts';
import { nodeFileSystem, replaceFile } from '../log/file-system.ts';
import type { CorrelatorSnapshot } from '../state/correlator.ts';

/** What correlation knew when it had read up to a position of the events log. */
export interface SavedState {
  readonly position: LogPosition;
  readonly snapshot: CorrelatorSnapshot;
}

/**
 * The correlation state on disk: keyed hashes, times and masked values, never raw ones. State and position are one file,
 * replaced as a whole: a restart goes on from exactly what the state has seen, so it neither forgets nor repeats.
 */
export class StateFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Undefined where there is none, or none that can be read: windows then begin empty. */
  async load(): Promise<SavedState | undefined> {
    try {
      const saved = JSON.parse(await readFile(this.#path, 'utf8')) as SavedState;
      return saved.snapshot?.version === 2 ? saved : undefined;
    } catch {
      return undefined;
    }
  }

  async save(saved: SavedState): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(saved));
    await replaceFile(nodeFileSystem, dirname(this.#path), basename(this.#path), bytes);
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}
