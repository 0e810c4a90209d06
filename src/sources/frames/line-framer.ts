import { limits } from '../../core/limits.ts';
import type { StubReason, Tile } from '../../core/tile.ts';
import { itemReason } from './event-list.ts';
import type { Framer, Framing } from './framer.ts';
import { bytesOf, skipSpace, skipValue } from './json-walk.ts';
import { type LineShape, LineShaper } from './line-shape.ts';
import { TileBuilder, tileOf } from './tile-builder.ts';

const minimumRoomBytes = 64 * 1024;
/** Kept of a line over the limit, so that its stub can name the event. */
const headBytes = 64 * 1024;
const pooledBuffers = 4;

interface OversizedLine {
  readonly head: Buffer;
  readonly offset: number;
}

/**
 * Cuts JSON lines. CRLF, a byte order mark and a missing final newline are accepted, blank lines are dropped. A line
 * over `limits.eventBytes` becomes one event with reason `too-big` that holds its beginning. What is left at the end
 * without a newline is an event if its brackets close, else one with reason `torn`.
 */
export class LineFramer implements Framer {
  readonly #framing: Framing;
  readonly #builder: TileBuilder;
  readonly #shaper: LineShaper;
  readonly #find: (bytes: Uint8Array, from: number) => number;
  readonly #maxLineBytes: number;
  readonly #ready: Tile[] = [];
  readonly #pool: Buffer[] = [];
  readonly #lastUse = new WeakMap<Tile, Buffer>();
  #buffer: Buffer = noBuffer;
  #lineStart = 0;
  #filled = 0;
  /** Offset in the stream of byte 0 of the buffer. */
  #base: number;
  /** Offset in the stream up to which events account for every byte. */
  #accounted: number;
  #oversized: OversizedLine | undefined;

  constructor(framing: Framing, maxLineBytes: number = limits.eventBytes) {
    this.#framing = framing;
    this.#maxLineBytes = maxLineBytes;
    this.#builder = new TileBuilder(framing.context);
    this.#shaper = new LineShaper(framing.lists, framing.leftOut);
    this.#find = framing.findNewline ?? findNewline;
    const expected = (framing.expectedBytes ?? limits.tileBytes) + minimumRoomBytes;
    if (expected < limits.tileBytes) this.#buffer = newBuffer(expected);
    this.#base = framing.startOffset ?? 0;
    this.#accounted = this.#base;
  }

  get full(): boolean {
    return this.#ready.length > 0 || (this.#builder.count > 0 && this.#capacity - this.#filled < minimumRoomBytes);
  }

  get taken(): number {
    return Math.min(this.#accounted, this.#shaper.pendingOffset ?? this.#accounted);
  }

  get #capacity(): number {
    return this.#buffer.length - limits.tilePaddingBytes;
  }

