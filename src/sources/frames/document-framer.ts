import type { LeftOut } from '../../core/left-out.ts';
import { limits } from '../../core/limits.ts';
import type { StubReason, Tile } from '../../core/tile.ts';
import { itemReason, shapeOf, type TextShape, wholeReason } from './event-list.ts';
import type { Framer, Framing } from './framer.ts';
import { ItemStream, type StreamedItem } from './item-stream.ts';
import { bytesOf, skipSpace } from './json-walk.ts';
import { skipMark } from './line-framer.ts';
import type { OpenedEvent } from './opened-event.ts';
import { tileOf } from './tile-builder.ts';

const roomBytes = 1024 * 1024;
const { quote, backslash, open, close, openBrace, closeBrace } = bytesOf;

/**
 * Cuts JSON documents that span lines, one after another. A document up to `limits.eventBytes` is handled as bytes:
 * split at its items' borders, or kept whole. A larger one is streamed item by item, and its events are `derived`.
 */
export class DocumentFramer implements Framer {
  readonly #framing: Framing;
  readonly #maxBytes: number;
  readonly #leftOut: LeftOut;
  #ready: Tile[] = [];
  #buffer: Buffer = Buffer.allocUnsafeSlow(roomBytes + limits.tilePaddingBytes);
  #filled = 0;
  #scanned = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #base: number;
  #accounted: number;
  #stream: ItemStream | undefined;

  constructor(framing: Framing, maxBytes: number = limits.eventBytes) {
    this.#framing = framing;
    this.#maxBytes = maxBytes;
    this.#leftOut = framing.leftOut ?? (() => undefined);
    this.#base = framing.startOffset ?? 0;
    this.#accounted = this.#base;
  }

  get full(): boolean {
    return this.#ready.length > 0;
  }

  get taken(): number {
    return this.#accounted;
  }

  space(): Uint8Array {
    if (this.#buffer.length - limits.tilePaddingBytes - this.#filled < roomBytes / 2) {
      const larger = Buffer.allocUnsafeSlow(2 * this.#buffer.length + limits.tilePaddingBytes);
      this.#buffer.copy(larger, 0, 0, this.#filled);
      this.#buffer = larger;
    }
    return this.#buffer.subarray(this.#filled, this.#buffer.length - limits.tilePaddingBytes);
  }

  filled(bytes: number): void {
    this.#filled += bytes;
    if (this.#base + this.#scanned === 0) this.#scanned = skipMark(this.#buffer, 0, this.#filled);
    if (this.#stream) this.#feedStream();
    else this.#scan();
  }

  take(): readonly Tile[] {
    const tiles = this.#ready;
    this.#ready = [];
    return tiles;
  }

  finish(): readonly Tile[] {
    if (this.#stream) this.#endStream();
    else if (skipSpace(this.#buffer, 0, this.#filled) < this.#filled) this.#end(this.#filled, 'torn');
    return this.take();
  }

  recycle(): void {
    // A document's buffer is not used again: there are few of them.
  }

  /** The bytes of a document that never ended, so that they can be framed as lines instead. */
  get unfinished(): Uint8Array {
    return this.#stream ? new Uint8Array(0) : this.#buffer.subarray(0, this.#filled);
  }

  #scan(): void {
    for (let i = this.#scanned; i < this.#filled; i++) {
      const b = this.#buffer[i];
      if (this.#escaped) this.#escaped = false;
      else if (this.#inString) {
        if (b === quote) this.#inString = false;
        else if (b === backslash) this.#escaped = true;
      } else if (b === quote) this.#inString = true;
      else if (b === openBrace || b === open) this.#depth++;
      else if ((b === closeBrace || b === close) && --this.#depth <= 0) {
        this.#end(i + 1, 'none');
        i = -1;
      }
    }
    this.#scanned = this.#filled;
    if (this.#filled > this.#maxBytes) this.#startStream();
  }

  /** Ends the document at `end` and moves what follows it to a fresh buffer. */
  #end(end: number, reason: StubReason): void {
    let start = skipSpace(this.#buffer, 0, end);
    if (this.#base === 0) start = skipSpace(this.#buffer, skipMark(this.#buffer, start, end), end);
    this.#ready.push(...this.#tiles(this.#buffer.subarray(start, end), this.#base + start, end, reason));
    const rest = this.#buffer.subarray(end, this.#filled);
    const next = Buffer.allocUnsafeSlow(Math.max(rest.length, roomBytes) + limits.tilePaddingBytes);
    rest.copy(next);
    this.#base += end;
    this.#buffer = next;
    this.#filled = rest.length;
    this.#scanned = 0;
    this.#depth = 0;
  }

  #tiles(text: Buffer, offset: number, end: number, found: StubReason): Tile[] {
    const splits = this.#framing.lists === 'split' && found === 'none';
    const shape = splits ? shapeOf(text, 0, text.length, this.#leftOut) : { type: 'event' as const };
    const whole = splits || found !== 'none' ? found : wholeReason(text, 0, text.length);
    const parts = partsOf(text, shape);
    const covers = this.#base + end - this.#accounted;
    this.#accounted += covers;
    const events = parts.map(({ bytes, reason }, i) => ({
      bytes,
      offset,
      item: i,
      covers: i === parts.length - 1 ? covers : 0,
      reason: shape.type === 'event' ? whole : reason === 'none' ? itemReason(bytes, 0, bytes.length) : reason,
    }));
    return tileOf(events, this.#framing.context, this.#framing.nowUs(), shape.type === 'wrapped');
  }

  #startStream(): void {
    this.#stream = new ItemStream();
    this.#feedStream();
  }

  #feedStream(): void {
    const stream = this.#stream;
    if (!stream) return;
    const offset = this.#base;
    const events = stream.feed(this.#buffer.subarray(0, this.#filled));
    this.#base += this.#filled;
    this.#filled = 0;
    this.#scanned = 0;
    if (this.#buffer.length > 2 * roomBytes) this.#buffer = Buffer.allocUnsafeSlow(roomBytes + limits.tilePaddingBytes);
    this.#pushItems(events, offset);
  }

  #endStream(): void {
    const stream = this.#stream;
    this.#stream = undefined;
    if (stream) this.#pushItems(stream.end(), this.#base);
  }

  #pushItems(items: ReturnType<ItemStream['feed']>, offset: number): void {
    if (items.length === 0) return;
    const covers = this.#base - this.#accounted;
    this.#accounted = this.#base;
    const events = items.flatMap((item) => this.#opened(item).map((part) => ({ ...part, item: item.item, offset, covers: 0 })));
    const last = events.at(-1);
    if (last) last.covers = covers;
    this.#ready.push(...tileOf(events, this.#framing.context, this.#framing.nowUs(), true));
  }

  #opened({ bytes, reason }: StreamedItem): readonly OpenedEvent[] {
    const item = Buffer.from(bytes);
    if (this.#framing.lists === 'whole' || reason !== 'none') return [{ bytes: item, reason }];
    return partsOf(item, shapeOf(item, 0, item.length, this.#leftOut));
  }
}

/** The events of a document. */
function partsOf(text: Buffer, shape: TextShape): readonly OpenedEvent[] {
  if (shape.type === 'wrapped') return shape.events;
  if (shape.type === 'event') return [{ bytes: text, reason: 'none' }];
  const parts: OpenedEvent[] = [];
  for (let i = 0; i < shape.spans.length; i += 2)
    parts.push({ bytes: text.subarray(shape.spans[i], shape.spans[i + 1]), reason: 'none' });
  return parts;
}
