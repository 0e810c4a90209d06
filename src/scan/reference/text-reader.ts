import { limits } from '../../core/limits.ts';
import { commandLineRule, percentRule } from '../noted-rules.ts';
import type { Plan } from '../plan.ts';
import type { Codecs, MaskTexts } from '../ports.ts';
import type { Arguments } from './arguments.ts';
import { readCutJson } from './cut-json.ts';
import type { Documents } from './documents.ts';
import { holdsNoText } from './encoded-guess.ts';
import { behindSlash, encodedRun, endsOfDigits } from './encoded-run.ts';
import { type EncodedText, readEncoded } from './encoded-text.ts';
import { readLines } from './line-text.ts';
import type { PatternSearch } from './pattern-search.ts';
import { commandEnd, commandStart } from './shell-words.ts';
import type { TextDocument } from './text-document.ts';
import { TextParts } from './text-parts.ts';
import { hasLines, isQuoted, looksLikeJson, opensStructure, startsLikeJson, unescapes } from './text-shape.ts';
import type { Walker } from './walker.ts';
import { looksLikeXml, readXml } from './xml-text.ts';
import { readYaml } from './yaml-text.ts';

const endsPercent = new Uint8Array(256).fill(1, 0, 33);
for (const byte of Buffer.from('"\'`<>&=?#')) endsPercent[byte] = 1;

export interface TextReaderParts {
  readonly documents: Documents;
  readonly patterns: PatternSearch;
  readonly args: Arguments;
  readonly texts: MaskTexts;
  readonly codecs: Codecs | undefined;
  /** Reads a document in the state of the current value; false where it is none, with nothing left of the try. */
  readonly nest: (document: TextDocument) => boolean;
}

/**
 * What the text of a string gives rise to: a JSON document, structured text of another kind, encoded text, or text
 * that patterns search. Everything found is carried back through the same encodings.
 */
export class TextReader {
  readonly #walker: Walker;
  readonly #parts: TextReaderParts;
  readonly #json: boolean;
  readonly #structured: boolean;
  /** Mask rule of what is too large or too deep to be taken out of its encoding; undefined where encodings are not read. */
  readonly #encoded: number | undefined;
  readonly #percent: number;
  /** By pattern: its hits are in command lines. */
  readonly #inCommands: readonly boolean[];
  readonly #commands: readonly number[];
  #budget = 0;

  constructor(plan: Plan, walker: Walker, parts: TextReaderParts) {
    this.#walker = walker;
    this.#parts = parts;
    const ruleOf = (format: string): number | undefined => plan.documents.find((one) => one.format === format)?.rule;
    this.#json = ruleOf('json') !== undefined;
    this.#structured = ruleOf('text') !== undefined;
    this.#encoded = ruleOf('base64');
    this.#percent = plan.patterns.findIndex((one) => one.rule === percentRule);
    this.#inCommands = plan.patterns.map((one) => one.rule === commandLineRule);
    this.#commands = plan.commands.flatMap((one, i) => (one.lines ? [i] : []));
  }

  beginEvent(): void {
    this.#budget = limits.decodedBytes;
  }

  /** Bytes that may still be taken out of encodings in this event. */
  get budget(): number {
    return this.#budget;
  }

