import type { Edits } from './edits.ts';

/** How a part is written where it stands: it decides how a mask must be written there. */
export type PartStyle =
  /** Between quotes, in a block or a line of its own: any mask fits. */
  | 'enclosed'
  /** Between quotes, with escapes: what patterns see in the text is not what it says, so it is only searched decoded. */
  | 'escaped'
  /** A plain YAML scalar: a mask at its start would be a list. */
  | 'plain'
  /** A plain scalar inside a flow collection: no bracket fits. */
  | 'flow'
  /** A comment or a rest that could not be read: searched, and not part of the structure. */
  | 'note';

const quote = 34;
const backslash = 92;
const openBracket = 91;
const single = Buffer.from("'");
const double = Buffer.from('"');

/**
 * Structured text written as JSON, so that the walker reads it with the same rules as any document, with the place of
 * every name and scalar in the text it was read from. Readers (yaml-text.ts …) fill it from left to right.
 */
export class TextParts {
  bytes: Uint8Array;
  end = 0;
  /** Parts in the order they stand in the text: their spans there, and how they are written. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #styles: PartStyle[] = [];
  /** Between two marks, positions here and in the text advance together. */
  readonly #hereAt: number[] = [];
  readonly #textAt: number[] = [];

  constructor(sizeHint: number) {
    this.bytes = new Uint8Array(sizeHint + (sizeHint >> 1) + 256);
  }

  /** Writes structure: brackets, commas, names of our own. */
  literal(text: string): void {
    this.#room(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.end++] = text.charCodeAt(i);
  }

  /** A string that is `source[start … end)` as it stands. */
  string(source: Uint8Array, start: number, end: number, style: PartStyle): void {
    this.begin(start, style);
    this.copy(source, start, end);
    this.finish(end);
  }

  /** A value that is written the same in JSON: a number. */
  verbatim(source: Uint8Array, start: number, end: number): void {
    this.#part(start, 'enclosed');
    this.#mark(start);
    for (let at = start; at < end; at++) this.#put(source[at] as number);
    this.#ends[this.#ends.length - 1] = end;
  }

  /** A comment or an unread rest: only searched. */
  note(start: number, end: number): void {
    if (end <= start) return;
    this.#part(start, 'note');
    this.#ends[this.#ends.length - 1] = end;
  }

  /** Starts a string whose text begins at `textAt`. */
  begin(textAt: number, style: PartStyle): void {
    this.#part(textAt, style);
    this.#put(quote);
    this.#mark(textAt);
  }

  /** Adds text as it stands. */
  copy(source: Uint8Array, start: number, end: number): void {
    this.#room(end - start);
    const { bytes } = this;
    let out = this.end;
    let at = start;
    for (; at < end; at++) {
      const byte = source[at] as number;
      if (byte < 32 || byte === quote || byte === backslash) break;
      bytes[out++] = byte;
    }
    this.end = out;
    for (; at < end; at++) this.character(source[at] as number, at + 1);
  }

