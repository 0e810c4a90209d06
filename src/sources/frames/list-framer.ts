import { limits } from '../../core/limits.ts';
import type { StubReason, Tile, TileContext } from '../../core/tile.ts';
import { itemReason } from './event-list.ts';
import { bytesOf, eachMember, skipSpace, spells } from './json-walk.ts';
import { TileBuilder, tileOf } from './tile-builder.ts';
import { ValueScan } from './value-scan.ts';

const { openBrace, closeBrace, open, close, comma } = bytesOf;
/** Kept of an item over the limit, so that its stub can name the event. */
const headBytes = 64 * 1024;
const pooledBuffers = 8;

export interface ListFraming {
  readonly context: TileContext;
  /** Microseconds since the epoch. */
  readonly nowUs: () => number;
  /** `Tile.offsets` of every item: the number of the document. */
  readonly document: number;
  /** Item number of the first. */
  readonly firstItem: number;
  /** Bytes a tile holds at most, unless one item is larger. */
  readonly tileBytes: number;
  /** Bytes of the whole text where known: what is smaller than a tile needs less memory. */
  readonly expectedBytes?: number | undefined;
}

/**
 * `items`: before a value or the closing bracket. `item`: in a value. `next`: before a comma or the closing bracket.
 * `rest`: in the members after the list. `ended`: after the document. `broken`: no list any more; all that follows is one item.
 */
type State = 'items' | 'first' | 'item' | 'next' | 'rest' | 'ended' | 'broken';

/**
 * Cuts the items of one list out of a text that arrives in parts, as they are. What does not keep to a list's commas and
 * brackets becomes, to the end, one item that the scanner refuses. Memory: one tile, or the item that is not complete.
 */
export class ListFramer {
  readonly #framing: ListFraming;
  readonly #builder: TileBuilder;
  readonly #scan = new ValueScan();
  readonly #pool: Buffer[];
  readonly #lastUse = new WeakMap<Tile, Buffer>();
  #ready: Tile[] = [];
  #buffer: Buffer;
  #filled = 0;
  #at = 0;
  /** Where the item, or the rest, begins in the buffer. */
  #start = 0;
  #state: State = 'first';
  #item: number;
  #head: Buffer | undefined;
  #skipped = 0;

  /** @param pool buffers of `tileBytes` and padding to use again, shared between framers */
  constructor(framing: ListFraming, pool: Buffer[] = []) {
    this.#framing = framing;
    this.#builder = new TileBuilder(framing.context);
    this.#pool = pool;
    this.#item = framing.firstItem;
    const expected = Math.min(framing.expectedBytes ?? framing.tileBytes, framing.tileBytes);
    this.#buffer = expected < framing.tileBytes ? newBuffer(expected) : this.#tileBuffer();
  }

  /** Items cut so far, those before it included. */
  get items(): number {
    return this.#item;
  }

  /** Bytes in memory that are in no tile yet. */
  get held(): number {
    return this.#filled;
  }

