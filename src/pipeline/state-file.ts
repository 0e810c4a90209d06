import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
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
      return snapshot.version === 1 ? snapshot : undefined;
    } catch {
      return undefined;
    }
  }

  async save(snapshot: CorrelatorSnapshot): Promise<void> {
    const temporary = `${this.#path}.tmp`;
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify(snapshot));
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(temporary, this.#path);
    const folder = await open(dirname(this.#path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}