  space(): Uint8Array {
    if (this.#capacity - this.#filled < minimumRoomBytes) this.#makeRoom();
    return this.#buffer.subarray(this.#filled, this.#capacity);
  }

  filled(bytes: number): void {
    let from = this.#filled;
    this.#filled += bytes;
    const view = this.#buffer.subarray(0, this.#filled);
    for (;;) {
      const at = this.#find(view, from);
      if (at < 0) break;
      this.#endLine(at, at + 1, 'none');
      from = at + 1;
    }
    if (this.#oversized) this.#discard();
    else if (this.#filled - this.#lineStart > this.#maxLineBytes) this.#startOversized();
  }

  take(): readonly Tile[] {
    if (this.#builder.count > 0) this.#cut();
    return this.#ready.splice(0);
  }

  finish(): readonly Tile[] {
    if (this.#oversized || this.#filled > this.#lineStart) this.#endLine(this.#filled, this.#filled, this.#lastReason());
    for (const line of this.#shaper.finish()) this.#addWrapped(line, this.#base + this.#lineStart, this.#lineStart);
    return this.take();
  }

  recycle(tile: Tile): void {
    const buffer = this.#lastUse.get(tile);
    if (buffer && buffer.length === limits.tileBytes + limits.tilePaddingBytes && this.#pool.length < pooledBuffers)
      this.#pool.push(buffer);
    this.#lastUse.delete(tile);
  }

  #lastReason(): StubReason {
    const start = skipSpace(this.#buffer, this.#lineStart, this.#filled);
    const at = skipSpace(this.#buffer, this.#shaper.bodyStart(this.#buffer, start, this.#filled), this.#filled);
    const first = this.#buffer[at];
    if (first !== bytesOf.openBrace && first !== bytesOf.open) return 'none';
    return skipValue(this.#buffer, at, this.#filled) < 0 ? 'torn' : 'none';
  }

  #endLine(at: number, next: number, reason: StubReason): void {
    if (this.#oversized) {
      this.#endOversized(next);
      return;
    }
    let start = this.#lineStart;
    this.#lineStart = next;
    if (at - start > this.#maxLineBytes) {
      this.#addOversized(this.#buffer.subarray(start, start + headBytes), this.#base + start, next);
      return;
    }
    if (this.#base + start === 0) start = skipMark(this.#buffer, start, at);
    const end = trimEnd(this.#buffer, start, at);
    if (skipSpace(this.#buffer, start, end) === end) return;
    if (reason !== 'none') this.#add(start, end, 0, next, reason);
    else this.#addShape(this.#shaper.shape(this.#buffer, start, end, this.#base + start), start, next);
  }

  #addShape(shape: LineShape, start: number, next: number): void {
    if (shape.type === 'event') this.#add(shape.at.start, shape.at.end, 0, next, shape.reason, start, shape.kept);
    else if (shape.type === 'wrapped') this.#addWrapped(shape, this.#base + start, next);
    else if (shape.type === 'list') {
      const { spans } = shape;
      for (let i = 0; i < spans.length; i += 2) {
        const itemStart = spans[i] ?? start;
        const itemEnd = spans[i + 1] ?? next;
        const reason = itemReason(this.#buffer, itemStart, itemEnd);
        this.#add(itemStart, itemEnd, i / 2, i + 2 >= spans.length ? next : itemEnd, reason, start);
      }
    }
  }

  #add(start: number, end: number, item: number, next: number, reason: StubReason, document = start, prefix = ''): void {
    const covers = this.#base + next - this.#accounted;
    this.#accounted = this.#base + next;
    this.#builder.add({ start, end, offset: this.#base + document, item, covers, reason, prefix });
  }

  /** Events in buffers of their own become a tile of their own; the order of events stays. */
  #addWrapped(shape: LineShape & { readonly type: 'wrapped' }, offset: number, next: number): void {
    const last = shape.events.length - 1;
    if (last < 0) return;
    const covers = this.#base + next - this.#accounted;
    const events = shape.events.map(({ bytes, reason }, i) => ({
      bytes,
      offset: shape.offset ?? offset,
      item: i,
      covers: i === last ? covers : 0,
      reason: reason === 'none' ? itemReason(bytes, 0, bytes.length) : reason,
      prefix: i === 0 ? shape.kept : '',
    }));
    this.#accounted = this.#base + next;
    this.#flushBuilder();
    this.#ready.push(...tileOf(events, this.#framing.context, this.#framing.nowUs(), true));
  }

  #flushBuilder(): Tile[] {
    const tiles = this.#builder.cut(this.#buffer, this.#framing.nowUs());
    this.#ready.push(...tiles);
    return tiles;
  }

  /** Turns what is collected into tiles and goes on in another buffer with the line that is not complete yet. */
  #cut(): void {
    const last = this.#flushBuilder().at(-1);
    const old = this.#buffer;
    // Perhaps nothing comes any more: memory is taken when it is needed.
    this.#carry(this.#filled === this.#lineStart ? noBuffer : this.#nextBuffer());
    if (last) this.#lastUse.set(last, old);
  }

  #nextBuffer(): Buffer {
    return this.#pool.pop() ?? newBuffer(limits.tileBytes);
  }

  #makeRoom(): void {
    if (this.#builder.count > 0) this.#cut();
    else if (this.#lineStart > 0) this.#carry(this.#nextBuffer());
    if (this.#capacity === 0) this.#carry(this.#nextBuffer());
    if (this.#capacity - this.#filled < minimumRoomBytes) this.#carry(newBuffer(2 * this.#capacity));
  }

  #carry(to: Buffer): void {
    const rest = this.#filled - this.#lineStart;
    const fits = rest === 0 || rest + minimumRoomBytes <= to.length - limits.tilePaddingBytes;
    const target = fits ? to : newBuffer(2 * rest + minimumRoomBytes);
    this.#buffer.copy(target, 0, this.#lineStart, this.#filled);
    this.#base += this.#lineStart;
    this.#buffer = target;
    this.#filled = rest;
    this.#lineStart = 0;
  }

  #startOversized(): void {
    const start = this.#lineStart;
    this.#oversized = { head: Buffer.from(this.#buffer.subarray(start, start + headBytes)), offset: this.#base + start };
    this.#flushBuilder();
    this.#discard();
    this.#buffer = newBuffer(limits.tileBytes);
  }

  /** Drops the bytes of the line being skipped. */
  #discard(): void {
    this.#base += this.#filled;
    this.#filled = 0;
    this.#lineStart = 0;
  }

  #endOversized(next: number): void {
    const line = this.#oversized;
    this.#oversized = undefined;
    this.#lineStart = next;
    if (line) this.#addOversized(line.head, line.offset, next);
  }

  #addOversized(head: Uint8Array, offset: number, next: number): void {
    const covers = this.#base + next - this.#accounted;
    this.#accounted = this.#base + next;
    this.#flushBuilder();
    const events = [{ bytes: Buffer.from(head), offset, item: 0, covers, reason: 'too-big' as const }];
    this.#ready.push(...tileOf(events, this.#framing.context, this.#framing.nowUs(), false));
  }
}

/** Until there is something to read. */
const noBuffer = newBuffer(0);

function newBuffer(bytes: number): Buffer {
  return Buffer.allocUnsafeSlow(bytes + limits.tilePaddingBytes);
}

function findNewline(bytes: Uint8Array, from: number): number {
  return bytes.indexOf(bytesOf.newline, from);
}

/** Index after a UTF-8 byte order mark, if there is one. */
export function skipMark(bytes: Uint8Array, at: number, end: number): number {
  return end - at >= 3 && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf ? at + 3 : at;
}

function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === bytesOf.carriageReturn ? end - 1 : end;
}