  /** Takes the text after the list's opening bracket. Returns how much of it belongs to this document: all, until it has ended. */
  push(chunk: Uint8Array): number {
    let taken = 0;
    while (taken < chunk.length && this.#state !== 'ended') {
      if (this.#capacity === this.#filled) this.#makeRoom();
      const size = Math.min(chunk.length - taken, this.#capacity - this.#filled);
      this.#buffer.set(chunk.subarray(taken, taken + size), this.#filled);
      this.#filled += size;
      taken += size;
      this.#walk();
    }
    if (this.#state !== 'ended') return chunk.length;
    return taken - (this.#filled - this.#at);
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** Once a list has ended: the items of another one follow in the same tiles. */
  again(): void {
    this.#filled = this.#at;
    this.#start = this.#at;
    this.#state = 'first';
  }

  /** Tiles that are full; with `all`, everything that is complete. */
  take(all = false): readonly Tile[] {
    if (all) this.#cut(true);
    const tiles = this.#ready;
    this.#ready = [];
    return tiles;
  }

  finish(): readonly Tile[] {
    if (this.#state === 'first' || this.#state === 'items' || this.#state === 'next') {
      this.#start = skipSpace(this.#buffer, this.#at, this.#filled);
      this.#addItem(this.#filled, 'torn', true);
    } else if (this.#state !== 'ended') this.#addItem(this.#filled, this.#state === 'broken' ? 'not-json' : 'torn', true);
    return this.take(true);
  }

  recycle(tile: Tile): void {
    const buffer = this.#lastUse.get(tile);
    if (!buffer) return;
    this.#lastUse.delete(tile);
    if (buffer.length === this.#framing.tileBytes + limits.tilePaddingBytes && this.#pool.length < pooledBuffers)
      this.#pool.push(buffer);
  }

  get #capacity(): number {
    return this.#buffer.length - limits.tilePaddingBytes;
  }

  #walk(): void {
    while (this.#at < this.#filled && this.#state !== 'ended') {
      if (this.#state === 'broken') this.#at = this.#filled;
      else if (this.#state === 'item' || this.#state === 'rest') {
        const after = this.#scan.next(this.#buffer, this.#at, this.#filled);
        this.#at = after < 0 ? this.#filled : after;
        if (after >= 0) this.#endValue();
      } else this.#between();
    }
    if (
      (this.#state === 'item' || this.#state === 'rest' || this.#state === 'broken') &&
      this.#filled - this.#start > limits.eventBytes
    )
      this.#skip();
  }

  #endValue(): void {
    if (this.#state === 'item') {
      this.#addItem(this.#at, 'none', false);
      this.#state = 'next';
    } else if (this.#skipped === 0 && isHarmlessRest(this.#buffer, this.#start, this.#at)) this.#state = 'ended';
    else this.#state = 'broken';
  }

  #between(): void {
    this.#at = skipSpace(this.#buffer, this.#at, this.#filled);
    if (this.#at >= this.#filled) return;
    const b = this.#buffer[this.#at] ?? 0;
    this.#start = this.#at;
    if (b === close && this.#state !== 'items') {
      this.#start = ++this.#at;
      this.#scan.begin(openBrace, 1);
      this.#state = 'rest';
    } else if (this.#state === 'next') {
      if (b !== comma) this.#state = 'broken';
      else {
        this.#at++;
        this.#state = 'items';
      }
    } else if (b === comma || b === close || b === closeBrace) this.#state = 'broken';
    else {
      this.#scan.begin(b);
      this.#state = 'item';
    }
  }

  #addItem(end: number, reason: StubReason, isEnd: boolean): void {
    if (this.#head) this.#addOversized();
    else if (end > this.#start || !isEnd || reason === 'torn') {
      const found = reason === 'none' ? itemReason(this.#buffer, this.#start, end) : reason;
      this.#builder.add({
        start: this.#start,
        end,
        offset: this.#framing.document,
        item: this.#item++,
        covers: end - this.#start,
        reason: found,
      });
    }
    this.#start = end;
  }

  #addOversized(): void {
    const bytes = this.#head ?? Buffer.alloc(0);
    this.#head = undefined;
    const covers = Math.min(this.#skipped + this.#at, 0xffff_ffff);
    this.#skipped = 0;
    const event = { bytes, offset: this.#framing.document, item: this.#item++, covers, reason: 'too-big' as const };
    this.#ready.push(...tileOf([event], this.#framing.context, this.#framing.nowUs(), false));
  }

  /** Drops the bytes of an item over the limit, but for its beginning. */
  #skip(): void {
    this.#cut();
    this.#head ??= Buffer.from(this.#buffer.subarray(this.#start, this.#start + headBytes));
    this.#skipped += this.#filled;
    this.#buffer = this.#tileBuffer();
    this.#filled = 0;
    this.#at = 0;
    this.#start = 0;
  }

  #makeRoom(): void {
    if (this.#head) this.#skip();
    else if (this.#builder.count > 0) this.#cut();
    const rest = this.#filled - this.#start;
    if (this.#start > 0 && rest <= this.#capacity / 2) this.#moveTo(this.#buffer);
    if (this.#capacity === this.#filled)
      this.#moveTo(newBuffer(Math.min(2 * this.#capacity + headBytes, limits.eventBytes + 2 * headBytes)));
  }

  /** Turns what is collected into tiles and goes on in another buffer with the item that is not complete yet; at the end without one. */
  #cut(isEnd = false): void {
    if (this.#builder.count === 0) return;
    const tiles = this.#builder.cut(this.#buffer, this.#framing.nowUs());
    this.#ready.push(...tiles);
    const last = tiles.at(-1);
    if (last) this.#lastUse.set(last, this.#buffer);
    // What follows the end of a list is not ours.
    if (this.#state === 'ended') this.#filled = this.#at;
    const rest = this.#filled - this.#keepFrom;
    if (isEnd && rest === 0) this.#moveTo(noBuffer);
    else this.#moveTo(rest < this.#framing.tileBytes / 2 ? this.#tileBuffer() : newBuffer(2 * rest));
  }

  /** In front of an item nothing needs to be kept. */
  get #keepFrom(): number {
    return this.#state === 'item' || this.#state === 'rest' || this.#state === 'broken' ? this.#start : this.#at;
  }

  #moveTo(target: Buffer): void {
    const from = this.#keepFrom;
    this.#buffer.copy(target, 0, from, this.#filled);
    this.#buffer = target;
    this.#filled -= from;
    this.#at -= from;
    this.#start = 0;
  }

  #tileBuffer(): Buffer {
    return this.#pool.pop() ?? newBuffer(this.#framing.tileBytes);
  }
}

/** Whether what follows the list, to the bracket that closes the document, is only what may follow: no other list that would go unread. */
function isHarmlessRest(bytes: Buffer, start: number, end: number): boolean {
  const at = skipSpace(bytes, start, end);
  if (bytes[at] === closeBrace) return true;
  if (bytes[at] !== comma) return false;
  const members = Buffer.from(bytes.subarray(at, end));
  members[0] = openBrace;
  let harmless = true;
  const after = eachMember(members, 0, members.length, (keyStart, keyEnd, valueStart) => {
    harmless &&= members[valueStart] !== open && !spells(members, keyStart, keyEnd, 'items');
    return !harmless;
  });
  return harmless && after === members.length;
}

/** Room for nothing: the next byte asks for a buffer. */
const noBuffer = Buffer.alloc(limits.tilePaddingBytes);

function newBuffer(bytes: number): Buffer {
  return Buffer.allocUnsafeSlow(bytes + limits.tilePaddingBytes);
}
