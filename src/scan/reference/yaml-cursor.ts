import { isSpace } from './scalars.ts';
import { endOfQuoted } from './yaml-flow.ts';

const [tab, lineFeed, carriageReturn, blank, hash, dash, colon] = [9, 10, 13, 32, 35, 45, 58] as const;

/** Bytes that a key cannot start with. */
const notKeyStarts = new Set([hash, 91, 93, 123, 125, 44, 38, 33, 124, 62, 64, 96, 37, 63]);

/** A position in YAML text and what stands around it. Nothing here moves it but `blanks`. */
export class YamlCursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** Column of the first byte of a line that is no blank; -1 for an empty line. */
  indentOf(from: number, stop: number): number {
    let at = from;
    while (at < stop && this.bytes[at] === blank) at++;
    return at === stop || this.bytes[at] === lineFeed || this.bytes[at] === carriageReturn ? -1 : at - from;
  }

  withoutBreak(from: number, stop: number): number {
    let at = stop;
    while (at > from && (this.bytes[at - 1] === lineFeed || this.bytes[at - 1] === carriageReturn)) at--;
    return at;
  }

  /** Position of the colon where a key starts at `at`, else -1. */
  keyEnd(at: number): number {
    const first = this.bytes[at] as number;
    let last = at;
    if (first === 34 || first === 39) {
      last = endOfQuoted(this.bytes, at, this.end);
      if (last < 0) return -1;
      while (this.bytes[last] === blank) last++;
      return last < this.end && this.bytes[last] === colon && this.separates(last + 1) ? last : -1;
    }
    if (notKeyStarts.has(first)) return -1;
    for (; last < this.end && this.bytes[last] !== lineFeed; last++) {
      const byte = this.bytes[last] as number;
      if (byte === 61 || byte === 92 || (byte === hash && this.bytes[last - 1] === blank)) return -1;
      if (byte === colon && this.separates(last + 1)) return last > at ? last : -1;
    }
    return -1;
  }

  separates(at: number): boolean {
    return at >= this.end || isSpace(this.bytes[at] as number);
  }

  isEntry(at: number): boolean {
    return this.bytes[at] === dash && this.separates(at + 1);
  }

  /** Where a plain scalar ends on its line: before a comment, without blanks. */
  plainEnd(from: number): number {
    let at = from;
    while (at < this.end && this.bytes[at] !== lineFeed) {
      if (this.bytes[at] === hash && isSpace(this.bytes[at - 1] as number) && at > from) break;
      at++;
    }
    return this.trimmed(from, at);
  }

  trimmed(from: number, to: number): number {
    let at = to;
    while (at > from && isSpace(this.bytes[at - 1] as number)) at--;
    return at;
  }

  /** `---` and `...` between documents, and `%` directives. */
  isMarkerAt(at: number): boolean {
    const byte = this.bytes[at] as number;
    if (this.columnOf(at) !== 0) return false;
    if (byte === 37) return true;
    return (byte === dash || byte === 46) && this.bytes[at + 1] === byte && this.bytes[at + 2] === byte && this.separates(at + 3);
  }

  columnOf(position: number): number {
    let at = position;
    while (at > 0 && this.bytes[at - 1] !== lineFeed) at--;
    return position - at;
  }

  blanks(): void {
    while (this.bytes[this.at] === blank || this.bytes[this.at] === tab) this.at++;
  }

  atLineEnd(): boolean {
    const byte = this.bytes[this.at] as number;
    return this.at >= this.end || byte === lineFeed || byte === carriageReturn || byte === hash;
  }

  endOfLine(from: number): number {
    const at = this.bytes.indexOf(lineFeed, from);
    return at < 0 || at >= this.end ? this.end : at + 1;
  }
}
