import { latin1Text } from '../../core/byte-text.ts';
import type { PlanAction } from '../plan.ts';
import type { Arguments, Word } from './arguments.ts';
import type { Documents } from './documents.ts';
import { isHex } from './hex.ts';
import type { KeyTable } from './key-table.ts';
import type { LeafMasker } from './leaf-masker.ts';
import type { TextDocument } from './text-document.ts';

export type UriRule = Extract<PlanAction, { readonly type: 'uri' }>;

/** What a URI reader needs from the scanner around it. */
export interface UriParts {
  readonly keys: KeyTable;
  readonly leaves: LeafMasker;
  readonly args: Arguments;
  readonly documents: Documents;
  /** Reads decoded text: as a document, as encoded text, by patterns. */
  readonly text: (text: TextDocument) => void;
}

/** URIs inside parameters of URIs, and percent-encoding of percent-encoding, are followed this far. */
const levels = 4;
const [percent, question, ampersand, equals, hash, semicolon] = [37, 63, 38, 61, 35, 59] as const;

/**
 * Query parameters of a request URI: values whose name is of a class are masked whole; the repeated parameter that is
 * a command line is read as one; a value that is a URI or a query itself is read in the same way, also where it is
 * percent-encoded again; every other value is read as text after decoding, and so are the path and the names.
 */
export class UriReader {
  readonly #parts: UriParts;

  constructor(parts: UriParts) {
    this.#parts = parts;
  }

  /** `document.bytes[start … end)` is the URI, already decoded from JSON. */
  read(document: TextDocument, start: number, end: number, uri: UriRule): void {
    this.#uri(document, start, end, uri, 0);
  }

  #uri(document: TextDocument, start: number, end: number, uri: UriRule, level: number): void {
    const query = indexOf(document.bytes, question, start, end);
    // The path of a proxied request may hold a whole URI in one of its segments.
    this.#decoded(document, start, query, uri, level);
    this.#query(document, query + 1, end, uri, level);
  }

  #query(document: TextDocument, start: number, end: number, uri: UriRule, level: number): void {
    const words: Word[] = [];
    for (let at = start; at < end; ) {
      const next = endOfParameter(document.bytes, at, end);
      const word = this.#parameter(document, at, next, uri, level);
      if (word) words.push(word);
      at = next + 1;
    }
    if (words.length > 0) this.#parts.args.words(words, uri.command ?? 0);
  }

  /** Returns a word of a command line where the parameter is one. */
  #parameter(document: TextDocument, start: number, end: number, uri: UriRule, level: number): Word | undefined {
    const { documents, keys, leaves, text } = this.#parts;
    const sign = indexOf(document.bytes, equals, start, end);
    if (sign >= end) {
      this.#decoded(document, start, end, uri, level);
      return undefined;
    }
    const name = this.#decode(document, start, sign);
    const isWord = uri.parameter !== undefined && isText(name, uri.parameter);
    const isSecret = !isWord && (keys.classify(name.bytes, 0, name.end) & (1 << uri.nameClass)) !== 0;
    if (!isWord && !isPlainName(name)) text(name);
    documents.drop(name);
    const value = this.#decode(document, sign + 1, end);
    if (isWord) {
      text(value);
      return { document: value, start: 0, end: value.end };
    }
    if (isSecret) leaves.text(value, 0, value.end, uri.rule);
    else this.#value(value, uri, level);
    documents.drop(value);
    return undefined;
  }

  #decoded(document: TextDocument, start: number, end: number, uri: UriRule, level: number): void {
    if (end <= start) return;
    const value = this.#decode(document, start, end);
    this.#value(value, uri, level);
    this.#parts.documents.drop(value);
  }

  /** Decoded text: a URI or a query of its own, once more encoded, or any text. */
  #value(value: TextDocument, uri: UriRule, level: number): void {
    const { bytes, end } = value;
    const query = indexOf(bytes, question, 0, end);
    const isQuery = query < end || indexOf(bytes, equals, 0, end) < end;
    if (level < levels && end > 0 && isUriText(bytes, end)) {
      if (query < end) this.#query(value, query + 1, end, uri, level + 1);
      else if (isQuery) this.#query(value, 0, end, uri, level + 1);
      else if (isEncoded(bytes, end)) {
        this.#decoded(value, 0, end, uri, level + 1);
        return;
      }
    }
    this.#parts.text(value);
  }

  #decode(document: TextDocument, start: number, end: number): TextDocument {
    return this.#parts.documents.child(document, 'percent', start, end);
  }
}

/** A name of letters only that is shorter than any secret with a shape: most of them. */
function isPlainName({ bytes, end }: TextDocument): boolean {
  if (end >= 20) return false;
  for (let at = 0; at < end; at++) {
    const letter = (bytes[at] as number) | 32;
    if (letter < 97 || letter > 122) return false;
  }
  return true;
}

function indexOf(bytes: Uint8Array, byte: number, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== byte) at++;
  return at;
}

/** Parameters end at `&`, and at `;` and `#`, which some servers take for the same. */
function endOfParameter(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== ampersand && bytes[at] !== hash && bytes[at] !== semicolon) at++;
  return at;
}

/** No blanks, quotes or brackets of other kinds of text. */
function isUriText(bytes: Uint8Array, end: number): boolean {
  for (let at = 0; at < end; at++) if (otherBytes[bytes[at] as number] === 1) return false;
  return true;
}

const otherBytes = new Uint8Array(256).fill(1, 0, 33);
for (const byte of Buffer.from('"<>{}\\^`|')) otherBytes[byte] = 1;

function isEncoded(bytes: Uint8Array, end: number): boolean {
  for (let at = 0; at + 2 < end; at++) {
    if (bytes[at] === percent && isHex(bytes[at + 1]) && isHex(bytes[at + 2])) return true;
  }
  return false;
}

function isText(document: TextDocument, text: string): boolean {
  return document.end === text.length && latin1Text(document.bytes, 0, document.end) === text;
}
