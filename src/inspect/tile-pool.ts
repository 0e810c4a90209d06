import { limits } from '../core/limits.ts';
import type { MaskedTile } from '../core/tile.ts';

/** Buffers kept: as many as tiles are on their way to the log at a time. */
const pooledBuffers = 4;
/** Sizes are multiples of this, so that a buffer fits most of the tiles after it. Smaller ones are not kept. */
const unitBytes = 256 * 1024;
/** Larger ones, which a single large event needed, are not kept either. */
const pooledBytes = 2 * limits.tileBytes;

/**
 * Memory of tiles that nobody reads any more, for the next ones. Without it every tile leaves a megabyte behind that the
 * garbage collector, which looks at the heap first, is in no hurry to free.
 */
export class TilePool {
  /** By size. */
  readonly #buffers: Uint8Array[] = [];

  /** A buffer of at least this many bytes; what it holds is not defined. */
  take(bytes: number): Uint8Array {
    const found = this.#buffers.findIndex((buffer) => buffer.length >= bytes);
    if (found >= 0) return this.#buffers.splice(found, 1)[0] as Uint8Array;
    return new Uint8Array(bytes < unitBytes ? bytes : Math.ceil(bytes / unitBytes) * unitBytes);
  }

  /** Nobody may read the tile from now on. Of more buffers than are kept the smallest goes. */
  give({ bytes: { buffer } }: Pick<MaskedTile, 'bytes'>): void {
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < unitBytes || buffer.byteLength > pooledBytes) return;
    if (this.#buffers.some((known) => known.buffer === buffer)) return;
    this.#buffers.push(new Uint8Array(buffer));
    this.#buffers.sort((a, b) => a.length - b.length);
    if (this.#buffers.length > pooledBuffers) this.#buffers.shift();
  }
}
