import { limits } from '../../core/limits.ts';
import type { TextParts } from './text-parts.ts';

const [lineFeed, blank, slash, less, equals, greater] = [10, 32, 47, 60, 61, 62] as const;

/**
 * Reads XML elements (XML 1.0: attributes, text, CDATA; comments and declarations are passed over) and writes them as
 * JSON with places: `<a b="c">d</a>` as `{"a":[{"b":"c"},"d"]}`. False where tags do not match or there is none.
 * Entities stay as they are written. Linear.
 */
export function readXml(bytes: Uint8Array, start: number, end: number, out: TextParts): boolean {
  return new XmlReader(bytes, start, end, out).read();
}

class XmlReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #out: TextParts;
  #at: number;
  /** Start and end of the names of open elements. */
  readonly #open: number[] = [];
  #elements = 0;

  constructor(bytes: Uint8Array, start: number, end: number, out: TextParts) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#out = out;
  }

  read(): boolean {
    this.#out.literal('[null');
    while (this.#at < this.#end) if (!(this.#bytes[this.#at] === less ? this.#tag() : this.#text())) return false;
    this.#out.literal(']');
    return this.#elements > 0 && this.#open.length === 0;
  }

  #text(): boolean {
    const stop = this.#indexOf(less, this.#at);
    this.#string(this.#at, stop);
    this.#at = stop;
    return true;
  }

  /** Text without the white space around it. */
  #string(start: number, end: number): void {
    let [from, to] = [start, end];
    while (from < to && (this.#bytes[from] as number) <= blank) from++;
    while (to > from && (this.#bytes[to - 1] as number) <= blank) to--;
    if (from === to) return;
    this.#out.literal(',');
    this.#out.string(this.#bytes, from, to, 'enclosed');
  }

  #tag(): boolean {
    const next = this.#bytes[this.#at + 1];
    if (next === 33) return this.#declaration();
    if (next === 63) return this.#passOver('?>');
    if (next === slash) return this.#close();
    const from = this.#at + 1;
    const nameEnd = this.#nameEnd(from);
    if (nameEnd === from || this.#open.length > limits.textDepth * 2) return false;
    this.#elements++;
    this.#out.literal(',{');
    this.#out.string(this.#bytes, from, nameEnd, 'enclosed');
    this.#out.literal(':[null');
    this.#at = nameEnd;
    if (!this.#attributes()) return false;
    if (this.#bytes[this.#at] === slash) {
      this.#at += 2;
      this.#out.literal(']}');
      return this.#bytes[this.#at - 1] === greater;
    }
    this.#at++;
    this.#open.push(from, nameEnd);
    return true;
  }

  /** Attributes as one object. The position is then at `>` or `/`. */
  #attributes(): boolean {
    let count = 0;
    for (;;) {
      while (this.#at < this.#end && (this.#bytes[this.#at] as number) <= blank) this.#at++;
      const byte = this.#bytes[this.#at];
      if (this.#at >= this.#end) return false;
      if (byte === greater || byte === slash) break;
      const from = this.#at;
      const nameEnd = this.#nameEnd(from);
      const quote = this.#bytes[nameEnd + 1] as number;
      if (nameEnd === from || this.#bytes[nameEnd] !== equals || (quote !== 34 && quote !== 39)) return false;
      const stop = this.#indexOf(quote, nameEnd + 2);
      if (stop === this.#end) return false;
      this.#out.literal(count++ === 0 ? ',{' : ',');
      this.#out.string(this.#bytes, from, nameEnd, 'enclosed');
      this.#out.literal(':');
      this.#out.string(this.#bytes, nameEnd + 2, stop, 'enclosed');
      this.#at = stop + 1;
    }
    if (count > 0) this.#out.literal('}');
    return true;
  }

  #close(): boolean {
    const nameEnd = this.#open.pop();
    const from = this.#open.pop();
    if (from === undefined || nameEnd === undefined) return false;
    for (let i = from; i < nameEnd; i++) if (this.#bytes[i] !== this.#bytes[this.#at + 2 + i - from]) return false;
    this.#at = this.#indexOf(greater, this.#at) + 1;
    this.#out.literal(']}');
    return this.#at <= this.#end;
  }

  /** A comment, character data, or a declaration. */
  #declaration(): boolean {
    if (this.#startsWith('<!--')) return this.#passOver('-->');
    if (!this.#startsWith('<![CDATA[')) return this.#passOver('>');
    const from = this.#at + 9;
    if (!this.#passOver(']]>')) return false;
    this.#string(from, this.#at - 3);
    return true;
  }

  #passOver(terminator: string): boolean {
    const from = this.#at;
    const at = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, this.#end).indexOf(terminator, from, 'latin1');
    if (at < 0) return false;
    this.#at = at + terminator.length;
    if (terminator !== ']]>') this.#out.note(from, this.#at);
    return true;
  }

  #startsWith(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.#bytes[this.#at + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  #nameEnd(from: number): number {
    let at = from;
    while (at < this.#end && isNameByte(this.#bytes[at] as number)) at++;
    return at;
  }

  #indexOf(byte: number, from: number): number {
    const at = this.#bytes.indexOf(byte, from);
    return at < 0 || at > this.#end ? this.#end : at;
  }
}

function isNameByte(byte: number): boolean {
  const letter = byte | 32;
  return (
    (letter >= 97 && letter <= 122) || (byte >= 48 && byte <= 58) || byte === 45 || byte === 46 || byte === 95 || byte >= 128
  );
}

/** A text that may be XML: it starts and ends as an element does. */
export function looksLikeXml(bytes: Uint8Array, start: number, end: number): boolean {
  let [first, last] = [start, end - 1];
  while (first < end && (bytes[first] as number) <= blank) first++;
  while (last > first && ((bytes[last] as number) <= blank || bytes[last] === lineFeed)) last--;
  return bytes[first] === less && bytes[last] === greater;
}
