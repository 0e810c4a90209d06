import { limits } from '../../core/limits.ts';
import { Edits } from './edits.ts';
import type { EncodedText } from './encoded-text.ts';
import { hexValues, isHex, readHex } from './hex.ts';
import type { TextParts } from './text-parts.ts';

/** Buffers up to this size stay with a document for the next text. */
const keptRoomBytes = 128 * 1024;
/** Small: a query of half a megabyte has a hundred thousand names and values, and each is a text of its own. */
const leastRoomBytes = 192;

/** How a document's text stands in its parent. */
export type Spelling = 'root' | 'json' | 'percent' | 'parts' | 'encoded';

/**
 * One text that is scanned: the event itself, or what a string of another document holds after decoding. Knows where
 * each of its bytes stands in the parent, so that edits can be carried back.
 */
export class TextDocument {
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  spelling: Spelling = 'root';
  parent: TextDocument | undefined;
  /** Steps of decoding between the event and this text. */
  level = 0;
  /** Where its names and values stand in the parent, where this is structured text written as JSON. */
  parts: TextParts | undefined;
  #encoded: EncodedText | undefined;
  readonly edits = new Edits();
  /** After each escape: decoded position and position in the parent. Between two of them both advance together. */
  #decodedAt: number[] = [];
  #parentAt: number[] = [];
  #marks = 0;
  #parentStart = 0;

  /** Edits of inner texts that have been carried out already: where from, and rule and number in turn. */
  innerCounts: { readonly start: number; readonly end: number; readonly of: readonly number[] }[] = [];

  /** Changes whenever the document takes on another text. */
  generation = 0;

