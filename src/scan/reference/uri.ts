import { limits } from '../../core/limits.ts';
import type { Arguments } from './arguments.ts';
import type { KeyTable } from './key-table.ts';
import type { LeafMasker } from './leaf-masker.ts';
import type { TextDocument } from './text-document.ts';

export interface UriRule {
  readonly rule: number;
  readonly nameClass: number;
  readonly command: string | undefined;
}

/** What a URI reader needs from the scanner around it. */
export interface UriHost {
  /** A document for percent-decoded text, finished together with the event. */
  decode(parent: TextDocument, spelling: 'percent', start: number, end: number): TextDocument;
  /** Searches decoded text for patterns. */
  search(document: TextDocument, start: number, end: number): void;
}

/** Depth slot that exec command lines use: deeper than any container. */
const commandSlot = limits.jsonDepth + 1;

/**
 * Query parameters of a request URI: values whose name is of a class are masked whole; the repeated parameter that is
 * a command line is read as one; every other value is searched after percent-decoding, and so is the path.
 */
export class UriReader {
  readonly #keys: KeyTable;
  readonly #leaves: LeafMasker;
  readonly #arguments: Arguments;
  readonly #host: UriHost;

  constructor(keys: KeyTable, leaves: LeafMasker, args: Arguments, host: UriHost) {
    this.#keys = keys;
    this.#leaves = leaves;
    this.#arguments = args;
    this.#host = host;
  }

  /** `document.bytes[start … end)` is the URI, already decoded from JSON. */
  read(document: TextDocument, start: number, end: number, uri: UriRule): void {
    const { bytes } = document;
    this.#arguments.beginList(commandSlot);
    const query = indexOf(bytes, 63, start, end);
    this.#decoded(document, start, query);
    for (let at = query + 1; at < end; ) {
      const next = indexOf(bytes, 38, at, end);
      this.#parameter(document, at, next, uri);
      at = next + 1;
    }
  }

  #parameter(document: TextDocument, start: number, end: number, uri: UriRule): void {
    const equals = indexOf(document.bytes, 61, start, end);
    if (equals >= end) {
      this.#decoded(document, start, end);
      return;
    }
    const name = this.#host.decode(document, 'percent', start, equals);
    if (uri.command !== undefined && sameText(name, uri.command)) {
      const word = this.#host.decode(document, 'percent', equals + 1, end);
      this.#host.search(word, 0, word.end);
      this.#arguments.word(word, 0, word.end, commandSlot, uri.rule, uri.nameClass);
      return;
    }
    if (this.#keys.classesOf(name.bytes, 0, name.end) & (1 << uri.nameClass)) {
      const value = this.#host.decode(document, 'percent', equals + 1, end);
      this.#leaves.text(value, 0, value.end, uri.rule);
    } else this.#decoded(document, equals + 1, end);
  }

  #decoded(document: TextDocument, start: number, end: number): void {
    if (end <= start) return;
    const text = this.#host.decode(document, 'percent', start, end);
    this.#host.search(text, 0, text.end);
  }
}

function indexOf(bytes: Uint8Array, byte: number, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== byte) at++;
  return at;
}

function sameText(document: TextDocument, text: string): boolean {
  return document.end === text.length && Buffer.from(document.bytes.subarray(0, document.end)).toString('latin1') === text;
}
