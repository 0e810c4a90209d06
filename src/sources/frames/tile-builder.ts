import { limits } from '../../core/limits.ts';
import type { StubReason, Tile, TileContext } from '../../core/tile.ts';
import { stubReasons } from '../../core/tile.ts';

/** One event as a framer found it: a span of the buffer and its place in the stream. */
export interface FramedEvent {
  readonly start: number;
  readonly end: number;
  /** Offset of the event's first byte in its stream. */
  readonly offset: number;
  readonly item: number;
  /** Bytes of the stream accounted for: from the end of the event before it (so blank lines are counted too) to its own line end. */
  readonly covers: number;
  readonly reason: StubReason;
  /** `Tile.prefixes`. */
  readonly prefix?: string;
}

/**
 * Collects the columns of events that lie in one buffer and cuts tiles from them. Tiles of more than
 * `limits.tileEvents` events are cut into several that share the buffer.
 */
export class TileBuilder {
  readonly #context: TileContext;
  #starts: number[] = [];
  #ends: number[] = [];
  #offsets: number[] = [];
  #items: number[] = [];
  #covers: number[] = [];
  #reasons: number[] = [];
  #prefixes: string[] = [];
  #hasPrefix = false;

  constructor(context: TileContext) {
    this.#context = context;
  }

  get count(): number {
    return this.#starts.length;
  }

  add(event: FramedEvent): void {
    this.#starts.push(event.start);
    this.#ends.push(event.end);
    this.#offsets.push(event.offset);
    this.#items.push(event.item);
    this.#covers.push(event.covers);
    this.#reasons.push(stubReasons.indexOf(event.reason));
    const { prefix = '' } = event;
    this.#prefixes.push(prefix);
    if (prefix !== '') this.#hasPrefix = true;
  }

  /** Adds to the last event's ledger bytes that hold no event. False where there is no event yet. */
  extendLast(covers: number): boolean {
    const last = this.#covers.length - 1;
    if (last < 0) return false;
    this.#covers[last] = (this.#covers[last] ?? 0) + covers;
    return true;
  }

  /**
   * Cuts everything collected into tiles over `bytes`, which must hold `limits.tilePaddingBytes` readable bytes after
   * the last event. The last tile is the last one to use the buffer.
   */
  cut(bytes: Uint8Array, receivedAtUs: number, derived = false): Tile[] {
    const tiles: Tile[] = [];
    for (let from = 0; from < this.#starts.length; from += limits.tileEvents) {
      const to = Math.min(from + limits.tileEvents, this.#starts.length);
      tiles.push({
        bytes,
        count: to - from,
        starts: Uint32Array.from(this.#starts.slice(from, to)),
        ends: Uint32Array.from(this.#ends.slice(from, to)),
        offsets: Float64Array.from(this.#offsets.slice(from, to)),
        items: Uint32Array.from(this.#items.slice(from, to)),
        covers: Uint32Array.from(this.#covers.slice(from, to)),
        reasons: Uint8Array.from(this.#reasons.slice(from, to)),
        context: this.#context,
        receivedAtUs,
        ...(derived ? { derived: true as const } : {}),
        ...(this.#hasPrefix ? { prefixes: this.#prefixes.slice(from, to) } : {}),
      });
    }
    this.#clear();
    return tiles;
  }

  #clear(): void {
    this.#starts = [];
    this.#ends = [];
    this.#offsets = [];
    this.#items = [];
    this.#covers = [];
    this.#reasons = [];
    this.#prefixes = [];
    this.#hasPrefix = false;
  }
}

/** A tile of events that lie in buffers of their own, copied together. For the rare path: wrapped and streamed events. */
export function tileOf(
  events: readonly {
    readonly bytes: Uint8Array;
    readonly offset: number;
    readonly item: number;
    readonly covers: number;
    readonly reason?: StubReason;
    readonly prefix?: string;
  }[],
  context: TileContext,
  receivedAtUs: number,
  derived: boolean,
): Tile[] {
  let size = limits.tilePaddingBytes;
  for (const event of events) size += event.bytes.length;
  const bytes = Buffer.alloc(size);
  const builder = new TileBuilder(context);
  let at = 0;
  for (const event of events) {
    bytes.set(event.bytes, at);
    const end = at + event.bytes.length;
    const { offset, item, covers, reason = 'none', prefix = '' } = event;
    builder.add({ start: at, end, offset, item, covers, reason, prefix });
    at = end;
  }
  return builder.cut(bytes, receivedAtUs, derived);
}