  reset(parent: TextDocument | undefined, spelling: Spelling, bytes: Uint8Array, start: number, end: number): void {
    this.parent = parent;
    this.level = parent === undefined ? 0 : parent.level + 1;
    this.parts = undefined;
    this.#encoded = undefined;
    this.spelling = spelling;
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.edits.clear();
    if (this.innerCounts.length > 0) this.innerCounts = [];
    if (this.#spared.size > 0) this.#spared.clear();
    this.generation++;
    this.#marks = 0;
    this.#parentStart = start;
  }

  /** Leaves one string as it is for one rule; `start` is where its contents start. Said before a mask of what is around it. */
  spare(start: number, rule: number): void {
    this.#spared.add(start * 65_536 + rule);
  }

  isSpared(start: number, rule: number): boolean {
    return this.#spared.size > 0 && this.#spared.has(start * 65_536 + rule);
  }
  readonly #spared = new Set<number>();

  /** Takes on structured text that has been written as JSON. */
  structure(parent: TextDocument, parts: TextParts): void {
    this.reset(parent, 'parts', parts.bytes, 0, parts.end);
    this.parts = parts;
  }

  /** Takes on the text that has been taken out of an encoding. */
  unpack(parent: TextDocument, encoded: EncodedText, text: Uint8Array): void {
    this.reset(parent, 'encoded', text, 0, text.length);
    this.#encoded = encoded;
  }

  /** Gives back memory that an unusually large text needed. */
  trim(): void {
    if (this.#room.length > keptRoomBytes) this.#room = new Uint8Array(0);
    if (this.#decodedAt.length > keptRoomBytes) [this.#decodedAt, this.#parentAt] = [[], []];
    this.edits.trim();
  }

  /** Decodes `parent.bytes[start … end)`, which a scanner has already found to be well-formed for the spelling. */
  decode(parent: TextDocument, spelling: 'json' | 'percent', start: number, end: number): void {
    const needed = end - start + limits.tilePaddingBytes;
    const room = this.#room.length >= needed ? this.#room : new Uint8Array(Math.max(needed, leastRoomBytes) * 2);
    this.#room = room;
    this.reset(parent, spelling, room, 0, 0);
    this.#parentStart = start;
    this.end = spelling === 'json' ? this.#decodeJson(parent.bytes, start, end) : this.#decodePercent(parent.bytes, start, end);
    room.fill(0, this.end, this.end + limits.tilePaddingBytes);
  }
  #room: Uint8Array = new Uint8Array(0);

  /** Where decoded position `at` (a character boundary) stands in the parent. */
  toParent(at: number): number {
    let low = 0;
    let high = this.#marks;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#decodedAt[middle] as number) <= at) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return this.#parentStart + at;
    return (this.#parentAt[low - 1] as number) + at - (this.#decodedAt[low - 1] as number);
  }

  /** Where this text begins in its parent. */
  get startInParent(): number {
    if (this.#encoded) return this.#encoded.lines[0] as number;
    return this.parts ? (this.parent?.start ?? 0) : this.toParent(this.start);
  }

  /** Adds what became of this text to the edits of its parent. */
  carry(parent: TextDocument): void {
    const { edits } = this;
    if (this.parts) {
      this.parts.carry(edits, parent.bytes, parent.edits);
      return;
    }
    if (this.#encoded) {
      parent.replaceEncoded(this.#encoded, this.#edited(), -1, 0);
      return;
    }
    for (let k = 0; k < edits.count; k++) {
      const [from, to] = [this.toParent(edits.starts[k] as number), this.toParent(edits.ends[k] as number)];
      parent.edits.add(from, to, this.spell(edits.texts[k] as Uint8Array), -1, edits.ranks[k] as number);
    }
  }

  /** Puts another text in place of an encoded one, encoded the same way, on the lines that are there. */
  replaceEncoded(encoded: EncodedText, text: Uint8Array, rule: number, rank: number): void {
    const digits = encoded.encode(text);
    const { lines } = encoded;
    let at = 0;
    for (let i = 0; i < lines.length; i += 2) {
      const [from, to] = [lines[i] as number, lines[i + 1] as number];
      const next = i + 2 < lines.length ? Math.min(digits.length, at + to - from) : digits.length;
      this.edits.add(from, to, digits.subarray(at, next), i === 0 ? rule : -1, rank);
      at = next;
    }
  }

  /** The text with its edits, which are settled. */
  #edited(): Uint8Array {
    const { edits } = this;
    const pieces: Uint8Array[] = [];
    let at = this.start;
    for (let k = 0; k < edits.count; k++) {
      pieces.push(this.bytes.subarray(at, edits.starts[k]), edits.texts[k] as Uint8Array);
      at = edits.ends[k] as number;
    }
    return Buffer.concat([...pieces, this.bytes.subarray(at, this.end)]);
  }

  /** A replacement as it must be written in the parent. */
  spell(text: Uint8Array): Uint8Array {
    if (this.spelling === 'percent') return Buffer.from(encodeURIComponent(Buffer.from(text).toString()));
    return text.includes(34) || text.includes(92) ? Buffer.from(JSON.stringify(Buffer.from(text).toString()).slice(1, -1)) : text;
  }

  #mark(decodedAt: number, parentAt: number): void {
    this.#decodedAt[this.#marks] = decodedAt;
    this.#parentAt[this.#marks] = parentAt;
    this.#marks++;
  }

  #decodeJson(from: Uint8Array, start: number, end: number): number {
    const to = this.bytes;
    let out = 0;
    let at = start;
    while (at < end) {
      const byte = from[at] as number;
      if (byte !== 92) {
        to[out++] = byte;
        at++;
        continue;
      }
      const letter = from[at + 1] as number;
      const plain = letter === 117 ? asciiOf(from, at) : (simpleEscapes[letter] as number);
      if (plain >= 0) {
        to[out++] = plain;
        at += letter === 117 ? 6 : 2;
      } else {
        const code = readHex(from, at + 2, 4);
        const pair =
          code >= 0xd800 && code < 0xdc00 && from[at + 6] === 92 && from[at + 7] === 117 ? readHex(from, at + 8, 4) : 0;
        const joined = pair >= 0xdc00 && pair < 0xe000;
        out = writeUtf8(to, out, joined ? 0x10000 + ((code - 0xd800) << 10) + (pair - 0xdc00) : code);
        at += joined ? 12 : 6;
      }
      this.#mark(out, at);
    }
    return out;
  }

  #decodePercent(from: Uint8Array, start: number, end: number): number {
    const to = this.bytes;
    let out = 0;
    let at = start;
    while (at < end) {
      const byte = from[at] as number;
      const encoded = byte === 37 && isHex(from[at + 1]) && isHex(from[at + 2]) && at + 3 <= end;
      if (encoded) {
        to[out++] = readHex(from, at + 1, 2);
        at += 3;
        this.#mark(out, at);
      } else {
        to[out++] = byte === 43 ? 32 : byte;
        at++;
      }
    }
    return out;
  }
}

const simpleEscapes = new Uint8Array(256);
for (const [letter, byte] of [
  ['"', 34],
  ['\\', 92],
  ['/', 47],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
] as const) {
  simpleEscapes[letter.charCodeAt(0)] = byte;
}

/** The character of an escape `\u00xx`, as Go's encoder writes `<`, `>` and `&`; -1 where it is not ASCII. */
function asciiOf(bytes: Uint8Array, at: number): number {
  if (bytes[at + 2] !== 48 || bytes[at + 3] !== 48) return -1;
  const code = ((hexValues[bytes[at + 4] as number] as number) << 4) | (hexValues[bytes[at + 5] as number] as number);
  return code < 0x80 ? code : -1;
}

/** Lone surrogates become U+FFFD in the decoded copy; the event's own bytes keep them. */
function writeUtf8(to: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    to[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    to[at] = 0xc0 | (code >> 6);
    to[at + 1] = 0x80 | (code & 63);
    return at + 2;
  }
  if (code < 0x10000) {
    const scalar = code >= 0xd800 && code < 0xe000 ? 0xfffd : code;
    to[at] = 0xe0 | (scalar >> 12);
    to[at + 1] = 0x80 | ((scalar >> 6) & 63);
    to[at + 2] = 0x80 | (scalar & 63);
    return at + 3;
  }
  to[at] = 0xf0 | (code >> 18);
  to[at + 1] = 0x80 | ((code >> 12) & 63);
  to[at + 2] = 0x80 | ((code >> 6) & 63);
  to[at + 3] = 0x80 | (code & 63);
  return at + 4;
}
