import type { LeftOut } from '../../core/left-out.ts';
import { limits } from '../../core/limits.ts';
import type { Tile, TileContext } from '../../core/tile.ts';
import { pushChunk } from '../frames/framer.ts';
import { InputFramer } from '../frames/input-framer.ts';
import { skipSpace } from '../frames/json-walk.ts';
import { ListFramer } from '../frames/list-framer.ts';
import { listOpening } from '../frames/list-opening.ts';
import { tileOf } from '../frames/tile-builder.ts';
import { BodyOpening } from './body-opening.ts';

export interface BodyFraming {
  readonly context: TileContext;
  readonly nowUs: () => number;
  /** Number of the request: `Tile.offsets` of its events. */
  readonly request: number;
  readonly expectedBytes: number | undefined;
  /** Buffers to use again, shared between bodies. */
  readonly pool: Buffer[];
  readonly leftOut?: LeftOut | undefined;
}

/**
 * Cuts the events out of one request body while it arrives: lists item by item, one list after another; what does not
 * begin as a list like any other input. Whatever is no event comes out too, for the scanner to make stubs of.
 */
export class BodyFramer {
  readonly #framing: BodyFraming;
  readonly #opening = new BodyOpening();
  /** One for all lists of the body, so that many short ones share tiles. */
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
      if (this.#list && !this.#list.ended) rest = this.#pushList(this.#list, rest);
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
    for (let text = this.#opening.text; skipSpace(text, 0, text.length) < text.length; text = this.#opening.text)
      this.push(this.#opened(text, listOpening(text, text.length)));
    if (this.#input) this.#addInput(this.#input.finish());
    else if (this.#list) this.#ready.push(...this.#list.finish());
    return this.take();
  }

  /** The body cannot be read any further, though it is complete: one stub says so, after the events that were whole. */
  refuse(reason: 'too-big' | 'unsupported-format' | 'torn'): readonly Tile[] {
    if (this.#input) this.#addInput(this.#input.take());
    else this.#take(true);
    const event = { bytes: new Uint8Array(0), offset: this.#framing.request, item: this.#items++, covers: 0, reason };
    return [...this.take(), ...tileOf([event], this.#framing.context, this.#framing.nowUs(), false)];
  }

  recycle(tile: Tile): void {
    this.#list?.recycle(tile);
  }

  #open(chunk: Uint8Array): Uint8Array {
    const text = this.#opening.add(chunk);
    if (text === undefined) return nothing;
    const opening = listOpening(text, text.length);
    if (opening === 'undecided' && text.length < limits.webhookOpeningBytes) {
      this.#opening.keep(text);
      return nothing;
    }
    return this.#opened(text, opening);
  }

  /** What is to be framed as it was found to be. */
  #opened(text: Buffer, opening: ReturnType<typeof listOpening>): Uint8Array {
    this.#opening.clear();
    const { context, nowUs, request, expectedBytes, pool, leftOut } = this.#framing;
    if (typeof opening !== 'number') {
      this.#take(true);
      this.#input = new InputFramer({ context, nowUs, lists: 'split', leftOut });
      return text;
    }
    const tileBytes = limits.webhookTileBytes;
    if (this.#list) this.#list.again();
    else
      this.#list = new ListFramer({ context, nowUs, document: request, firstItem: this.#items, tileBytes, expectedBytes }, pool);
    return text.subarray(opening);
  }

  #pushList(list: ListFramer, chunk: Uint8Array): Uint8Array {
    const taken = list.push(chunk);
    this.#take(false);
    return chunk.subarray(taken);
  }

  #pushInput(bytes: Uint8Array): void {
    const input = this.#input;
    if (!input) return;
    pushChunk(input, bytes);
    this.#held += bytes.length;
    if (input.full) this.#addInput(input.take());
  }

  /** Tiles of the lists: those that are full, or all. */
  #take(all: boolean): void {
    if (!this.#list) return;
    this.#ready.push(...this.#list.take(all));
    this.#items = this.#list.items;
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

const nothing = new Uint8Array(0);
