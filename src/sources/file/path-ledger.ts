import { type FileIdentity, isSameFile } from './file-identity.ts';

/** How far one file is accounted for: every byte before `offset` is in the log, or was there before the first look. */
export interface LedgerEntry {
  readonly file: FileIdentity;
  /** Of compressed files: within what they hold. */
  readonly offset: number;
  /** Set once the file was read to its end: the last byte an event accounts for, and its size then. */
  readonly end?: { readonly taken: number; readonly bytes: number };
  /** The name it had last, for people. */
  readonly path: string;
  /** When its position moved last, milliseconds since the epoch. */
  readonly atMs?: number;
  /** How far it was handed over in this process; what is on its way to the log is not read again. */
  readonly handed?: number;
}

/** A file as it is found: `bytes` is its size; undefined where it is compressed. */
export interface SeenFile {
  readonly file: FileIdentity;
  readonly bytes: number | undefined;
}

/**
 * The files that a log consisted of so far: which of them was read, and how far. A file is known again by device, inode
 * and first line; a copy or a compressed one by its first line alone. What is not known is new and read from its
 * beginning: in doubt an event comes twice and is recognised, none is lost.
 */
export class PathLedger {
  #entries: LedgerEntry[];

  constructor(entries: readonly LedgerEntry[] = []) {
    this.#entries = [...entries];
  }

  /** What is to be kept. */
  get entries(): readonly LedgerEntry[] {
    return this.#entries.map(({ handed: _, ...entry }) => entry);
  }

  /** The entry whose position moved last. */
  get latest(): LedgerEntry | undefined {
    return this.#entries.filter((entry) => entry.atMs !== undefined).sort((a, b) => (b.atMs ?? 0) - (a.atMs ?? 0))[0];
  }

  /** Where to go on reading a file; undefined where it is not known. */
  from(seen: SeenFile): number | undefined {
    const entry = this.find(seen);
    return entry?.handed ?? entry?.offset;
  }

  /** The entry of a file, or of the file that it is a copy of. */
  find(seen: SeenFile): LedgerEntry | undefined {
    const fits = (entry: LedgerEntry): boolean => seen.bytes === undefined || seen.bytes >= entry.offset;
    return (
      this.#entries.findLast((entry) => seen.bytes !== undefined && isSameFile(entry.file, seen.file) && fits(entry)) ??
      this.#entries.findLast((entry) => isSameContent(entry.file, seen.file) && fits(entry))
    );
  }

  /** Whether nothing of a file is left to read. */
  isDone(seen: SeenFile): boolean {
    const entry = this.find(seen);
    if (!entry?.end || (seen.bytes ?? 0) > entry.end.bytes) return false;
    return (entry.handed ?? entry.offset) >= entry.end.taken;
  }

  /** A file is read from `offset` on, whatever was known of it before. */
  begin(file: FileIdentity, offset: number, path: string): void {
    const at = this.#indexOf(file);
    this.#entries = this.#entries.filter((_, i) => i !== at);
    this.#entries.push({ file, offset, path });
  }

  /** Moves a file's position, never back. */
  advance(file: FileIdentity, offset: number, path: string, atMs?: number): void {
    const at = this.#indexOf(file);
    const entry = this.#entries[at] ?? { file, offset, path };
    const moved = { ...entry, file, offset: Math.max(offset, entry.offset), path, ...(atMs === undefined ? {} : { atMs }) };
    if (at < 0) this.#entries.push(moved);
    else this.#entries[at] = moved;
  }

  /** The file was read to its end; what grows beyond that is read later. */
  end(file: FileIdentity, end: { readonly taken: number; readonly bytes: number }, path: string): void {
    this.advance(file, 0, path);
    const at = this.#indexOf(file);
    const entry = this.#entries[at];
    if (entry) this.#entries[at] = { ...entry, end, handed: end.taken };
  }

  /** Everything of a file counts as read: it was there before the first look. */
  ignore({ file, bytes = 0 }: SeenFile, path: string): void {
    this.advance(file, bytes, path);
    this.end(file, { taken: bytes, bytes }, path);
  }

  /** Drops the entries of files that are read and that nobody sees any more. */
  prune(seen: readonly SeenFile[]): void {
    this.#entries = this.#entries.filter((entry) => !isRead(entry) || seen.some((file) => isOf(entry, file)));
  }

  /** Entries of files that are gone and were not read to their end. They are dropped: nothing can be done about them. */
  takeMissing(seen: readonly SeenFile[]): readonly LedgerEntry[] {
    const missing = this.#entries.filter((entry) => !isRead(entry) && !seen.some((file) => isOf(entry, file)));
    this.#entries = this.#entries.filter((entry) => !missing.includes(entry));
    return missing;
  }

  #indexOf(file: FileIdentity): number {
    const exact = this.#entries.findLastIndex((entry) => isSameFile(entry.file, file));
    return exact >= 0 ? exact : this.#entries.findLastIndex((entry) => isSameContent(entry.file, file));
  }
}

function isRead(entry: LedgerEntry): boolean {
  return entry.end !== undefined && entry.offset >= entry.end.taken;
}

function isOf(entry: LedgerEntry, seen: SeenFile): boolean {
  if (!isSameContent(entry.file, seen.file) && !isSameFile(entry.file, seen.file)) return false;
  return seen.bytes === undefined || seen.bytes >= entry.offset;
}

function isSameContent(a: FileIdentity, b: FileIdentity): boolean {
  return a.fingerprint !== undefined && a.fingerprint === b.fingerprint;
}