  /** Adds what is JSON string contents already, escapes included. */
  copyEscaped(source: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end; at++) this.#put(source[at] as number);
  }

  /** Adds one byte of decoded text; the text goes on at `textAt`. */
  character(byte: number, textAt: number): void {
    if (this.#escaped(byte)) this.#mark(textAt);
  }

  /** Adds decoded text that stands for something written otherwise; the text goes on at `textAt`. */
  decoded(text: Uint8Array, textAt: number): void {
    for (const byte of text) this.#escaped(byte);
    this.#mark(textAt);
  }

  /** Says where the text goes on after something that is written otherwise here. */
  resume(textAt: number): void {
    this.#mark(textAt);
  }

  /** Ends the string that `begin` started; its text ends at `textAt`. */
  finish(textAt: number): void {
    this.#put(quote);
    this.#ends[this.#ends.length - 1] = textAt;
  }

  toText(at: number): number {
    return translate(this.#hereAt, this.#textAt, at);
  }

  /**
   * Takes over edits that were found in the text itself (`text.count` from `first` on): what lies in a part becomes
   * an edit here, what lies in a note stays, and what is structure is left alone, so that the text still reads.
   */
  takeOver(text: Edits, first: number, here: Edits): void {
    const found = text.cut(first);
    for (const edit of found) {
      for (let i = this.#firstAfter(edit.start); i < this.#starts.length && (this.#starts[i] as number) < edit.end; i++) {
        const from = Math.max(edit.start, this.#starts[i] as number);
        const to = Math.min(edit.end, this.#ends[i] as number);
        if (to <= from || this.#styles[i] === 'escaped') continue;
        // What runs over from a value into a comment is no part of it.
        if (this.#styles[i] === 'note') {
          if (from === edit.start || i === this.#firstAfter(edit.start)) text.add(from, to, edit.text, edit.rule, 1);
        } else here.add(this.#toHere(from), this.#toHere(to), edit.text, edit.rule, 1);
      }
    }
  }

  /** Adds settled edits to those of the text, written so that each part still reads as one scalar. */
  carry(edits: Edits, source: Uint8Array, text: Edits): void {
    for (let k = 0; k < edits.count; ) {
      const start = this.toText(edits.starts[k] as number);
      const part = this.#firstAfter(start);
      const end = this.#ends[part] ?? start;
      const first = k;
      while (k < edits.count && this.toText(edits.starts[k] as number) < Math.max(end, start + 1)) k++;
      this.#carryPart(part, edits, first, k, source, text);
    }
  }

  #carryPart(part: number, edits: Edits, first: number, last: number, source: Uint8Array, text: Edits): void {
    const [start, end] = [this.#starts[part] as number, this.#ends[part] as number];
    const quotes = this.#quotesOf(part, edits, first, last, source);
    for (let k = first; k < last; k++) {
      const from = Math.max(start, this.toText(edits.starts[k] as number));
      const to = Math.min(end, this.toText(edits.ends[k] as number));
      let mask = edits.texts[k] as Uint8Array;
      if (quotes && from === start) mask = Buffer.concat([quotes, mask]);
      else if (quotes && k === first) text.add(start, start, quotes, -1, 0);
      if (quotes && to === end) mask = Buffer.concat([mask, quotes]);
      text.add(from, to, mask, -1, edits.ranks[k] as number);
      if (quotes && k === last - 1 && to !== end) text.add(end, end, quotes, -1, 0);
    }
  }

  /** The quotes that a plain scalar needs once there is a mask in it. */
  #quotesOf(part: number, edits: Edits, first: number, last: number, source: Uint8Array): Uint8Array | undefined {
    const style = this.#styles[part];
    if (style !== 'plain' && style !== 'flow') return undefined;
    let needed = false;
    for (let k = first; k < last; k++) {
      const mask = edits.texts[k] as Uint8Array;
      if (!mask.includes(openBracket)) continue;
      needed ||= style === 'flow' || this.toText(edits.starts[k] as number) === this.#starts[part];
    }
    if (!needed) return undefined;
    const whole = source.subarray(this.#starts[part], this.#ends[part]);
    if (!whole.includes(39)) return single;
    return whole.includes(quote) || whole.includes(backslash) ? undefined : double;
  }

  /** The first part that ends after `at`. */
  #firstAfter(at: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] as number) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #toHere(textAt: number): number {
    return translate(this.#textAt, this.#hereAt, textAt);
  }

  /** Puts a byte as JSON writes it; true where that is an escape. */
  #escaped(byte: number): boolean {
    if (byte === quote || byte === backslash) this.#put(backslash);
    else if (byte < 32) {
      this.literal(`\\u00${byte < 16 ? '0' : ''}${byte.toString(16)}`);
      return true;
    }
    this.#put(byte);
    return byte === quote || byte === backslash;
  }

  #part(start: number, style: PartStyle): void {
    this.#starts.push(start);
    this.#ends.push(start);
    this.#styles.push(style);
  }

  #mark(textAt: number): void {
    this.#hereAt.push(this.end);
    this.#textAt.push(textAt);
  }

  #put(byte: number): void {
    if (this.end === this.bytes.length) this.#room(1);
    this.bytes[this.end++] = byte;
  }

  #room(more: number): void {
    if (this.end + more <= this.bytes.length) return;
    const grown = new Uint8Array((this.end + more) * 2);
    grown.set(this.bytes);
    this.bytes = grown;
  }
}

/** Position `at` of one side on the other; never past the next mark, where the two sides advance differently. */
function translate(from: readonly number[], to: readonly number[], at: number): number {
  let low = 0;
  let high = from.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((from[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return to[0] ?? 0;
  const there = (to[low - 1] as number) + at - (from[low - 1] as number);
  return low < to.length ? Math.min(there, to[low] as number) : there;
}
