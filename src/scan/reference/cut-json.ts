import { latin1Text } from '../../core/byte-text.ts';
import { limits } from '../../core/limits.ts';
import { readNumber, readWord } from './scalars.ts';
import { endOfString } from './string-end.ts';
import type { TextParts } from './text-parts.ts';
import { skipCharacter } from './utf8.ts';

const [blank, quote, comma, colon, backslash, openList, closeList, openMap, closeMap] = [
  32, 34, 44, 58, 92, 91, 93, 123, 125,
] as const;

/** What is known of an open container. */
interface Open {
  readonly isMap: boolean;
  hasKind: boolean;
  hasData: boolean;
  count: number;
}

/**
 * Reads JSON that is cut off, broken in one place, or several documents one after the other, as far as it goes, and
 * closes what is open. Nobody can say any more of which kind an object is whose `kind` was cut off: where it has
 * `data`, it is taken for a Secret. What comes after a fault counts as data of the object around, so that it is masked
 * whole where that is a Secret. False where there is no member at all. Linear.
 */
export function readCutJson(bytes: Uint8Array, start: number, end: number, out: TextParts): boolean {
  return new CutJsonReader(bytes, start, end, out).read();
}

class CutJsonReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #out: TextParts;
  readonly #open: Open[] = [];
  #at: number;
  #members = 0;

  constructor(bytes: Uint8Array, start: number, end: number, out: TextParts) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#out = out;
  }

  read(): boolean {
    this.#out.literal('[null');
    while (this.#space() && (this.#byte() === openMap || this.#byte() === openList)) {
      this.#out.literal(',');
      if (this.#value()) {
        while (this.#open.length > 0 && this.#step());
      }
      if (this.#open.length > 0) {
        this.#rest();
        break;
      }
    }
    this.#out.note(this.#at, this.#end);
    this.#out.literal(']');
    return this.#members > 0;
  }

  #byte(): number {
    return this.#bytes[this.#at] as number;
  }

  /** Skips white space; false at the end. */
  #space(): boolean {
    while (this.#at < this.#end && this.#byte() <= blank) this.#at++;
    return this.#at < this.#end;
  }

  /** Reads the next member or element, or closes a container; false where it goes no further. */
  #step(): boolean {
    const container = this.#open.at(-1) as Open;
    if (!this.#space()) return false;
    if (this.#byte() === (container.isMap ? closeMap : closeList)) {
      this.#at++;
      this.#close();
      return true;
    }
    if (container.count > 0) {
      if (this.#byte() !== comma) return false;
      this.#at++;
      if (!this.#space()) return false;
      // A comma too many hurts nobody.
      if (this.#byte() === (container.isMap ? closeMap : closeList)) return true;
    }
    if (!this.#canStart(container.isMap)) return false;
    if (container.count++ > 0) this.#out.literal(',');
    return container.isMap ? this.#member(container) : this.#value();
  }

  #canStart(isName: boolean): boolean {
    if (this.#byte() === quote) return true;
    return !isName && (this.#byte() === openMap || this.#byte() === openList || this.#scalarEnd() > this.#at);
  }

  #scalarEnd(): number {
    const end = readWord(this.#bytes, this.#at, this.#end);
    return end > 0 ? end : readNumber(this.#bytes, this.#at, this.#end);
  }

  #member(container: Open): boolean {
    this.#members++;
    const from = this.#at + 1;
    const whole = this.#string();
    const name = latin1Text(this.#bytes, from, Math.min(this.#at - 1, from + 16));
    if (name === 'kind') container.hasKind = true;
    else if (name === 'data' || name === 'stringData') container.hasData = true;
    this.#out.literal(':');
    if (whole && this.#space() && this.#byte() === colon) {
      this.#at++;
      if (this.#space() && this.#canStart(false)) return this.#value();
    }
    this.#out.literal('null');
    return false;
  }

  #value(): boolean {
    if (this.#byte() === quote) return this.#string();
    if (this.#byte() === openMap || this.#byte() === openList) {
      const isMap = this.#byte() === openMap;
      this.#out.literal(isMap ? '{' : '[');
      this.#open.push({ isMap, hasKind: false, hasData: false, count: 0 });
      this.#at++;
      return this.#open.length < limits.textDepth;
    }
    const end = this.#scalarEnd();
    const isNumber = this.#byte() < 97;
    if (isNumber) this.#out.verbatim(this.#bytes, this.#at, end);
    else this.#out.literal(latin1Text(this.#bytes, this.#at, end));
    this.#at = end;
    return true;
  }

  /** A whole string, or what there is of it: then false. */
  #string(): boolean {
    const from = this.#at + 1;
    const stop = endOfString(this.#bytes, from, this.#end);
    const to = stop < 0 ? this.#lastGood(from) : stop;
    let at = from;
    while (at < to && this.#bytes[at] !== backslash) at++;
    this.#out.begin(from, at < to ? 'escaped' : 'enclosed');
    this.#out.copyEscaped(this.#bytes, from, to);
    this.#out.finish(to);
    this.#at = stop < 0 ? to : to + 1;
    return stop >= 0;
  }

  /** Up to where the contents of a string that does not end are well-formed. */
  #lastGood(from: number): number {
    let at = from;
    while (at < this.#end) {
      const byte = this.#bytes[at] as number;
      if (byte < 32 || byte === quote) return at;
      if (byte < 128 && byte !== backslash) at++;
      else {
        // One escape or one character, judged by the reader of whole strings.
        const next = byte === backslash ? at + (this.#bytes[at + 1] === 117 ? 6 : 2) : skipCharacter(this.#bytes, at, this.#end);
        if (next < 0 || next > this.#end || (byte === backslash && endOfString(escapeOf(this.#bytes, at, next), 0, 7) < 0))
          return at;
        at = next;
      }
    }
    return at;
  }

  /** Closes all that is open; what is left of the text is data of the innermost object. */
  #rest(): void {
    while (this.#open.length > 0 && !(this.#open.at(-1) as Open).isMap) this.#close();
    const container = this.#open.at(-1);
    let from = this.#at;
    while (from < this.#end && this.#bytes[from] === quote) from++;
    if (container && from < this.#end) {
      if (container.count++ > 0) this.#out.literal(',');
      this.#out.literal('"data":');
      this.#out.string(this.#bytes, from, this.#end, 'enclosed');
      this.#at = this.#end;
    }
    while (this.#open.length > 0) {
      const { isMap, hasKind, hasData, count } = this.#open.at(-1) as Open;
      if (isMap && hasData && !hasKind) this.#out.literal(`${count > 0 ? ',' : ''}"kind":"Secret"`);
      this.#close();
    }
  }

  #close(): void {
    const { isMap } = this.#open.pop() as Open;
    this.#out.literal(isMap ? '}' : ']');
  }
}

/** One escape as the contents of a string of its own. */
function escapeOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const text = new Uint8Array(8);
  text.set(bytes.subarray(start, Math.min(end, start + 6)));
  text[end - start] = quote;
  return text;
}