  /** Takes bytes off the budget. @returns false where there are not so many, and nothing is taken */
  spend(bytes: number): boolean {
    if (bytes > this.#budget) return false;
    this.#budget -= bytes;
    return true;
  }

  /** The contents of a string without escapes, of which the finder holds the hits. True where it is a document. */
  contents(document: TextDocument, start: number, end: number): boolean {
    if (opensStructure(document.bytes, start, end) && (this.#json || this.#structured))
      return this.text(this.#parts.documents.child(document, 'json', start, end));
    const hasPercent = this.#hasPercent();
    this.#commandLines(document, start, end);
    this.#parts.patterns.search(document, start, end, this.#walker.finder);
    this.#encodings(document, start, end, hasPercent);
    return false;
  }

  /** A whole decoded text. True where it is a document. */
  text(text: TextDocument): boolean {
    const { bytes, start, end } = text;
    if (this.#json) {
      if ((looksLikeJson(bytes, start, end) || isQuoted(bytes, start, end)) && this.#parts.nest(text)) return true;
      if (unescapes(bytes, start, end) && text.level < limits.decodedLevels)
        return this.text(this.#parts.documents.child(text, 'json', start, end));
    }
    const structure = this.#structured ? this.#structure(text) : undefined;
    this.#walker.finder.search(bytes, start, end);
    const hasPercent = this.#hasPercent();
    const before = text.edits.count;
    this.#commandLines(text, start, end);
    this.#parts.patterns.search(text, start, end, this.#walker.finder);
    if (structure) structure.parts?.takeOver(text.edits, before, structure.edits);
    else this.#encodings(text, start, end, hasPercent);
    return structure !== undefined;
  }

  /** The text as a document of names and values, where it is one. */
  #structure(text: TextDocument): TextDocument | undefined {
    const { bytes, start, end } = text;
    if (text.level >= limits.decodedLevels) return undefined;
    const cut = startsLikeJson(bytes, start, end);
    if (!cut && !opensStructure(bytes, start, end) && !hasLines(bytes, start, end)) return undefined;
    if (cut) return this.#read(text, readCutJson);
    if (looksLikeXml(bytes, start, end)) return this.#read(text, readXml);
    return this.#read(text, readYaml) ?? this.#read(text, readLines);
  }

  #read(text: TextDocument, reader: typeof readYaml): TextDocument | undefined {
    const { documents, nest } = this.#parts;
    const parts = new TextParts(text.end - text.start);
    if (!reader(text.bytes, text.start, text.end, parts)) return undefined;
    const { used } = documents;
    const { repeatedKeys } = this.#walker;
    const document = documents.make();
    document.structure(text, parts);
    const ok = nest(document);
    // Names may repeat in such files.
    this.#walker.repeatedKeys = repeatedKeys;
    if (!ok) documents.abandon(used);
    return ok ? document : undefined;
  }

  #encodings(document: TextDocument, start: number, end: number, hasPercent: boolean): void {
    if (this.#encoded === undefined) return;
    if (hasPercent && document.level < limits.decodedLevels) this.#percentEncoded(document, start, end);
    else this.#runs(document, start, end, this.#encoded);
  }

  #runs(document: TextDocument, start: number, end: number, rule: number): void {
    if (end - start < limits.encodedBytes) return;
    const { bytes } = document;
    for (let at = encodedRun(bytes, start, end); at >= 0; ) {
      const encoded = this.#digits(bytes, at, start, end);
      if (encoded) this.#unpack(document, encoded, rule);
      at = encodedRun(bytes, encoded?.end ?? behindSlash(bytes, at, end), end);
    }
  }

  /** What the digits at `at` say: all of the run, or else what stands before the next slash. */
  #digits(bytes: Uint8Array, at: number, start: number, end: number): EncodedText | undefined {
    for (const limit of endsOfDigits(bytes, at, start, end)) {
      const encoded = holdsNoText(bytes, at, limit) ? undefined : readEncoded(bytes, at, limit, this.#budget, this.#parts.codecs);
      if (encoded) return encoded;
    }
    return undefined;
  }

  /** Reads what stands between blanks, quotes and the marks of a query as text of its own, where it is percent-encoded. */
  #percentEncoded(document: TextDocument, start: number, end: number): void {
    const { bytes } = document;
    const blank = bytes.subarray(start, end).some((byte) => byte <= 32);
    for (let at = start; at < end; ) {
      let stop = blank ? at : end;
      let has = !blank;
      for (; stop < end && endsPercent[bytes[stop] as number] === 0; stop++) has ||= bytes[stop] === 37;
      if (has) this.text(this.#parts.documents.child(document, 'percent', at, stop));
      else this.#runs(document, at, stop, this.#encoded as number);
      at = stop + 1;
    }
  }

  /** Reads the text inside; what is too large or too deep is masked whole. */
  #unpack(document: TextDocument, encoded: EncodedText, rule: number): void {
    const { text } = encoded;
    if (text === undefined || document.level >= limits.decodedLevels) {
      document.replaceEncoded(encoded, this.#parts.texts.redaction(rule), rule, 2);
      return;
    }
    this.#budget -= text.length;
    const inner = this.#parts.documents.make();
    inner.unpack(document, encoded, text);
    this.text(inner);
  }

  /** Reads the lines that the finder has hits of command lines in. */
  #commandLines(document: TextDocument, start: number, end: number): void {
    if (this.#commands.length === 0) return;
    const { hits, hitAt, hitCount } = this.#walker.finder;
    let done = start;
    for (let i = 0; i < hitCount; i++) {
      const at = hitAt[i] as number;
      if (at < done || !this.#inCommands[hits[i] as number]) continue;
      const from = commandStart(document.bytes, at, done);
      done = commandEnd(document.bytes, at, end);
      for (const number of this.#commands) this.#parts.args.line(document, from, done, number);
    }
  }

  #hasPercent(): boolean {
    const { hits, hitCount } = this.#walker.finder;
    for (let i = 0; i < hitCount; i++) if (hits[i] === this.#percent) return true;
    return false;
  }
}
