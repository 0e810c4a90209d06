import { limits } from '../../core/limits.ts';
import type { Tile } from '../../core/tile.ts';
import { DocumentFramer } from './document-framer.ts';
import type { Framer, Framing } from './framer.ts';
import { pushChunk } from './framer.ts';
import { InputLook } from './input-look.ts';
import { bytesOf, skipSpace, skipValue } from './json-walk.ts';
import { LineFramer, skipMark } from './line-framer.ts';

const firstBufferBytes = 256 * 1024;
const { newline, openBrace } = bytesOf;

/** Looks at the first lines and frames the input as JSON lines or as documents that span lines. */
export class InputFramer implements Framer {
  readonly #framing: Framing;
  #buffer: Buffer = Buffer.allocUnsafeSlow(firstBufferBytes);
  readonly #look = new InputLook();
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
      this.#filled > limits.eventBytes ? longLineKind(this.#buffer, this.#filled) : this.#look.kind(this.#buffer, this.#filled);
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
  return /^\[|^\{\s*"kind"\s*:\s*"(?:\w*)List"|^\{[^{}]*"(?:items|[rR]ecords|logEvents|events|entries)"\s*:\s*\[/.test(head)
    ? 'document'
    : 'lines';
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
