import { bytesOf } from './json-walk.ts';

const { quote, backslash, open, close, openBrace, closeBrace, comma, space, newline, carriageReturn, tab } = bytesOf;

/**
 * Finds the end of one JSON value in bytes that arrive in parts. It looks at brackets and quotes only; whether it is
 * valid is for the scanner to say.
 */
export class ValueScan {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #scalar = false;

  /** Begins with a value whose first byte is given; `depth` brackets are open already. */
  begin(first: number, depth = 0): void {
    this.#depth = depth;
    this.#inString = false;
    this.#escaped = false;
    this.#scalar = depth === 0 && first !== quote && first !== openBrace && first !== open;
  }

  /** Goes on at `at`. Index after the value, or -1 where it goes on beyond `end`. */
  next(bytes: Uint8Array, at: number, end: number): number {
    if (this.#scalar) return endOfScalar(bytes, at, end);
    let depth = this.#depth;
    let i = at;
    if (this.#inString) {
      i = this.#stringEnd(bytes, i, end);
      if (this.#inString) return -1;
      if (depth === 0) return i;
    }
    while (i < end) {
      const b = bytes[i++];
      if (b === quote) {
        this.#inString = true;
        i = this.#stringEnd(bytes, i, end);
        if (this.#inString) break;
        if (depth === 0) return i;
      } else if (b === openBrace || b === open) depth++;
      else if ((b === closeBrace || b === close) && --depth <= 0) return i;
    }
    this.#depth = depth;
    return -1;
  }

  #stringEnd(bytes: Uint8Array, at: number, end: number): number {
    let i = at;
    if (this.#escaped && i < end) {
      this.#escaped = false;
      i++;
    }
    for (; i < end; i++) {
      const b = bytes[i];
      if (b === quote) {
        this.#inString = false;
        return i + 1;
      }
      if (b === backslash && ++i >= end) this.#escaped = true;
    }
    return end;
  }
}

function endOfScalar(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    const b = bytes[i];
    if (b === comma || b === close || b === closeBrace || b === space || b === newline || b === carriageReturn || b === tab)
      return i;
  }
  return -1;
}
