import { readFile, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { nodeFileSystem, replaceFile } from '../log/file-system.ts';
import type { CorrelatorSnapshot } from '../state/correlator.ts';

/**
 * The correlation state on disk: keyed hashes, times and masked values, never raw ones. Written before the position of
 * the reader it belongs to, so after a crash some records come again; correlation knows them by their digests.
 */
export class StateFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Undefined where there is none, or none that can be read: windows then begin empty. */
  async load(): Promise<CorrelatorSnapshot | undefined> {
    try {
      const snapshot = JSON.parse(await readFile(this.#path, 'utf8')) as CorrelatorSnapshot;
      return snapshot.version === 2 ? snapshot : undefined;
    } catch {
      return undefined;
    }
  }

  async save(snapshot: CorrelatorSnapshot): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(snapshot));
    await replaceFile(nodeFileSystem, dirname(this.#path), basename(this.#path), bytes);
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}
