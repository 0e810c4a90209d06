import { getManyValues, isMany } from 'stream-chain/core';
import { jsonParser } from 'stream-json/parser.js';
import { limits } from '../../core/limits.ts';
import type { StubReason } from '../../core/tile.ts';
import { arrayMembers } from './wrapper-members.ts';

/** One item of a document too large to hold, as compact JSON. */
export interface StreamedItem {
  readonly bytes: Uint8Array;
  readonly item: number;
  readonly reason: StubReason;
}

interface Token {
  readonly name: string;
  readonly value?: string | boolean | null;
}

/**
 * Takes a document of any size apart: the elements of a top-level array, or of a list of events among its members.
 * Each element is put together again from the parser's tokens: number spellings and repeated keys stay, white space
 * and string escapes are written anew. Where the text is not JSON or not UTF-8, one last stub item says so.
 */
export class ItemStream {
  readonly #parse = jsonParser({ packValues: true, streamValues: false });
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #items: StreamedItem[] = [];
  #next = 0;
  #failed = false;
  #depth = 0;
  #key = '';
  /** Depth of the elements of the list; 0 while it was not found. */
  #listDepth = 0;
  #parts: string[] = [];
  #size = 0;
  #tooBig = false;
  /** Whether a comma is due, per depth. */
  readonly #comma: boolean[] = [];
  #afterKey = false;

  feed(chunk: Uint8Array): StreamedItem[] {
    if (!this.#failed) {
      let text: string | undefined;
      try {
        text = this.#decoder.decode(chunk, { stream: true });
      } catch {
        this.#fail('not-utf8');
      }
      if (text !== undefined) this.#consume(text);
    }
    return this.#drain();
  }

  end(): StreamedItem[] {
    if (!this.#failed && (this.#depth > 0 || this.#next === 0)) this.#fail('torn');
    return this.#drain();
  }

  #consume(text: string): void {
    try {
      const result: unknown = this.#parse(text);
      const tokens = (isMany(result) ? getManyValues(result) : []) as readonly Token[];
      for (const token of tokens) this.#token(token);
    } catch {
      this.#fail('not-json');
    }
  }

  #fail(reason: StubReason): void {
    this.#failed = true;
    this.#emit(new Uint8Array(0), reason);
  }

  #emit(bytes: Uint8Array, reason: StubReason): void {
    this.#items.push({ bytes, item: this.#next++, reason });
  }

  #drain(): StreamedItem[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }

  #token(token: Token): void {
    const inItem = this.#listDepth > 0 && this.#depth >= this.#listDepth;
    switch (token.name) {
      case 'startObject':
      case 'startArray':
        if (inItem) this.#value(token.name === 'startObject' ? '{' : '[');
        else if (token.name === 'startArray') this.#openList();
        this.#depth++;
        this.#comma[this.#depth] = false;
        break;
      case 'endObject':
      case 'endArray':
        this.#close(token.name === 'endObject' ? '}' : ']');
        break;
      case 'keyValue':
        this.#keyText(String(token.value));
        break;
      case 'stringValue':
        if (inItem) this.#leaf(JSON.stringify(token.value));
        break;
      default:
        if (inItem) this.#leaf(String(token.value));
    }
  }

  #openList(): void {
    if (this.#depth === 0 || (this.#depth === 1 && arrayMembers.includes(this.#key))) this.#listDepth = this.#depth + 1;
  }

  #keyText(key: string): void {
    this.#key = key;
    if (this.#listDepth === 0 || this.#depth <= this.#listDepth) return;
    this.#separate();
    this.#write(`${JSON.stringify(key)}:`);
    this.#afterKey = true;
  }

  #separate(): void {
    if (this.#afterKey) this.#afterKey = false;
    else if (this.#depth > this.#listDepth) {
      if (this.#comma[this.#depth]) this.#write(',');
      this.#comma[this.#depth] = true;
    }
  }

  #value(text: string): void {
    this.#separate();
    this.#write(text);
  }

  #leaf(text: string): void {
    this.#value(text);
    if (this.#depth === this.#listDepth) this.#finishItem();
  }

  #close(bracket: string): void {
    this.#depth--;
    if (this.#listDepth === 0) return;
    if (this.#depth < this.#listDepth) this.#listDepth = 0;
    else {
      this.#write(bracket);
      if (this.#depth === this.#listDepth) this.#finishItem();
    }
  }

  #write(text: string): void {
    this.#size += text.length;
    if (this.#size > limits.eventBytes) {
      this.#tooBig = true;
      this.#parts = [];
    } else this.#parts.push(text);
  }

  #finishItem(): void {
    if (this.#tooBig) this.#emit(new Uint8Array(0), 'too-big');
    else this.#emit(Buffer.from(this.#parts.join('')), this.#parts[0] === '[' ? 'not-an-object' : 'none');
    this.#parts = [];
    this.#size = 0;
    this.#tooBig = false;
  }
}
