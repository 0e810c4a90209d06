import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { Fault } from '../core/faults.ts';
import type { Tile } from '../core/tile.ts';
import type { Framer } from './frames/framer.ts';
import { pushChunk } from './frames/framer.ts';

/** The first read is small so that the first event is out early. */
const firstReadBytes = 64 * 1024;

/** An input that ends: a file, plain or gzip (told by its first bytes), or standard input. */
export interface Input {
  readonly name: string;
  /** Size as it lies on disk; undefined for a stream. */
  readonly totalBytes: number | undefined;
  /** How many of those bytes were read. */
  readBytes(): number;
  /** Frames the whole input. */
  tiles(framer: Framer): AsyncGenerator<Tile, void, undefined>;
}

/** @throws Fault E_INPUT_OPEN */
export async function openInput(name: string, stdin: Readable): Promise<Input> {
  if (name === '-') return streamInput('standard input', stdin);
  let handle: FileHandle;
  try {
    handle = await open(name, 'r');
  } catch (cause) {
    throw openFault(name, cause);
  }
  const stat = await handle.stat();
  if (stat.isDirectory()) {
    await handle.close();
    throw new Fault(`${name} is a folder`, {
      code: 'E_INPUT_OPEN',
      remedy: 'Name files, or use a pattern such as folder/*.log.',
    });
  }
  if (!stat.isFile()) return streamInput(name, handle.createReadStream());
  if (await isGzip(handle)) {
    await handle.close();
    const file = createReadStream(name, { highWaterMark: 256 * 1024 });
    return { name, totalBytes: stat.size, readBytes: () => file.bytesRead, tiles: (framer) => gunzipTiles(name, file, framer) };
  }
  const progress = { bytes: 0 };
  return { name, totalBytes: stat.size, readBytes: () => progress.bytes, tiles: (framer) => fileTiles(handle, progress, framer) };
}

function openFault(name: string, cause: unknown): Fault {
  const { code } = cause as NodeJS.ErrnoException;
  const why =
    code === 'ENOENT'
      ? 'there is no such file'
      : code === 'EACCES'
        ? 'this user may not read it'
        : `it cannot be opened (${code ?? 'unknown'})`;
  return new Fault(`${name}: ${why}`, { code: 'E_INPUT_OPEN', remedy: 'Check the path and its permissions.', cause });
}

export async function isGzip(handle: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && startsGzip(buffer);
}

function startsGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function* fileTiles(
  handle: FileHandle,
  progress: { bytes: number },
  framer: Framer,
): AsyncGenerator<Tile, void, undefined> {
  try {
    let first = true;
    for (;;) {
      const room = framer.space();
      const { bytesRead } = await handle.read(room, 0, first ? Math.min(room.length, firstReadBytes) : room.length, null);
      if (bytesRead === 0) break;
      progress.bytes += bytesRead;
      framer.filled(bytesRead);
      if (first || framer.full) yield* framer.take();
      first = false;
    }
    yield* framer.finish();
  } finally {
    await handle.close();
  }
}

function streamInput(name: string, stream: Readable): Input {
  const progress = { bytes: 0 };
  return {
    name,
    totalBytes: undefined,
    readBytes: () => progress.bytes,
    tiles: (framer) => sniffedTiles(name, stream, progress, framer),
  };
}

/** Reads a stream whose first chunk tells whether it is gzip. */
async function* sniffedTiles(
  name: string,
  stream: Readable,
  progress: { bytes: number },
  framer: Framer,
): AsyncGenerator<Tile, void, undefined> {
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  const all = (async function* () {
    let next: IteratorResult<Buffer> = first;
    while (next.done !== true) {
      progress.bytes += next.value.length;
      yield next.value;
      next = await chunks.next();
    }
  })();
  if (startsGzip(first.value)) yield* gunzipTiles(name, Readable.from(all, { objectMode: false }), framer);
  else yield* chunkTiles(all, () => stream.readableLength === 0, framer);
}

async function* gunzipTiles(name: string, compressed: Readable, framer: Framer): AsyncGenerator<Tile, void, undefined> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  compressed.on('error', (error) => gunzip.destroy(error));
  try {
    yield* chunkTiles(compressed.pipe(gunzip), () => gunzip.readableLength === 0, framer);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (!code.startsWith('Z_')) throw cause;
    yield* framer.finish();
    throw new Fault(`${name} is damaged gzip data (${code}); what could be read before that was used`, {
      code: 'E_INPUT_GZIP',
      remedy: 'Test the file with `gzip -t` and copy it again.',
      cause,
    });
  } finally {
    compressed.destroy();
  }
}

async function* chunkTiles(
  chunks: AsyncIterable<Buffer>,
  isDrained: () => boolean,
  framer: Framer,
): AsyncGenerator<Tile, void, undefined> {
  let first = true;
  for await (const chunk of chunks) {
    pushChunk(framer, chunk);
    // A fast writer fills whole tiles, but the first one: nobody should wait for a first line to be a megabyte.
    if (!first && !framer.full && isDrained()) await nextTurn();
    if (first || framer.full || isDrained()) yield* framer.take();
    first = false;
  }
  yield* framer.finish();
}
