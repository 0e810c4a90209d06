import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { sha256Hex } from '../../crypto/sha256.ts';
import { type Framing, pushChunk } from '../frames/framer.ts';
import { LineFramer } from '../frames/line-framer.ts';
import type { Checkpoint } from './checkpoint-store.ts';
import { type FileIdentity, isSameFile } from './file-identity.ts';
import { type FoundFile, rotatedSiblings } from './find-files.ts';
import { OpenFile, type ReadTile } from './open-file.ts';

export type StartAt = 'checkpoint' | 'beginning' | 'end';

/** What happened to a followed file; counted and shown by whoever runs the source. */
export type FileNotice = 'rotated' | 'truncated' | 'rotated-while-away' | 'rotated-file-missing';

export interface FollowOptions {
  readonly path: string;
  readonly framing: Framing;
  readonly startAt: StartAt;
  readonly checkpoint: Checkpoint | undefined;
  /** Keeps the first position ever, before anything is read: from then on the file is found again under any name. */
  readonly began: (file: FileIdentity, offset: number) => Promise<void>;
  readonly notice: (notice: FileNotice, path: string) => void;
}

/**
 * One name that a log file has, followed over rotation by rename, over truncation, and over times when this process
 * did not run. In doubt it reads again: a repeat is recognised later, a loss is not.
 */
export class FollowedPath {
  readonly #options: FollowOptions;
  #current: OpenFile | undefined;
  #started = false;
  #hasPosition: boolean;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#hasPosition = options.checkpoint !== undefined;
  }

  /** Everything there is to read now. */
  async *poll(): AsyncGenerator<ReadTile, void, undefined> {
    if (!this.#started) yield* this.#start();
    for (;;) {
      this.#current ??= await OpenFile.open(this.#options.path, this.#options.framing, () => 0);
      const file = this.#current;
      if (!file) return;
      await this.#begin(file, 0);
      if (await file.isRewritten()) {
        this.#options.notice('truncated', file.path);
        yield* file.finish();
        await file.restart();
      }
      yield* file.read();
      if (!(await this.#isRenamed(file))) return;
      yield* this.#finishRotated(file);
    }
  }

  async close(): Promise<void> {
    await this.#current?.close();
    this.#current = undefined;
  }

  /** Whether the name now belongs to another file. While it belongs to none, the old one may still be written to. */
  async #isRenamed(file: OpenFile): Promise<boolean> {
    try {
      const { dev, ino } = await stat(this.#options.path);
      return dev !== file.identity.device || ino !== file.identity.inode;
    } catch {
      return false;
    }
  }

  /** The old file to its very end, then files that came and went between two looks; the new one is opened next. */
  async *#finishRotated(file: OpenFile): AsyncGenerator<ReadTile, void, undefined> {
    this.#options.notice('rotated', file.path);
    yield* file.read();
    yield* file.finish();
    const siblings = await this.#siblings();
    await file.close();
    this.#current = undefined;
    const at = siblings.findIndex((found) => found.device === file.identity.device && found.inode === file.identity.inode);
    if (at >= 0) for (const found of siblings.slice(at + 1)) yield* this.#whole(found.path, 0);
  }

  async *#start(): AsyncGenerator<ReadTile, void, undefined> {
    const { checkpoint, startAt, framing, path } = this.#options;
    let isTruncated = false;
    let first = 0;
    const file = await OpenFile.open(path, framing, (identity, bytes) => {
      if (startAt === 'beginning') return 0;
      if (!checkpoint) {
        first = startAt === 'end' ? bytes : 0;
        return first;
      }
      if (!isSameFile(checkpoint.file, identity)) return 0;
      isTruncated = checkpoint.offset > bytes;
      return isTruncated ? 0 : checkpoint.offset;
    });
    this.#started = true;
    if (isTruncated) this.#options.notice('truncated', path);
    if (file) await this.#begin(file, first);
    if (checkpoint && !(file && isSameFile(checkpoint.file, file.identity))) yield* this.#catchUp(checkpoint);
    this.#current = file;
  }

  async #begin(file: OpenFile, offset: number): Promise<void> {
    if (this.#hasPosition) return;
    this.#hasPosition = true;
    await this.#options.began(file.identity, offset);
  }

  /** The file of the checkpoint has another name now: its rest, and the files that followed it. */
  async *#catchUp(checkpoint: Checkpoint): AsyncGenerator<ReadTile, void, undefined> {
    this.#options.notice('rotated-while-away', this.#options.path);
    const siblings = await this.#siblings();
    let at = -1;
    for (let i = siblings.length - 1; i >= 0 && at < 0; i--) if (await isFileOf(siblings[i], checkpoint)) at = i;
    if (at < 0) this.#options.notice('rotated-file-missing', this.#options.path);
    const newer = at >= 0 ? siblings.slice(at) : siblings.filter((found) => found.changedAtMs >= checkpoint.atMs);
    for (const [i, found] of newer.entries()) yield* this.#whole(found.path, i === 0 && at >= 0 ? checkpoint.offset : 0);
  }

  async #siblings(): Promise<readonly FoundFile[]> {
    return rotatedSiblings(this.#options.path);
  }

  async *#whole(path: string, from: number): AsyncGenerator<ReadTile, void, undefined> {
    const file = await OpenFile.open(path, this.#options.framing, (_, bytes) =>
      from > bytes && !path.endsWith('.gz') ? 0 : from,
    );
    if (!file) return;
    try {
      if (path.endsWith('.gz')) yield* gunzipFrom(file, from, this.#options.framing);
      else {
        yield* file.read();
        yield* file.finish();
      }
    } finally {
      await file.close();
    }
  }
}

