import type { LeftOut } from '../../core/left-out.ts';
import type { Tile, TileContext } from '../../core/tile.ts';

/** How a stream is cut into events. */
export interface Framing {
  readonly context: TileContext;
  /** `split`: lists and wrappers become their events. `whole`: one line or document stays one event. */
  readonly lists: 'split' | 'whole';
  /** Microseconds since the epoch. */
  readonly nowUs: () => number;
  /** Offset of the first byte in its stream; 0 without it. */
  readonly startOffset?: number;
  /** How much is likely to come: a little gets little memory at first. Absent: much. */
  readonly expectedBytes?: number;
  /** Told of what is no event and is left out. */
  readonly leftOut?: LeftOut | undefined;
  /** A faster search for the next newline at or after `from`, -1 where there is none. */
  readonly findNewline?: (bytes: Uint8Array, from: number) => number;
}

/**
 * Cuts a byte stream into tiles. Call in turn: read into `space()`, tell how much with `filled`, and `take` the tiles
 * of the complete events: when `full`, or whenever the input pauses. `finish` gives what is left at the end.
 */
export interface Framer {
  /** Room for at least 64 KiB of input. Valid until the next call of any method. */
  space(): Uint8Array;
  filled(bytes: number): void;
  /** Whether tiles wait that are worth taking now. */
  readonly full: boolean;
  take(): readonly Tile[];
  /** Offset in the stream up to which events were taken: where to read again after a restart. */
  readonly taken: number;
  finish(): readonly Tile[];
  /** Gives the buffer of an inspected tile back for use; optional. */
  recycle(tile: Tile): void;
}

/** Copies a chunk into a framer; for inputs that hand out buffers of their own. */
export function pushChunk(framer: Framer, chunk: Uint8Array): void {
  let at = 0;
  while (at < chunk.length) {
    const room = framer.space();
    const size = Math.min(room.length, chunk.length - at);
    room.set(chunk.subarray(at, at + size));
    framer.filled(size);
    at += size;
  }
}
