import { limits } from '../../core/limits.ts';
import type { Tile, TileContext } from '../../core/tile.ts';
import { pushChunk } from '../frames/framer.ts';
import { InputFramer } from '../frames/input-framer.ts';
import { skipSpace } from '../frames/json-walk.ts';
import { ListFramer } from '../frames/list-framer.ts';
import { listOpening } from '../frames/list-opening.ts';
import { tileOf } from '../frames/tile-builder.ts';

export interface BodyFraming {
  readonly context: TileContext;
  readonly nowUs: () => number;
  /** Number of the request: `Tile.offsets` of its events. */
  readonly request: number;
  readonly expectedBytes: number | undefined;
  /** Buffers to use again, shared between bodies. */
  readonly pool: Buffer[];
}

/**
 * Cuts the events out of one request body while it arrives: lists item by item, one list after another; what does not
 * begin as a list like any other input. Whatever is no event comes out too, for the scanner to make stubs of.
 */
export class BodyFramer {
  readonly #framing: BodyFraming;
  readonly #lists = new Map<Tile, ListFramer>();
  #opening: Buffer = Buffer.alloc(0);
  #list: ListFramer | undefined;
  #input: InputFramer | undefined;
  #items = 0;
  #held = 0;
  #ready: Tile[] = [];

  constructor(framing: BodyFraming) {
    this.#framing = framing;
  }

  /** Events found so far. */
  get events(): number {
    return this.#items;
  }

  /** Bytes in memory that are in no tile yet. */
  get held(): number {
    return this.#opening.length + (this.#list?.held ?? 0) + this.#held;
  }

  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#input) {
        this.#pushInput(rest);
        return;
      }
      if (this.#list) rest = this.#pushList(this.#list, rest);
      else rest = this.#open(rest);
    }
  }

  /** Tiles that are full. */
  take(): readonly Tile[] {
    const tiles = this.#ready;
    this.#ready = [];
    return tiles;
  }

  /** The body is complete. */
  finish(): readonly Tile[] {
    if (this.#list) this.#add(this.#list.finish(), this.#list);
    else if (!this.#input && skipSpace(this.#opening, 0, this.#opening.length) < this.#opening.length) this.#beginInput();
    if (this.#input) this.#addInput(this.#input.finish());
    return this.take();
  }

  /** The body cannot be read any further, though it is complete: one stub says so. */
  refuse(reason: 'too-big' | 'unsupported-format' | 'torn'): readonly Tile[] {
    const event = { bytes: new Uint8Array(0), offset: this.#framing.request, item: this.#items++, covers: 0, reason };
    return [...this.take(), ...tileOf([event], this.#framing.context, this.#framing.nowUs(), false)];
  }

  recycle(tile: Tile): void {
    this.#lists.get(tile)?.recycle(tile);
    this.#lists.delete(tile);
  }

  #open(chunk: Uint8Array): Uint8Array {
    const text = this.#opening.length === 0 ? asBuffer(chunk) : Buffer.concat([this.#opening, chunk]);
    const opening = listOpening(text, text.length);
    if (opening === 'undecided' && text.length < limits.webhookOpeningBytes) {
      this.#opening = Buffer.from(text);
      return text.subarray(text.length);
    }
    this.#opening = Buffer.alloc(0);
    if (typeof opening !== 'number') {
      this.#opening = text;
      this.#beginInput();
      return text.subarray(text.length);
    }
    const { context, nowUs, request, expectedBytes, pool } = this.#framing;
    const tileBytes = limits.webhookTileBytes;
    this.#list = new ListFramer({ context, nowUs, document: request, firstItem: this.#items, tileBytes, expectedBytes }, pool);
    return text.subarray(opening);
  }

  #pushList(list: ListFramer, chunk: Uint8Array): Uint8Array {
    const taken = list.push(chunk);
    this.#add(list.take(list.ended), list);
    if (list.ended) this.#list = undefined;
    return chunk.subarray(taken);
  }

  #beginInput(): void {
    const { context, nowUs } = this.#framing;
    this.#input = new InputFramer({ context, nowUs, lists: 'split' });
    const opening = this.#opening;
    this.#opening = Buffer.alloc(0);
    this.#pushInput(opening);
  }

  #pushInput(bytes: Uint8Array): void {
    const input = this.#input;
    if (!input) return;
    pushChunk(input, bytes);
    this.#held += bytes.length;
    if (input.full) this.#addInput(input.take());
  }

  #add(tiles: readonly Tile[], list: ListFramer): void {
    this.#items = list.items;
    for (const tile of tiles) this.#lists.set(tile, list);
    this.#ready.push(...tiles);
  }

  /** Offsets within a body say nothing later: its events are numbered like those of a list. */
  #addInput(tiles: readonly Tile[]): void {
    for (const tile of tiles) {
      tile.offsets.fill(this.#framing.request);
      for (let i = 0; i < tile.count; i++) tile.items[i] = this.#items++;
    }
    this.#held = 0;
    this.#ready.push(...tiles);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
