import type { Framing } from '../frames/framer.ts';
import { pushChunk } from '../frames/framer.ts';
import { LineFramer } from '../frames/line-framer.ts';
import { type FileIdentity, unpacked } from './file-identity.ts';
import type { FoundFile } from './find-files.ts';
import type { ReadTile } from './open-file.ts';

/** How the reading of a compressed file ended: `short` where its end is missing, perhaps because it is being written. */
export interface PackedEnd {
  readonly state: 'whole' | 'short' | 'damaged';
  /** Bytes of what it holds that events account for. */
  readonly taken: number;
}

/** Logs pack to about a twentieth. */
const usuallyPacked = 20;

/**
 * Events of a gzip file after the first `from` bytes of what it holds; positions are those in there, so that reading goes
 * on where it stopped. To get there it is unpacked from its beginning: a gzip file has no middle.
 */
export async function* readPacked(
  { path, bytes }: Pick<FoundFile, 'path' | 'bytes'>,
  file: FileIdentity,
  from: number,
  framing: Framing,
): AsyncGenerator<ReadTile, PackedEnd, undefined> {
  const context = { ...framing.context, stream: `${path} ${file.device}:${file.inode}` };
  const framer = new LineFramer({ ...framing, context, startOffset: from, expectedBytes: bytes * usuallyPacked });
  function* hand(tiles: ReturnType<LineFramer['take']>): Generator<ReadTile, void, undefined> {
    for (const [i, tile] of tiles.entries())
      yield { tile, file, offset: i === tiles.length - 1 ? framer.taken : undefined, recycle: () => framer.recycle(tile) };
  }
  let skip = from;
  try {
    for await (const chunk of unpacked(path)) {
      const used = chunk.subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - used.length;
      pushChunk(framer, used);
      if (framer.full) yield* hand(framer.take());
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!code.startsWith('Z_') && code !== 'ENOENT') throw error;
    yield* hand(framer.take());
    return { state: code === 'Z_BUF_ERROR' || code === 'ENOENT' ? 'short' : 'damaged', taken: framer.taken };
  }
  yield* hand(framer.finish());
  return { state: 'whole', taken: framer.taken };
}
