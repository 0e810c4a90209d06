import { limits } from '../../core/limits.ts';
import type { Tile } from '../../core/tile.ts';
import { DocumentFramer } from './document-framer.ts';
import type { Framer, Framing } from './framer.ts';
import { pushChunk } from './framer.ts';
import { bytesOf, skipSpace, skipValue } from './json-walk.ts';
import { LineFramer, skipMark } from './line-framer.ts';

const firstBufferBytes = 256 * 1024;
const { newline, quote, comma, colon, open, openBrace, closeBrace, close } = bytesOf;

export type InputKind = 'lines' | 'document' | 'undecided';

/** Looks at the first lines and frames the input as JSON lines or as documents that span lines. */
export class InputFramer implements Framer {
  readonly #framing: Framing;
  #buffer: Buffer = Buffer.allocUnsafeSlow(firstBufferBytes);
  #filled = 0;
  #framer: Framer | undefined;

  constructor(framing: Framing) {
    this.#framing = framing;
  }

  get full(): boolean {
    return this.#framer?.full ?? false;
  }

  get taken(): number {
    return this.#framer?.taken ?? this.#framing.startOffset ?? 0;
  }

  space(): Uint8Array {
    if (this.#framer) return this.#framer.space();
    if (this.#buffer.length - this.#filled < firstBufferBytes / 4) {
      const larger = Buffer.allocUnsafeSlow(2 * this.#buffer.length);
      this.#buffer.copy(larger, 0, 0, this.#filled);
      this.#buffer = larger;
    }
    return this.#buffer.subarray(this.#filled);
  }

  filled(bytes: number): void {
    if (this.#framer) {
      this.#framer.filled(bytes);
      return;
    }
    this.#filled += bytes;
    const kind =
      this.#filled > limits.eventBytes ? longLineKind(this.#buffer, this.#filled) : inputKind(this.#buffer, this.#filled);
    if (kind !== 'undecided') this.#decide(kind);
  }

  take(): readonly Tile[] {
    return this.#framer?.take() ?? [];
  }

  finish(): readonly Tile[] {
    const framer = this.#framer ?? this.#decide('lines');
    if (framer instanceof DocumentFramer && looksLikeLines(framer.unfinished)) {
      const tiles = framer.take();
      const lines = new LineFramer({ ...this.#framing, startOffset: framer.taken });
      pushChunk(lines, framer.unfinished);
      return [...tiles, ...lines.finish()];
    }
    return framer.finish();
  }

  recycle(tile: Tile): void {
    this.#framer?.recycle(tile);
  }

  #decide(kind: 'lines' | 'document'): Framer {
    const framer = kind === 'lines' ? new LineFramer(this.#framing) : new DocumentFramer(this.#framing);
    this.#framer = framer;
    pushChunk(framer, this.#buffer.subarray(0, this.#filled));
    this.#buffer = Buffer.alloc(0);
    return framer;
  }
}

/** A first line over the limit: worth streaming if it looks like a list. */
function longLineKind(bytes: Buffer, end: number): 'lines' | 'document' {
  const at = skipSpace(bytes, skipMark(bytes, 0, end), end);
  const head = bytes.subarray(at, Math.min(end, at + 4096)).toString('latin1');
  return /^\[|^\{\s*"kind"\s*:\s*"(?:\w*)List"|^\{[^{}]*"(?:items|records)"\s*:\s*\[/.test(head) ? 'document' : 'lines';
}

/** What the beginning of an input says. A document's first line ends inside brackets after `{`, `[`, `,` or `:`, and goes on with what JSON allows there. */
export function inputKind(bytes: Buffer, end: number): InputKind {
  const at = skipSpace(bytes, skipMark(bytes, 0, end), end);
  if (at >= end) return 'undecided';
  if (bytes[at] !== openBrace && bytes[at] !== open) return 'lines';
  const lineEnd = bytes.subarray(0, end).indexOf(newline, at);
  if (lineEnd < 0) return 'undecided';
  let last = lineEnd - 1;
  while (last > at && (bytes[last] === bytesOf.space || bytes[last] === bytesOf.carriageReturn || bytes[last] === bytesOf.tab))
    last--;
  const ending = bytes[last];
  if (ending !== openBrace && ending !== open && ending !== comma && ending !== colon) return 'lines';
  const container = openContainer(bytes, at, lineEnd);
  if (container === undefined) return 'lines';
  const next = skipSpace(bytes, lineEnd, end);
  if (next >= end) return 'undecided';
  return goesOn(ending, container, bytes[next] ?? 0) ? 'document' : 'lines';
}

/** The innermost bracket still open at `end`; undefined where none is, or the text ends in a string. */
function openContainer(bytes: Buffer, at: number, end: number): number | undefined {
  const stack: number[] = [];
  for (let i = at; i < end; i++) {
    const b = bytes[i];
    if (b === quote) {
      i = skipValue(bytes, i, end) - 1;
      if (i < 0) return undefined;
    } else if (b === openBrace || b === open) stack.push(b);
    else if (b === closeBrace || b === close) stack.pop();
    if (stack.length > limits.jsonDepth) return undefined;
  }
  return stack.at(-1);
}

function goesOn(ending: number, container: number, next: number): boolean {
  if (container === openBrace && ending !== colon) return next === quote || (ending === openBrace && next === closeBrace);
  return '{["-0123456789tfn'.includes(String.fromCharCode(next)) || (ending === open && next === close);
}

/** A document that never ended, whose second line is a whole object: more likely a log that began with a torn line. */
function looksLikeLines(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const first = text.indexOf(newline, skipSpace(text, 0, text.length));
  if (first < 0) return false;
  const start = skipSpace(text, first, text.length);
  const second = text.indexOf(newline, start);
  const end = second < 0 ? text.length : second;
  if (text[start] !== openBrace) return false;
  const after = skipValue(text, start, end);
  return after >= 0 && skipSpace(text, after, end) === end;
}
