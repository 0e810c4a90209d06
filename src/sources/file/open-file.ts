import type { Stats } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import type { Tile } from '../../core/tile.ts';
import type { Framing } from '../frames/framer.ts';
import { inputKind } from '../frames/input-look.ts';
import { LineFramer } from '../frames/line-framer.ts';
import { type FileIdentity, headBytes, identityOf, isSameFile } from './file-identity.ts';
import type { FingerprintKey } from './fingerprint-key.ts';
import { isCompressed, openRegular } from './open-regular.ts';

/** Looked at first, which tells of nearly every file; and at most. */
const firstSniffBytes = 64 * 1024;
const sniffBytes = 4 * 1024 * 1024;

/** A tile and how far the file is accounted for once it is delivered; undefined where a later tile says so. */
export interface ReadTile {
  readonly tile: Tile;
  readonly file: FileIdentity;
  readonly offset: number | undefined;
  recycle(): void;
}

export interface OpenFileOptions {
  readonly path: string;
  readonly framing: Framing;
  readonly key: FingerprintKey;
}

/** One file held open, read as it grows. It stays the same file when its name goes to another one. */
export class OpenFile {
  readonly #key: FingerprintKey;
  readonly path: string;
  /** Its size when it was opened. */
  readonly sizeBytes: number;
  readonly #handle: FileHandle;
  readonly #framing: Omit<Framing, 'startOffset'>;
  #identity: FileIdentity;
  #framer: LineFramer;
  #readAt: number;
  /** What was read of a first line that has no end yet: what tells this file from one that took its place. */
  #opening = Buffer.alloc(0);
  /** Size and time at which its beginning was looked at last. */
  #changed = '';

  private constructor(
    { path, key }: Pick<OpenFileOptions, 'path' | 'key'>,
    handle: FileHandle,
    identity: FileIdentity,
    sizeBytes: number,
    framing: Framing,
  ) {
    this.#key = key;
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.#handle = handle;
    this.#identity = identity;
    this.#framing = { ...framing, context: { ...framing.context, stream: `${path} ${identity.device}:${identity.inode}` } };
    this.#readAt = framing.startOffset ?? 0;
    this.#framer = new LineFramer({
      ...this.#framing,
      startOffset: this.#readAt,
      expectedBytes: Math.max(0, sizeBytes - this.#readAt),
    });
  }

  /** Undefined where there is no such file. `start` gets the identity and size and says where to begin. @throws as `openRegular` */
  static async open(
    options: OpenFileOptions,
    start: (identity: FileIdentity, bytes: number) => number,
  ): Promise<OpenFile | undefined> {
    const { path, key, framing } = options;
    const handle = await openRegular(path);
    if (!handle) return undefined;
    try {
      const stat = await handle.stat();
      const identity = await identityOf(handle, key);
      const file = new OpenFile(options, handle, identity, stat.size, { ...framing, startOffset: start(identity, stat.size) });
      file.#changed = changeOf(stat);
      return file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get identity(): FileIdentity {
    return this.#identity;
  }

  /** Up to where events account for its bytes. */
  get taken(): number {
    return this.#framer.taken;
  }

  /** Up to where it was read. */
  get readBytes(): number {
    return this.#readAt;
  }

  /** Whether its beginning is that of JSON lines; false for gzip, for documents, and where a first line of megabytes does not tell. */
  async holdsLines(): Promise<boolean> {
    for (const bytes of [firstSniffBytes, sniffBytes]) {
      const head = Buffer.alloc(bytes);
      const { bytesRead } = await this.#handle.read(head, 0, head.length, 0);
      if (head[0] === 0x1f && head[1] === 0x8b) return false;
      const kind = inputKind(head, bytesRead);
      if (kind !== 'undecided' || bytesRead < bytes) return kind === 'lines';
    }
    return false;
  }

  /**
   * Reads what is there now. Ends at the end of the file; a line without its end stays for the next call. Ends, too, where
   * the file was rewritten: `isRewritten` says so.
   */
  async *read(): AsyncGenerator<ReadTile, void, undefined> {
    for (;;) {
      const room = this.#framer.space();
      const { bytesRead } = await this.#handle.read(room, 0, room.length, this.#readAt);
      // Looked at after reading: otherwise it could be rewritten in between, and the end of one line follow the beginning of another.
      if (bytesRead > 0 && (await this.isRewritten())) return;
      if (this.#identity.fingerprint === undefined && this.#opening.length === this.#readAt)
        this.#opening = Buffer.concat([this.#opening, room.subarray(0, Math.min(bytesRead, headBytes - this.#readAt))]);
      this.#readAt += bytesRead;
      this.#framer.filled(bytesRead);
      if (bytesRead === 0 || this.#framer.full) yield* this.#hand(this.#framer.take());
      if (bytesRead === 0) return;
    }
  }

  /**
   * The last line, where it has no end. A torn one is accounted for only where nothing will be added any more: else it is
   * read again once it is whole.
   */
  async *finish(isFinal = false): AsyncGenerator<ReadTile, void, undefined> {
    const tiles = this.#framer.finish();
    const last = tiles.at(-1);
    const isTorn = last !== undefined && last.reasons[last.count - 1] !== 0;
    yield* this.#hand(tiles, isFinal || !isTorn);
  }

  /** Whether a name stands for this file. */
  async hasName(path: string): Promise<boolean> {
    try {
      const { dev, ino } = await stat(path);
      return dev === this.#identity.device && ino === this.#identity.inode;
    } catch {
      return false;
    }
  }

  isCompressed(): Promise<boolean> {
    return isCompressed(this.#handle);
  }

  /** Whether it has no name left. */
  async isRemoved(): Promise<boolean> {
    return (await this.#handle.stat()).nlink === 0;
  }

  /**
   * Whether the file got shorter than what was read of it, or begins otherwise than it did: it was truncated, or
   * copied and truncated, and perhaps written again.
   */
  async isRewritten(): Promise<boolean> {
    const stat = await this.#handle.stat();
    if (stat.size < this.#readAt) return true;
    const changed = changeOf(stat);
    if (changed === this.#changed) return false;
    const isSame =
      this.#identity.fingerprint === undefined
        ? await this.#opensAsBefore()
        : isSameFile(this.#identity, await identityOf(this.#handle, this.#key));
    if (isSame) this.#changed = changed;
    return !isSame;
  }

  async #opensAsBefore(): Promise<boolean> {
    const now = Buffer.alloc(this.#opening.length);
    await this.#handle.read(now, 0, now.length, 0);
    return now.equals(this.#opening);
  }

  /** Begins again at the first byte. */
  async restart(): Promise<void> {
    this.#identity = await identityOf(this.#handle, this.#key);
    this.#readAt = 0;
    this.#opening = Buffer.alloc(0);
    this.#framer = new LineFramer({ ...this.#framing, startOffset: 0 });
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async *#hand(tiles: readonly Tile[], accounts = true): AsyncGenerator<ReadTile, void, undefined> {
    if (tiles.length > 0 && this.#identity.fingerprint === undefined) {
      this.#identity = await identityOf(this.#handle, this.#key);
      this.#opening = Buffer.alloc(0);
    }
    const offset = this.#framer.taken;
    const framer = this.#framer;
    for (const [i, tile] of tiles.entries()) {
      const isLast = i === tiles.length - 1;
      yield { tile, file: this.#identity, offset: isLast && accounts ? offset : undefined, recycle: () => framer.recycle(tile) };
    }
  }
}

function changeOf({ size, mtimeMs }: Stats): string {
  return `${size} ${mtimeMs}`;
}
