import { limits } from '../../core/limits.ts';
import { isSpace, readNumber } from './scalars.ts';
import type { TextParts } from './text-parts.ts';
import { YamlCursor } from './yaml-cursor.ts';
import { endOfQuoted, YamlFlow, yamlQuoted } from './yaml-flow.ts';

const [lineFeed, hash, percent, dash] = [10, 35, 37, 45] as const;

/**
 * Reads YAML (1.2, the part that configuration files and manifests use: block and flow collections, all scalars,
 * several documents; comments, anchors and tags are passed over) and writes it as JSON with places. Says false where
 * the text is not of that kind, or only a scalar: it is then to be searched as text. Linear in the text.
 */
export function readYaml(bytes: Uint8Array, start: number, end: number, out: TextParts): boolean {
  return new YamlReader(bytes, start, end, out).read();
}

class YamlReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #out: TextParts;
  readonly #flow: YamlFlow;
  readonly #cursor: YamlCursor;
  #depth = 0;
  #collections = 0;

  constructor(bytes: Uint8Array, start: number, end: number, out: TextParts) {
    this.#bytes = bytes;
    this.#cursor = new YamlCursor(bytes, start, end);
    this.#end = end;
    this.#out = out;
    this.#flow = new YamlFlow(bytes, end, out);
  }

  read(): boolean {
    this.#out.literal('[');
    for (let [count, separated] = [0, true]; this.#nextContent(); ) {
      if (this.#isMarker()) {
        this.#marker();
        separated = true;
        continue;
      }
      if (!separated) return false;
      if (count++ > 0) this.#out.literal(',');
      if (!this.#node(-1)) return false;
      separated = false;
    }
    this.#out.literal(']');
    return this.#collections > 0;
  }

  /** A collection or scalar whose lines are indented deeper than `parent`; the current position is its first content. */
  #node(parent: number): boolean {
    if (++this.#depth > limits.textDepth) return false;
    const column = this.#column();
    let ok: boolean;
    if (column <= parent) ok = this.#nothing();
    else if (this.#cursor.isEntry(this.#cursor.at)) ok = this.#sequence(column);
    else if (this.#cursor.keyEnd(this.#cursor.at) >= 0) ok = this.#mapping(column);
    else ok = this.#inline(parent);
    this.#depth--;
    return ok;
  }

  #nothing(): boolean {
    this.#out.literal('null');
    return true;
  }

  #sequence(column: number): boolean {
    this.#collections++;
    this.#out.literal('[');
    for (let first = true; this.#isItemAt(column) && this.#cursor.isEntry(this.#cursor.at); first = false) {
      if (!first) this.#out.literal(',');
      this.#cursor.at++;
      this.#cursor.blanks();
      if (this.#cursor.atLineEnd()) {
        if (!this.#nested(column)) return false;
      } else if (!this.#node(column)) return false;
    }
    this.#out.literal(']');
    return this.#closed(column);
  }

  #mapping(column: number): boolean {
    this.#collections++;
    this.#out.literal('{');
    for (let first = true; this.#isItemAt(column); first = false) {
      const keyEnd = this.#cursor.keyEnd(this.#cursor.at);
      if (keyEnd < 0 || this.#cursor.isEntry(this.#cursor.at)) break;
      if (!first) this.#out.literal(',');
      this.#key(keyEnd);
      if (!this.#value(column)) return false;
    }
    this.#out.literal('}');
    return this.#closed(column);
  }

  #key(keyEnd: number): void {
    const first = this.#bytes[this.#cursor.at];
    if (first === 34 || first === 39)
      yamlQuoted(this.#bytes, this.#cursor.at, endOfQuoted(this.#bytes, this.#cursor.at, this.#end), this.#out);
    else this.#out.string(this.#bytes, this.#cursor.at, this.#cursor.trimmed(this.#cursor.at, keyEnd), 'plain');
    this.#out.literal(':');
    this.#cursor.at = keyEnd + 1;
  }

  /** What follows a key: on its line, or deeper on the next ones; a list may stand as deep as its key. */
  #value(column: number): boolean {
    this.#cursor.blanks();
    if (!this.#properties()) return false;
    if (!this.#cursor.atLineEnd()) return this.#inline(column);
    return this.#nested(column, true);
  }

  /** Past a mark between documents, behind which one may start; a directive is only searched. */
  #marker(): void {
    const { at } = this.#cursor;
    if (this.#bytes[at] !== percent) {
      this.#cursor.at = at + 3;
      return;
    }
    this.#cursor.at = this.#cursor.endOfLine(at);
    this.#out.note(at, this.#cursor.trimmed(at, this.#cursor.at));
  }

  #nested(column: number, listMayStandHere = false): boolean {
    if (!this.#nextContent() || this.#isMarker()) return this.#nothing();
    if (listMayStandHere && this.#column() === column && this.#cursor.isEntry(this.#cursor.at)) return this.#sequence(column);
    return this.#node(column);
  }

  /** A scalar or flow collection that starts on this line. */
  #inline(parent: number): boolean {
    if (!this.#properties()) return false;
    const first = this.#bytes[this.#cursor.at] as number;
    if (this.#cursor.atLineEnd()) return this.#nested(parent);
    if (first === 124 || first === 62) return this.#blockScalar(parent);
    const templated = first === 123 && this.#bytes[this.#cursor.at + 1] === 123;
    if (first === 34 || first === 39 || ((first === 123 || first === 91) && !templated)) {
      const after = this.#flow.value(this.#cursor.at);
      if (after < 0) return false;
      if (first === 123 || first === 91) this.#collections++;
      this.#cursor.at = after;
      this.#cursor.blanks();
      return this.#cursor.atLineEnd();
    }
    if (first === 37 || first === 64 || first === 96 || first === 63) return false;
    return this.#plain(parent);
  }

  #plain(parent: number): boolean {
    const start = this.#cursor.at;
    let stop = this.#cursor.plainEnd(start);
    this.#cursor.at = stop;
    // Deeper lines that follow go on with the scalar.
    while (this.#bytes[this.#cursor.at] !== hash && this.#isContinued(parent)) {
      stop = this.#cursor.plainEnd(this.#cursor.at);
      this.#cursor.at = stop;
    }
    if (readNumber(this.#bytes, start, stop) === stop) this.#out.verbatim(this.#bytes, start, stop);
    else this.#out.string(this.#bytes, start, stop, 'plain');
    return true;
  }

  /** Moves to the next line where it belongs to the plain scalar before it. */
  #isContinued(parent: number): boolean {
    const before = this.#cursor.at;
    let at = this.#cursor.endOfLine(before);
    let lineStart = at;
    while (at < this.#end && isSpace(this.#bytes[at] as number)) {
      at++;
      if (this.#bytes[at - 1] === lineFeed) lineStart = at;
    }
    const more = at < this.#end && at - lineStart > parent && this.#bytes[at] !== hash && this.#cursor.keyEnd(at) < 0;
    if (more && !(parent < 0 && this.#cursor.isMarkerAt(at)) && !(this.#cursor.isEntry(at) && at - lineStart <= parent + 1)) {
      this.#cursor.at = at;
      return true;
    }
    return false;
  }

  /** `|` and `>`: the lines that are deeper, without their indentation. */
  #blockScalar(parent: number): boolean {
    let at = this.#cursor.at + 1;
    let indent = -1;
    while (at < this.#end && !isSpace(this.#bytes[at] as number)) {
      const byte = this.#bytes[at] as number;
      if (byte >= 49 && byte <= 57) indent = Math.max(parent, 0) + byte - 48;
      else if (byte !== 43 && byte !== dash) return false;
      at++;
    }
    at = this.#cursor.endOfLine(at);
    let begun = false;
    let contentEnd = at;
    while (at < this.#end) {
      const stop = this.#cursor.endOfLine(at);
      const column = this.#cursor.indentOf(at, stop);
      if (column >= 0) {
        if (indent < 0) indent = column;
        if (column < indent || indent <= parent) break;
        const from = at + indent;
        if (begun) this.#lineBreaks(contentEnd, from);
        else this.#out.begin(from, 'enclosed');
        begun = true;
        contentEnd = this.#cursor.withoutBreak(from, stop);
        this.#out.copy(this.#bytes, from, contentEnd);
      }
      at = stop;
    }
    if (begun) this.#out.finish(contentEnd);
    else this.#out.literal('""');
    this.#cursor.at = contentEnd;
    return true;
  }

  /** The line feeds between two lines of a block; the text goes on at `next`. */
  #lineBreaks(from: number, next: number): void {
    let count = 0;
    for (let at = from; at < next; at++) if (this.#bytes[at] === lineFeed) count++;
    for (let i = 0; i < count; i++) this.#out.literal('\\n');
    this.#out.resume(next);
  }

  /** Anchors and tags before a value; an alias is a scalar of its own. */
  #properties(): boolean {
    while (this.#bytes[this.#cursor.at] === 38 || this.#bytes[this.#cursor.at] === 33) {
      const from = this.#cursor.at;
      while (this.#cursor.at < this.#end && !isSpace(this.#bytes[this.#cursor.at] as number)) this.#cursor.at++;
      this.#out.note(from, this.#cursor.at);
      this.#cursor.blanks();
    }
    return true;
  }

  /** The position is the start of an item of a collection at this column. */
  #isItemAt(column: number): boolean {
    return this.#nextContent() && !this.#isMarker() && this.#column() === column;
  }

  /** What comes after a collection stands less deep: else its indentation is wrong. */
  #closed(column: number): boolean {
    return !this.#nextContent() || this.#isMarker() || this.#column() <= column;
  }

  /** Moves to the next content from here on: past white space, line ends and comments. False at the end. */
  #nextContent(): boolean {
    while (this.#cursor.at < this.#end) {
      const byte = this.#bytes[this.#cursor.at] as number;
      if (this.#startsNote(byte)) {
        const stop = this.#cursor.trimmed(this.#cursor.at, this.#cursor.endOfLine(this.#cursor.at));
        this.#out.note(this.#cursor.at, stop);
        this.#cursor.at = stop;
      } else if (isSpace(byte)) this.#cursor.at++;
      else return true;
    }
    return false;
  }

  /** A comment, or a line that a template engine reads. */
  #startsNote(byte: number): boolean {
    const { at } = this.#cursor;
    if (byte === hash) return at === 0 || isSpace(this.#bytes[at - 1] as number);
    if (byte !== 123 || this.#bytes[at + 1] !== 123) return false;
    const stop = this.#cursor.trimmed(at, this.#cursor.endOfLine(at));
    const startsLine = this.#cursor.indentOf(at - this.#column(), stop) === this.#column();
    return startsLine && this.#bytes[stop - 1] === 125 && this.#bytes[stop - 2] === 125;
  }

  #isMarker(): boolean {
    return this.#cursor.isMarkerAt(this.#cursor.at);
  }

  #column(): number {
    return this.#cursor.columnOf(this.#cursor.at);
  }
}
