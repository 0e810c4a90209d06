import { type FileIdentity, isSameFile } from './file-identity.ts';
import { IdentityIndex } from './identity-index.ts';

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
  /** It was gone under every name, and said to be. Should it come back, it is read on from here. */
  readonly missing?: true;
}

/** A file as it is found: `bytes` is its size; undefined where it is compressed. */
export interface SeenFile {
  readonly file: FileIdentity;
  readonly bytes: number | undefined;
  /** Of a compressed one: how much it says that it holds, modulo 2^32. Absent where that is not known. */
  readonly unpackedBytes?: number | undefined;
  /** It cannot be opened: only its inode can tell what it is. */
  readonly isUnreadable?: true;
}

/** An entry in its place; entries themselves do not change. */
interface Place {
  entry: LedgerEntry;
}

/**
 * The files that a log consisted of so far: which of them was read, and how far. A file is known again by device, inode
 * and first line; a copy or a compressed one by its first line alone. What is not known is new and read from its
 * beginning: in doubt an event comes twice and is recognised, none is lost.
 */
export class PathLedger {
  readonly #places = new Set<Place>();
  readonly #index = new IdentityIndex<Place>();

  constructor(entries: readonly LedgerEntry[] = []) {
    for (const entry of entries) this.#add(entry);
  }

  /** What is to be kept. */
  get entries(): readonly LedgerEntry[] {
    return this.#all().map(({ handed: _, ...entry }) => entry);
  }

  /** The entry whose position moved last. */
  get latest(): LedgerEntry | undefined {
    return this.#all().reduce<LedgerEntry | undefined>(
      (latest, entry) => ((entry.atMs ?? -1) > (latest?.atMs ?? -1) ? entry : latest),
      undefined,
    );
  }

  /** Where to go on reading a file; undefined where it is not known. */
  from(seen: SeenFile): number | undefined {
    const entry = this.find(seen);
    return entry?.handed ?? entry?.offset;
  }

  /** The entry of a file, or of the file that it is a copy of. */
  find(seen: SeenFile): LedgerEntry | undefined {
    return this.#find(seen)?.entry;
  }

  /** Whether nothing of a file is left to read. */
  isDone(seen: SeenFile): boolean {
    const entry = this.find(seen);
    if (!entry?.end || (seen.bytes ?? 0) > entry.end.bytes || hasGrown(seen, entry.end)) return false;
    return (entry.handed ?? entry.offset) >= entry.end.taken;
  }

  /** A file is read from `offset` on, whatever was known of it before. */
  begin(file: FileIdentity, offset: number, path: string): void {
    const known = this.#placeOf(file);
    if (known) this.#remove(known);
    this.#add({ file, offset, path });
  }

  /** Moves a file's position, never back. */
  advance(file: FileIdentity, offset: number, path: string, atMs?: number): void {
    const place = this.#placeOf(file);
    const { missing: _, ...entry } = place?.entry ?? { file, offset, path };
    const moved = { ...entry, file, offset: Math.max(offset, entry.offset), path, ...(atMs === undefined ? {} : { atMs }) };
    if (place) this.#replace(place, moved);
    else this.#add(moved);
  }

  /** The file was read to its end; what grows beyond that is read later. */
  end(file: FileIdentity, end: { readonly taken: number; readonly bytes: number }, path: string): void {
    this.advance(file, 0, path);
    const place = this.#placeOf(file);
    if (place) this.#replace(place, { ...place.entry, end, handed: end.taken });
  }

  /** Everything of a file counts as read: it was there before the first look. */
  ignore({ file, bytes = 0 }: SeenFile, path: string): void {
    this.advance(file, bytes, path);
    this.end(file, { taken: bytes, bytes }, path);
  }

  /** A file that was known by its inode alone gets its fingerprint. */
  recognise(seen: SeenFile): void {
    const place = this.#find(seen);
    if (place && place.entry.file.fingerprint === undefined && seen.file.fingerprint !== undefined)
      this.#replace(place, { ...place.entry, file: seen.file });
  }

  /** Drops the entries of files that are read, or known to be missing, and that nobody sees any more. */
  prune(seen: readonly SeenFile[]): void {
    const index = indexOf(seen);
    const isOver = (entry: LedgerEntry): boolean => isRead(entry) || entry.missing === true;
    for (const place of this.#places) if (isOver(place.entry) && !isAmong(place.entry, index)) this.#remove(place);
  }

  /** Entries of files that are gone and were not read to their end, each given once. */
  takeMissing(seen: readonly SeenFile[]): readonly LedgerEntry[] {
    const index = indexOf(seen);
    const isMissing = ({ entry }: Place): boolean => !isHandedOver(entry) && entry.missing !== true && !isAmong(entry, index);
    const missing = [...this.#places].filter(isMissing).map((place) => ({ place, entry: place.entry }));
    for (const { place, entry } of missing) this.#replace(place, { ...entry, missing: true });
    return missing.map(({ entry }) => entry);
  }

  #all(): readonly LedgerEntry[] {
    return [...this.#places].map(({ entry }) => entry);
  }

  #find({ file, bytes, isUnreadable }: SeenFile): Place | undefined {
    const fits = ({ entry }: Place): boolean => bytes === undefined || bytes >= entry.offset;
    const exact =
      bytes === undefined
        ? undefined
        : this.#index.at(file).findLast((place) => (isUnreadable === true || isSameFile(place.entry.file, file)) && fits(place));
    return exact ?? this.#index.like(file).findLast(fits);
  }

  #placeOf(file: FileIdentity): Place | undefined {
    return this.#index.at(file).findLast(({ entry }) => isSameFile(entry.file, file)) ?? this.#index.like(file).at(-1);
  }

  #add(entry: LedgerEntry): void {
    const place = { entry };
    this.#places.add(place);
    this.#index.add(entry.file, place);
  }

  #replace(place: Place, entry: LedgerEntry): void {
    const { file } = place.entry;
    const isMoved =
      file.fingerprint !== entry.file.fingerprint || file.inode !== entry.file.inode || file.device !== entry.file.device;
    if (isMoved) this.#index.delete(file, place);
    place.entry = entry;
    if (isMoved) this.#index.add(entry.file, place);
  }

  #remove(place: Place): void {
    this.#places.delete(place);
    this.#index.delete(place.entry.file, place);
  }
}

/** Whether more was written to a file before it was compressed. One that was read as it is, compressed, has `bytes` 0. */
function hasGrown({ unpackedBytes }: SeenFile, { bytes }: NonNullable<LedgerEntry['end']>): boolean {
  return unpackedBytes !== undefined && bytes > 0 && unpackedBytes !== bytes % 2 ** 32;
}

function isRead(entry: LedgerEntry): boolean {
  return entry.end !== undefined && entry.offset >= entry.end.taken;
}

function isHandedOver(entry: LedgerEntry): boolean {
  return isRead(entry) || (entry.end !== undefined && (entry.handed ?? 0) >= entry.end.taken);
}

function indexOf(seen: readonly SeenFile[]): IdentityIndex<SeenFile> {
  const index = new IdentityIndex<SeenFile>();
  for (const one of seen) index.add(one.file, one);
  return index;
}

/** Whether one of the files seen is that of the entry, or a copy of it. */
function isAmong({ file, offset }: LedgerEntry, index: IdentityIndex<SeenFile>): boolean {
  const fits = ({ bytes }: SeenFile): boolean => bytes === undefined || bytes >= offset;
  const isSeen = (seen: SeenFile): boolean => (seen.isUnreadable === true || isSameFile(file, seen.file)) && fits(seen);
  return index.like(file).some(fits) || index.at(file).some(isSeen);
}