async function isFileOf(found: FoundFile | undefined, checkpoint: Checkpoint): Promise<boolean> {
  if (!found) return false;
  if (found.path.endsWith('.gz')) return (await gzipFingerprint(found.path)) === checkpoint.file.fingerprint;
  const file = await OpenFile.open(
    found.path,
    { context: { cluster: '', source: '', stream: '' }, lists: 'whole', nowUs: () => 0 },
    () => 0,
  );
  const isSame = file !== undefined && isSameFile(checkpoint.file, file.identity);
  await file?.close();
  return isSame;
}

/** As `fingerprintOf`, of the file inside. */
async function gzipFingerprint(path: string): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of unzipped(path)) {
      parts.push(chunk);
      length += chunk.length;
      if (chunk.includes(10) || length >= 64 * 1024) break;
    }
  } catch {
    return undefined;
  }
  const head = Buffer.concat(parts).subarray(0, 64 * 1024);
  const newline = head.indexOf(10);
  return newline < 0 && head.length < 64 * 1024 ? undefined : sha256Hex(newline < 0 ? head : head.subarray(0, newline));
}

function unzipped(path: string): AsyncIterable<Buffer> {
  const file = createReadStream(path);
  const gunzip = createGunzip();
  file.on('error', (error) => gunzip.destroy(error));
  gunzip.on('close', () => file.destroy());
  return file.pipe(gunzip) as Readable as AsyncIterable<Buffer>;
}

/** Events of a compressed file after the first `from` bytes of what it holds. There is no position inside: it is read whole. */
async function* gunzipFrom(file: OpenFile, from: number, framing: Framing): AsyncGenerator<ReadTile, void, undefined> {
  const context = { ...framing.context, stream: `${file.path} ${file.identity.device}:${file.identity.inode}` };
  const framer = new LineFramer({ ...framing, context, startOffset: from });
  let skip = from;
  const hand = (tile: ReadTile['tile']): ReadTile => ({
    tile,
    file: file.identity,
    offset: undefined,
    recycle: () => framer.recycle(tile),
  });
  for await (const chunk of unzipped(file.path)) {
    const used = chunk.subarray(Math.min(skip, chunk.length));
    skip -= chunk.length - used.length;
    pushChunk(framer, used);
    if (framer.full) for (const tile of framer.take()) yield hand(tile);
  }
  for (const tile of framer.finish()) yield hand(tile);
}
