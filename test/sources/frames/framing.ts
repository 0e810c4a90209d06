import type { StubReason, Tile } from '../../../src/core/tile.ts';
import { stubReasons } from '../../../src/core/tile.ts';
import type { Framer, Framing } from '../../../src/sources/frames/framer.ts';

/** Helpers of the framing tests: an event of a tile as text, and a framer driven with chunks of chosen sizes. */
export interface SeenEvent {
  readonly text: string;
  readonly offset: number;
  readonly item: number;
  readonly covers: number;
  readonly reason: StubReason;
  readonly derived: boolean;
}

export function framing(lists: Framing['lists'], startOffset = 0): Framing {
  return { context: { cluster: 'c', source: 's', stream: 'f' }, lists, nowUs: () => 1_000, startOffset };
}

export function eventsOf(tiles: readonly Tile[]): SeenEvent[] {
  const events: SeenEvent[] = [];
  for (const tile of tiles) {
    for (let i = 0; i < tile.count; i++) {
      events.push({
        text: Buffer.from(tile.bytes.subarray(tile.starts[i], tile.ends[i])).toString('utf8'),
        offset: tile.offsets[i] ?? -1,
        item: tile.items[i] ?? -1,
        covers: tile.covers[i] ?? -1,
        reason: stubReasons[tile.reasons[i] ?? 0] ?? 'none',
        derived: tile.derived === true,
      });
    }
  }
  return events;
}

/** Feeds the bytes in chunks of the sizes given (repeated), takes tiles after each chunk, and finishes. */
export function frame(framer: Framer, bytes: Uint8Array, chunkSizes: readonly number[] = [64 * 1024]): SeenEvent[] {
  const events: SeenEvent[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const room = framer.space();
    const size = Math.min(chunkSizes[turn % chunkSizes.length] ?? 1, room.length, bytes.length - at);
    room.set(bytes.subarray(at, at + size));
    framer.filled(size);
    at += size;
    const tiles = framer.take();
    events.push(...eventsOf(tiles));
    for (const tile of tiles) framer.recycle(tile);
  }
  events.push(...eventsOf(framer.finish()));
  return events;
}
