import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FingerprintKey } from './fingerprint-key.ts';
import { type LedgerEntry, PathLedger } from './path-ledger.ts';
import { withDescriptor } from './with-descriptor.ts';

const version = 3;

interface Stored {
  /** In version 2 fingerprints were hashes without a key. */
  readonly version: 2 | typeof version;
  /** Id of the key that fingerprints were made with. */
  readonly key?: string;
  readonly files: Readonly<Record<string, readonly LedgerEntry[]>>;
}

/**
 * The ledgers of a source, by the path it follows. Written as a whole: temporary file, fsync, rename, fsync of the
 * folder; so after a crash the old or the new state stands there. A damaged file counts as none: events come again,
 * none is lost.
 */
export class CheckpointStore {
  readonly #file: string;
  readonly #ledgers = new Map<string, PathLedger>();
  #dirty = false;
  #saving: Promise<void> | undefined;
  /** Whether a file stood there that could not be read. */
  damaged = false;

  /** Whether fingerprints were made with another key: they were dropped. */
  otherKey = false;
  readonly #key: FingerprintKey | undefined;

  /**
   * @param file undefined: nothing is kept, every start is a first one
   * @param key absent: only to look at
   */
  constructor(file: string | undefined, key?: FingerprintKey) {
    this.#file = file ?? '';
    this.#key = key;
  }

  async load(): Promise<void> {
    if (this.#file === '') return;
    let text: string;
    try {
      text = await withDescriptor(() => readFile(this.#file, 'utf8'));
    } catch (error) {
      this.damaged = (error as NodeJS.ErrnoException).code !== 'ENOENT';
      return;
    }
    try {
      const stored = JSON.parse(text) as Partial<Stored>;
      if (stored.version !== 2 && stored.version !== version) throw new Error('another version');
      this.otherKey = this.#key !== undefined && stored.version === version && stored.key !== this.#key.id;
      for (const [path, entries] of Object.entries(stored.files ?? {})) {
        if (!entries.every(isEntry)) throw new Error('no entry');
        this.#ledgers.set(path, new PathLedger(entries.map((entry) => this.#keyed(entry, stored.version))));
      }
      this.#dirty = this.otherKey || stored.version !== version;
    } catch {
      this.#ledgers.clear();
      this.damaged = true;
    }
  }

  #keyed(entry: LedgerEntry, from: Stored['version'] | undefined): LedgerEntry {
    const { fingerprint, ...file } = entry.file;
    if (!this.#key || fingerprint === undefined || (from === version && !this.otherKey)) return entry;
    const keyed = this.otherKey ? undefined : this.#key.ofHash(fingerprint);
    return { ...entry, file: { ...file, fingerprint: keyed } };
  }

  /** Whether the path was followed before. */
  knows(path: string): boolean {
    return this.#ledgers.has(path);
  }

  /** All that were followed. */
  get paths(): readonly string[] {
    return [...this.#ledgers.keys()];
  }

  forget(path: string): void {
    this.#dirty = this.#ledgers.delete(path) || this.#dirty;
  }

  /** The ledger of a path; an empty one at first. */
  of(path: string): PathLedger {
    const ledger = this.#ledgers.get(path) ?? new PathLedger();
    this.#ledgers.set(path, ledger);
    return ledger;
  }

  /** A ledger was changed: there is something to save. */
  touch(): void {
    this.#dirty = true;
  }

  /** Makes what was set so far durable; what is set meanwhile waits for the next call. Calls that come while it writes share the next write. */
  async save(): Promise<void> {
    const before = this.#saving;
    if (before) await before.catch(() => undefined);
    // Whoever waited first writes for all who did.
    if (this.#saving) return this.#saving;
    if (!this.#dirty) return;
    this.#dirty = false;
    this.#saving = this.#write()
      .catch((error: unknown) => {
        this.#dirty = true;
        throw error;
      })
      .finally(() => {
        this.#saving = undefined;
      });
    return this.#saving;
  }

  async #write(): Promise<void> {
    if (this.#file === '' || !this.#key) return;
    const files = Object.fromEntries([...this.#ledgers].map(([path, ledger]) => [path, ledger.entries]));
    const stored: Stored = { version, key: this.#key.id, files };
    // Not those above it: where the whole data folder was removed, positions must not outlive the events they speak of.
    await mkdir(dirname(this.#file), { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
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

function isEntry(value: unknown): value is LedgerEntry {
  const { file, offset, end, path } = (value ?? {}) as Partial<LedgerEntry>;
  const isWhole = (...numbers: unknown[]): boolean => numbers.every(Number.isSafeInteger);
  return (
    isWhole(offset, file?.inode, file?.device) &&
    typeof path === 'string' &&
    (end === undefined || isWhole(end.taken, end.bytes)) &&
    (file?.fingerprint === undefined || typeof file.fingerprint === 'string')
  );
}
