import { limits } from '../../core/limits.ts';
import { readHex } from './hex.ts';
import { readNumber } from './scalars.ts';
import type { TextParts } from './text-parts.ts';

const [lineFeed, blank, doubleQuote, hash, singleQuote, comma, colon, backslash] = [10, 32, 34, 35, 39, 44, 58, 92] as const;

/** Reads flow collections of YAML (`{a: 1, b: [x, 'y']}`) and writes them as JSON with places. */
export class YamlFlow {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #out: TextParts;
  #depth = 0;

  constructor(bytes: Uint8Array, end: number, out: TextParts) {
    this.#bytes = bytes;
    this.#end = end;
    this.#out = out;
  }

  /** Reads the collection or quoted scalar at `at`. Returns the index after it, -1 where it is not well-formed. */
  value(at: number): number {
    const first = this.#bytes[at] as number;
    if (first === 123 || first === 91) return this.#collection(at, first === 123);
    if (first !== doubleQuote && first !== singleQuote) return this.#plain(at);
    const end = endOfQuoted(this.#bytes, at, this.#end);
    if (end >= 0) yamlQuoted(this.#bytes, at, end, this.#out);
    return end;
  }

  #collection(start: number, isMap: boolean): number {
    if (++this.#depth > limits.textDepth) return -1;
    this.#out.literal(isMap ? '{' : '[');
    let at = this.#space(start + 1);
    for (let first = true; at < this.#end && this.#bytes[at] !== (isMap ? 125 : 93); first = false) {
      if (!first) this.#out.literal(',');
      at = isMap ? this.#member(at) : this.#item(at);
      if (at < 0) return -1;
      at = this.#space(at);
      if (this.#bytes[at] === comma) at = this.#space(at + 1);
      else if (this.#bytes[at] !== (isMap ? 125 : 93)) return -1;
    }
    if (at >= this.#end) return -1;
    this.#out.literal(isMap ? '}' : ']');
    this.#depth--;
    return at + 1;
  }

  /** An element of a list; `a: b` in it is an object of one member. */
  #item(start: number): number {
    const end = this.#keyEnd(start);
    if (end < 0) return this.value(start);
    this.#out.literal('{');
    const after = this.#member(start);
    this.#out.literal('}');
    return after;
  }

  #member(start: number): number {
    const first = this.#bytes[start] as number;
    const keyEnd = this.#keyEnd(start);
    if (keyEnd < 0) {
      // A key without a value.
      if (first === 123 || first === 91) return -1;
      const end = this.#scalarEnd(start);
      if (end <= start) return -1;
      this.#out.string(this.#bytes, start, end, 'flow');
      this.#out.literal(':null');
      return end;
    }
    if (first === doubleQuote || first === singleQuote)
      yamlQuoted(this.#bytes, start, endOfQuoted(this.#bytes, start, this.#end), this.#out);
    else this.#out.string(this.#bytes, start, trimmed(this.#bytes, start, keyEnd), 'flow');
    this.#out.literal(':');
    const at = this.#space(keyEnd + 1);
    if (at < this.#end && this.#bytes[at] !== comma && this.#bytes[at] !== 125 && this.#bytes[at] !== 93) return this.value(at);
    this.#out.literal('null');
    return at;
  }

  /** The colon after the key at `start`, -1 where there is none. */
  #keyEnd(start: number): number {
    const first = this.#bytes[start] as number;
    if (first === doubleQuote || first === singleQuote) {
      const end = endOfQuoted(this.#bytes, start, this.#end);
      if (end < 0) return -1;
      const at = this.#space(end);
      return at < this.#end && this.#bytes[at] === colon ? at : -1;
    }
    const end = this.#scalarEnd(start);
    return end > start && end < this.#end && this.#bytes[end] === colon ? end : -1;
  }

  #plain(start: number): number {
    const stop = this.#scalarEnd(start);
    const end = trimmed(this.#bytes, start, stop);
    if (end <= start) return -1;
    if (readNumber(this.#bytes, start, end) === end) this.#out.verbatim(this.#bytes, start, end);
    else this.#out.string(this.#bytes, start, end, 'flow');
    return stop;
  }

  /** End of a plain scalar: a comma, a bracket, a colon with a blank after it, or a line end. */
  #scalarEnd(start: number): number {
    let at = start;
    for (; at < this.#end; at++) {
      const byte = this.#bytes[at] as number;
      if (byte === comma || byte === 91 || byte === 93 || byte === 123 || byte === 125 || byte === lineFeed) break;
      if (byte === colon && endsKey(this.#bytes[at + 1])) break;
      if (byte === hash && this.#bytes[at - 1] === blank) break;
    }
    return at;
  }

  #space(from: number): number {
    let at = from;
    while (at < this.#end && (this.#bytes[at] as number) <= blank) at++;
    return at;
  }
}

function endsKey(next: number | undefined): boolean {
  return next === undefined || next <= blank || next === comma || next === 125 || next === 93;
}

function trimmed(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && (bytes[at - 1] as number) <= blank) at--;
  return at;
}

/** Index after the quoted scalar at `at`, -1 where it does not end. */
export function endOfQuoted(bytes: Uint8Array, start: number, end: number): number {
  const quote = bytes[start] as number;
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] === backslash && quote === doubleQuote) at++;
    else if (bytes[at] === quote) {
      if (quote === doubleQuote || bytes[at + 1] !== singleQuote) return at + 1;
      at++;
    }
  }
  return -1;
}

function hasBackslash(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === backslash) return true;
  return false;
}

/** Writes the scalar between the quotes at `start` and before `end`. */
export function yamlQuoted(bytes: Uint8Array, start: number, end: number, out: TextParts): void {
  const escaped = bytes[start] === doubleQuote && hasBackslash(bytes, start, end);
  out.begin(start + 1, escaped ? 'escaped' : 'enclosed');
  let at = start + 1;
  while (at < end - 1) {
    const byte = bytes[at] as number;
    if (bytes[start] === singleQuote) {
      out.character(byte, at + 1);
      at += byte === singleQuote ? 2 : 1;
      if (byte === singleQuote) out.resume(at);
    } else if (byte === backslash) at = writeEscape(bytes, at, end - 1, out);
    else {
      out.character(byte, at + 1);
      at++;
    }
  }
  out.finish(end - 1);
}

const letters = new Map([
  ...([...'abtnvfre'].map((letter, i) => [letter.charCodeAt(0), [7, 8, 9, 10, 11, 12, 13, 27][i] as number]) as [
    number,
    number,
  ][]),
  [48, 0],
  [95, 160],
  [78, 133],
]);

/** One escape of a double-quoted scalar (YAML 1.2.2 section 5.7). Returns the index after it. */
function writeEscape(bytes: Uint8Array, at: number, end: number, out: TextParts): number {
  const letter = bytes[at + 1] as number;
  const digits = letter === 120 ? 2 : letter === 117 ? 4 : letter === 85 ? 8 : 0;
  if (digits > 0 && at + 2 + digits <= end) {
    const code = readHex(bytes, at + 2, digits);
    const after = at + 2 + digits;
    const valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    out.decoded(Buffer.from(String.fromCodePoint(valid ? code : 0xfffd)), after);
    return after;
  }
  if (letter === lineFeed) {
    let after = at + 2;
    while (after < end && (bytes[after] as number) <= blank) after++;
    out.resume(after);
    return after;
  }
  const code = letters.get(letter);
  out.decoded(code === undefined ? Uint8Array.of(letter) : Buffer.from(String.fromCodePoint(code)), at + 2);
  return at + 2;
}
