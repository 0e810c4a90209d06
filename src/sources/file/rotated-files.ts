import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Framing } from '../frames/framer.ts';
import { identityOf, packedFingerprint } from './file-identity.ts';
import { type FoundFile, rotatedSiblings } from './find-files.ts';
import type { FingerprintKey } from './fingerprint-key.ts';
import type { Gap } from './gap.ts';
import { OpenFile, type ReadTile } from './open-file.ts';
import { isCompressed, openRegular, whyUnreadable } from './open-regular.ts';
import { readPacked } from './packed-file.ts';
import type { PathLedger, SeenFile } from './path-ledger.ts';

/** A compressed file whose end is missing is given this long to get it. */
const packedGraceMs = 30_000;
/** Names are looked at again after this long even where the folder says that nothing changed: its clock may be coarse. */
const lookAgainMs = 10_000;

export interface RotatedFilesOptions {
  readonly path: string;
  readonly framing: Framing;
  readonly key: FingerprintKey;
  readonly ledger: PathLedger;
  readonly nowMs: () => number;
  readonly changed: () => void;
  /** Told of a file that was compressed by another program than gzip: it is not read. */
  readonly notice: (notice: 'packed-otherwise', path: string) => void;
  readonly gap: (gap: Gap) => void;
}

/** One rotated file as it was seen, with what it is. */
export interface Rotated extends SeenFile {
  readonly found: FoundFile;
  readonly isPackedOtherwise?: true;
}

/**
 * The files that rotation made of one log, in the order they were written: reads of each what the ledger says is left. Files
 * are looked into once; a name, a size or a time that changed makes it look again.
 */
export class RotatedFiles {
  readonly #options: RotatedFilesOptions;
  /** What files are, by name, inode, size and time. */
  #known = new Map<string, Looked>();
  #foldersSeen = '';
  #lookedAtMs = 0;
  /** Since when compressed files lack their end, by the same key. */
  readonly #shortSince = new Map<string, number>();
  #again = false;
  /** Files that cannot be read, by the same key: said once, tried again with each look. */
  readonly #refused = new Set<string>();
  /** Whether the last list is of everything there is: a folder that cannot be listed says nothing of what is in it. */
  isComplete = false;

  constructor(options: RotatedFilesOptions) {
    this.#options = options;
  }

  /** Whether there may be files that were not looked at. */
  async mayHaveChanged(): Promise<boolean> {
    const { nowMs, path } = this.#options;
    const folders = await changeOf(dirname(path));
    const isDue = this.#again || folders !== this.#foldersSeen || Math.abs(nowMs() - this.#lookedAtMs) > lookAgainMs;
    if (isDue) this.#foldersSeen = folders;
    return isDue;
  }

  /** Everything there is, with what it is. A compressed file whose plain one is still there is left out: it is being written. */
  async list(): Promise<readonly Rotated[]> {
    this.#lookedAtMs = this.#options.nowMs();
    const found = await this.#find();
    const names = new Set(found.map(({ path }) => path));
    const known = new Map<string, Looked>();
    const list: Rotated[] = [];
    for (const one of found) {
      if (isPacked(one) && names.has(one.path.slice(0, -3))) continue;
      const key = keyOf(one);
      const seen = this.#known.get(key) ?? (await look(one, this.#options.key));
      if (!seen) continue;
      if (seen.file.fingerprint !== undefined) known.set(key, seen);
      list.push({ ...seen, found: one });
    }
    this.#known = known;
    return list;
  }

  async #find(): Promise<readonly FoundFile[]> {
    try {
      const found = await rotatedSiblings(this.#options.path);
      this.isComplete = true;
      return found;
    } catch (error) {
      if (whyUnreadable(error) === undefined) throw error;
      this.isComplete = false;
      return [];
    }
  }

  /** Reads what is left of these files; `skip` says which are held open by somebody else. */
  async *read(files: readonly Rotated[], skip: (file: Rotated) => boolean): AsyncGenerator<ReadTile, void, undefined> {
    this.#again = false;
    for (const file of files) {
      if (skip(file) || this.#options.ledger.isDone(file)) continue;
      if (file.isPackedOtherwise) this.#pass(file);
      else yield* this.#one(file, this.#options.ledger.from(file) ?? 0);
    }
  }

  #pass(file: Rotated): void {
    const { ledger, changed, notice } = this.#options;
    notice('packed-otherwise', file.found.path);
    ledger.ignore(file, file.found.path);
    changed();
  }

