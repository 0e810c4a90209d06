import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileIdentity } from './file-identity.ts';

/** Up to which byte a file's events are in the log on disk. */
export interface Checkpoint {
  readonly file: FileIdentity;
  readonly offset: number;
  /** When this was so, milliseconds since the epoch. */
  readonly atMs: number;
}

interface Stored {
  readonly version: 1;
  readonly checkpoints: Readonly<Record<string, Checkpoint>>;
}

/**
 * The checkpoints of a source, by path. Written as a whole: temporary file, fsync, rename, fsync of the folder; so
 * after a crash the old or the new state stands there. A damaged file counts as none: events come again, none is lost.
 */
export class CheckpointStore {
  readonly #file: string;
  readonly #checkpoints = new Map<string, Checkpoint>();
  #dirty = false;
  #saving: Promise<void> | undefined;
  /** Whether a file stood there that could not be read. */
  damaged = false;

  constructor(file: string) {
    this.#file = file;
  }

  async load(): Promise<void> {
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch (error) {
      this.damaged = (error as NodeJS.ErrnoException).code !== 'ENOENT';
      return;
    }
    try {
      const stored = JSON.parse(text) as Partial<Stored>;
      for (const [path, checkpoint] of Object.entries(stored.checkpoints ?? {}))
        if (isCheckpoint(checkpoint)) this.#checkpoints.set(path, checkpoint);
    } catch {
      this.damaged = true;
    }
  }

  get(path: string): Checkpoint | undefined {
    return this.#checkpoints.get(path);
  }

  set(path: string, checkpoint: Checkpoint): void {
    this.#checkpoints.set(path, checkpoint);
    this.#dirty = true;
  }

  /** Makes what was set durable. Calls that come while it writes share the next write. */
  async save(): Promise<void> {
    while (this.#dirty || this.#saving) {
      if (this.#saving) await this.#saving;
      else {
        this.#dirty = false;
        this.#saving = this.#write().finally(() => {
          this.#saving = undefined;
        });
      }
    }
  }

  async #write(): Promise<void> {
    const stored: Stored = { version: 1, checkpoints: Object.fromEntries(this.#checkpoints) };
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    const temporary = `${this.#file}.tmp`;
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify(stored));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, this.#file);
    const folder = await open(dirname(this.#file), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

function isCheckpoint(value: unknown): value is Checkpoint {
  const { file, offset, atMs } = (value ?? {}) as Partial<Checkpoint>;
  return (
    Number.isSafeInteger(offset) &&
    typeof atMs === 'number' &&
    Number.isSafeInteger(file?.inode) &&
    Number.isSafeInteger(file?.device)
  );
}