  /** One that cannot be read does not keep the others from being read; it stays to be read. */
  async *#one(file: Rotated, from: number): AsyncGenerator<ReadTile, void, undefined> {
    const { path, bytes } = file.found;
    const key = keyOf(file.found);
    try {
      yield* isPacked(file.found) ? this.#packed(file) : this.#plain(file, from);
      this.#refused.delete(key);
    } catch (error) {
      if (whyUnreadable(error) === undefined) throw error;
      if (!this.#refused.has(key))
        this.#options.gap({ kind: 'unreadable', path, from, to: isPacked(file.found) ? undefined : bytes });
      this.#refused.add(key);
    }
  }

  /** The rest of a file that was copied before it was truncated, from its copy. Whether there was one. */
  async *copyOf(seen: SeenFile, from: number): AsyncGenerator<ReadTile, boolean, undefined> {
    const copy = (await this.list()).findLast(
      (file) => file.file.fingerprint === seen.file.fingerprint && file.file.inode !== seen.file.inode,
    );
    if (!copy || seen.file.fingerprint === undefined || (copy.bytes ?? from) < from) return false;
    yield* this.#one(copy, from);
    return true;
  }

  async *#plain({ found }: Rotated, from: number): AsyncGenerator<ReadTile, void, undefined> {
    const { framing, key, ledger, changed } = this.#options;
    const file = await OpenFile.open({ path: found.path, framing, key }, (_, bytes) => Math.min(from, bytes));
    if (!file) {
      this.#again = true;
      return;
    }
    try {
      // Known from now on; its position moves with what is delivered.
      ledger.advance(file.identity, 0, found.path);
      yield* file.read();
      yield* file.finish(true);
      ledger.end(file.identity, { taken: file.taken, bytes: file.readBytes }, found.path);
      changed();
    } finally {
      await file.close();
    }
  }

  async *#packed({ found, file }: Rotated): AsyncGenerator<ReadTile, void, undefined> {
    const { framing, ledger, changed, gap, nowMs } = this.#options;
    const from = ledger.from({ file, bytes: undefined }) ?? 0;
    const { state, taken } = yield* readPacked(found, file, from, framing);
    const key = keyOf(found);
    if (state === 'short') {
      const since = this.#shortSince.get(key) ?? nowMs();
      this.#shortSince.set(key, since);
      this.#again = true;
      if (Math.abs(nowMs() - since) < packedGraceMs) return;
    }
    this.#shortSince.delete(key);
    if (state !== 'whole') gap({ kind: 'damaged', path: found.path, from: taken, to: undefined });
    if (file.fingerprint !== undefined) ledger.end(file, { taken, bytes: 0 }, found.path);
    else ledger.ignore({ file, bytes: undefined }, found.path);
    changed();
  }
}

export function isPacked({ path }: FoundFile): boolean {
  return path.endsWith('.gz');
}

function keyOf({ path, device, inode, bytes, changedAtMs }: FoundFile): string {
  return `${device}:${inode}:${bytes}:${changedAtMs}:${path}`;
}

type Looked = Omit<Rotated, 'found'>;

async function look(found: FoundFile, key: FingerprintKey): Promise<Looked | undefined> {
  const { device, inode, bytes, path } = found;
  if (isPacked(found)) {
    const unpackedBytes = await unpackedBytesOf(found).catch(() => undefined);
    return { file: { device, inode, fingerprint: await packedFingerprint(path, key) }, bytes: undefined, unpackedBytes };
  }
  try {
    const handle = await openRegular(path);
    if (!handle) return undefined;
    try {
      const file = await identityOf(handle, key);
      return (await isCompressed(handle)) ? { file, bytes, isPackedOtherwise: true } : { file, bytes };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (whyUnreadable(error) === undefined) throw error;
    return { file: { device, inode, fingerprint: undefined }, bytes, isUnreadable: true };
  }
}

/** The last four bytes of a gzip file (RFC 1952, ISIZE); undefined where it is shorter. */
async function unpackedBytesOf({ path, bytes }: FoundFile): Promise<number | undefined> {
  if (bytes < 4) return undefined;
  const handle = await openRegular(path);
  if (!handle) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, bytes - 4);
    return bytesRead === 4 ? buffer.readUInt32LE() : undefined;
  } finally {
    await handle.close();
  }
}

async function changeOf(folder: string): Promise<string> {
  try {
    const { mtimeMs, ino } = await stat(folder);
    return `${ino} ${mtimeMs}`;
  } catch {
    return '';
  }
}
