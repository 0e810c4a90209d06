import { limits } from '../../core/limits.ts';
import type { Plan, PlanCommandRule } from '../plan.ts';
import type { Documents } from './documents.ts';
import type { KeyTable } from './key-table.ts';
import type { LeafMasker } from './leaf-masker.ts';
import { maskLength } from './mask-length.ts';
import { ProgramFlags, type SecretFlag } from './program-flags.ts';
import { splitShell } from './shell-words.ts';
import { skipSpace } from './string-end.ts';
import type { TextDocument } from './text-document.ts';
import { isQuoted, opensStructure } from './text-shape.ts';

/** One word of a command line: decoded text. */
export interface Word {
  readonly document: TextDocument;
  readonly start: number;
  readonly end: number;
}

const [minus, equals, colon, comma, quote, singleQuote, backslash, openBrace] = [45, 61, 58, 44, 34, 39, 92, 123] as const;

/** A list at one of a rule's paths: the program may be named in another list of the same object (`command`, `args`). */
interface ListBeside {
  readonly document: TextDocument;
  readonly generation: number;
  readonly depth: number;
  readonly words: readonly Word[];
  readonly flags: readonly SecretFlag[];
}

/**
 * Command lines: masks the value of `--flag=value`, `--flag value`, `NAME=value`, `-Dname=value` and `--set a.name=value`
 * where the name is of the rule's class, and what follows short flags of programs that the rule knows. A word that is
 * a shell line is read as command lines of its own.
 */
export class Arguments {
  readonly #keys: KeyTable;
  readonly #leaves: LeafMasker;
  readonly #documents: Documents;
  /** Rules for lists of words anywhere. */
  readonly #anywhere: readonly number[];
  /** By rule. */
  readonly #programs: readonly ProgramFlags[];
  readonly #rules: readonly PlanCommandRule[];
  #beside: ListBeside | undefined;

  constructor(plan: Plan, keys: KeyTable, leaves: LeafMasker, documents: Documents) {
    this.#keys = keys;
    this.#leaves = leaves;
    this.#documents = documents;
    this.#rules = plan.commands;
    this.#anywhere = plan.commands.flatMap((one, i) => (one.anywhere ? [i] : []));
    this.#programs = plan.commands.map((one) => new ProgramFlags(one.programs));
  }

  /** Looks at the list of strings that starts with the bracket at `start`, by the rules for lists anywhere. */
  list(document: TextDocument, start: number): void {
    if (this.#anywhere.length === 0) return;
    const words = this.#wordsOf(document, start, false);
    if (words.length > 0) for (const number of this.#anywhere) this.#words(words, number, 0);
  }

  /** A list at one of a rule's paths, and the one beside it, of which either may name the program that both are for. */
  listAt(document: TextDocument, start: number, number: number, depth: number): void {
    const words = this.#wordsOf(document, start, true);
    if (words.length === 0) return;
    const flags = (this.#programs[number] as ProgramFlags).of(words);
    if (flags.length > 0 || !this.#anywhere.includes(number)) this.#words(words, number, 0, flags);
    const { generation } = document;
    const other = this.#beside;
    if (other?.document === document && other.generation === generation && other.depth === depth) {
      // Words of either list may be names of programs by chance, so each list counts for both.
      if (other.flags.length > 0) this.#words([...other.words, ...words], number, 0, other.flags);
      if (flags.length > 0) this.#words([...words, ...other.words], number, 0, flags);
    }
    this.#beside = { document, generation, depth, words, flags };
  }

  /** An object closes at this depth: lists of another one are not beside those in it. */
  close(depth: number): void {
    if (this.#beside !== undefined && depth < this.#beside.depth) this.#beside = undefined;
  }

  /** One string that may be a command line. */
  line(document: TextDocument, start: number, end: number, number: number): void {
    for (const words of splitShell(document, start, end)) this.words(words, number);
  }

  /** Looks at the words of one command line, by one rule and by the rules for lists anywhere. */
  words(words: readonly Word[], number: number): void {
    if (number >= 0) this.#words(words, number, 0);
    for (const other of this.#anywhere) if (other !== number) this.#words(words, other, 0);
  }

  #words(
    words: readonly Word[],
    number: number,
    level: number,
    flags = (this.#programs[number] as ProgramFlags).of(words),
  ): void {
    const rule = this.#rules[number] as PlanCommandRule;
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as Word;
      const next = words[i + 1];
      if (flags.length > 0 && this.#secretFlags(words, i, flags, rule)) continue;
      const { document, start, end } = word;
      if (document.bytes[start] === minus && this.#isLoneFlag(word, rule)) {
        if (next && !startsFlag(next)) {
          this.#mask(next.document, next.start, next.end, rule);
          i++;
        }
      } else if (isScript(words[i - 1]) || !this.#assignments(word, rule)) {
        if (level < 2 && isShellLine(word))
          for (const inner of splitShell(document, start, end)) this.#words(inner, number, level + 1);
        else if (isScript(words[i - 1])) this.#assignments(word, rule);
      }
    }
  }

  /** `-p value`, `-pvalue`, `add user value`: what flags and words mean to the program that is called. */
  #secretFlags(words: readonly Word[], index: number, flags: readonly SecretFlag[], rule: PlanCommandRule): boolean {
    const { document, start, end } = words[index] as Word;
    const isFlag = document.bytes[start] === minus;
    let found = false;
    for (const flag of flags) {
      const match = flag.flags.find(document.bytes.subarray(start, end), 0);
      if (match?.[0] !== 0) continue;
      const stop = start + (match[1] as number);
      const value = words[index + 1 + flag.skip];
      if (stop < end) this.#value(document, stop, end, flag.after, rule);
      else if (value && (isFlag || !startsFlag(value))) this.#value(value.document, value.start, value.end, flag.after, rule);
      else continue;
      found = true;
    }
    return found;
  }

  #value(document: TextDocument, start: number, end: number, after: Uint8Array, rule: PlanCommandRule): void {
    const { bytes } = document;
    let from = start;
    if (after.length > 0) {
      while (from < end && !startsWith(bytes, from, after)) from += maskLength(bytes, from, end) || 1;
      from += after.length;
    }
    this.#mask(document, from, end, rule);
  }

  /** Masks a value without the quotes around it; escaped ones belong to the text around, which must still read. */
  #mask(document: TextDocument, start: number, end: number, rule: PlanCommandRule): void {
    const from = afterQuote(document.bytes, start, end);
    const to = beforeQuote(document.bytes, document.bytes.subarray(start, from), from, end);
    if (from < to) this.#leaves.text(document, from, to, rule.rule);
  }

  /** A flag of the class without a value of its own. */
  #isLoneFlag({ document, start, end }: Word, rule: PlanCommandRule): boolean {
    const { bytes } = document;
    const nameStart = bytes[start + 1] === minus ? start + 2 : start + 1;
    return nameEnd(bytes, nameStart, end) === end && this.#isTelling(bytes, nameStart, end, rule);
  }

  /** Masks the values in `--name=value`, `NAME=value`, `a.b=value,c.d=value`; true where there was one. */
  #assignments({ document, start, end }: Word, rule: PlanCommandRule): boolean {
    const { bytes } = document;
    let found = false;
    let from = start;
    while (from < end && bytes[from] === minus) from++;
    for (let at = from; at < end; ) {
      const stop = nameEnd(bytes, at, end);
      const mark = bytes[stop];
      if (stop >= end || (mark !== equals && (mark !== colon || start === from))) return found;
      const valueEnd = endOfValue(bytes, stop + 1, end);
      if (this.#isTelling(bytes, at, stop, rule)) {
        this.#mask(document, stop + 1, valueEnd, rule);
        found = true;
        at = valueEnd + 1;
      } else at = nextName(bytes, stop + 1, end);
    }
    return found;
  }

  /** The name is of the class, with `-D`, `-P` or `-e` before it or without. */
  #isTelling(bytes: Uint8Array, start: number, end: number, { nameClass }: PlanCommandRule): boolean {
    return end - start > 1 && (this.#keys.classify(bytes, start, end) & (1 << nameClass)) !== 0;
  }

  /** The strings of a list; empty where it holds anything else, or (not `any`) nothing like a flag or an assignment. */
  #wordsOf(document: TextDocument, start: number, any: boolean): Word[] {
    const { bytes, end } = document;
    const words: Word[] = [];
    let promising = any;
    for (let at = skipSpace(bytes, start + 1, end); at < end && bytes[at] === quote; ) {
      const from = at + 1;
      let escaped = false;
      for (at = from; at < end && bytes[at] !== quote; at++) {
        const byte = bytes[at];
        if (byte === backslash) {
          escaped = true;
          at++;
        } else if (byte === equals || byte === 32 || (byte === minus && at === from)) promising = true;
      }
      if (at >= end || words.length === limits.commandWords) return [];
      words.push({ document, start: from, end: escaped ? -at : at });
      at = skipSpace(bytes, at + 1, end);
      if (bytes[at] !== comma) break;
      at = skipSpace(bytes, at + 1, end);
    }
    return promising ? words.map((word) => (word.end < 0 ? this.#decoded(document, word.start, -word.end) : word)) : [];
  }

  #decoded(parent: TextDocument, start: number, end: number): Word {
    const document = this.#documents.child(parent, 'json', start, end);
    return { document, start: 0, end: document.end };
  }
}

/** Past a quote that a value in a shell line opens with, and the escapes before it. */
function afterQuote(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === backslash) at++;
  return at < end && (bytes[at] === quote || bytes[at] === singleQuote) ? at + 1 : start;
}

/**
 * Where a value ends that opens with a quote: at the next one that is escaped in the same way; one without escapes also
 * ends it inside code (`x='value',`), where a shell would go on (`'va'lue`).
 */
function beforeQuote(bytes: Uint8Array, opening: Uint8Array, from: number, end: number): number {
  if (opening.length === 0) return end;
  for (let at = from; at < end; at++)
    if (startsWith(bytes, at, opening) && (opening.length > 1 || at + 1 === end || endsInCode[bytes[at + 1] ?? 0] === 1))
      return at;
  return end;
}

/** What follows a quoted argument of a call or an element of a list. */
const endsInCode = new Uint8Array(256);
for (const byte of Buffer.from(',;)]}')) endsInCode[byte] = 1;

/** A word that is a flag itself, not a value that happens to start with a hyphen. */
function startsFlag({ document, start, end }: Word): boolean {
  const { bytes } = document;
  return bytes[start] === minus && (bytes[start + 1] === minus || end - start <= 2);
}

function startsWith(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/** What follows is a shell line: `sh -c`, `bash -ec`. */
function isScript(word: Word | undefined): boolean {
  if (word === undefined || word.end - word.start > 4 || word.document.bytes[word.start] !== minus) return false;
  return word.document.bytes[word.end - 1] === 99;
}

/** A word of several words; documents are read as such. */
function isShellLine({ document, start, end }: Word): boolean {
  if (opensStructure(document.bytes, start, end) || isQuoted(document.bytes, start, end)) return false;
  for (let at = start; at < end; at++) if ((document.bytes[at] as number) <= 32) return true;
  return false;
}

/** A value goes on to the end, or to a comma after which another assignment starts. */
function endOfValue(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    if (bytes[at] !== comma) continue;
    const stop = nameEnd(bytes, at + 1, end);
    if (stop > at + 1 && stop < end && bytes[stop] === equals) return at;
  }
  return end;
}

/** Where another name may start: after the comma of a list of assignments, or right here (`--env=NAME=value`, `--env Variables={NAME=value}`). */
function nextName(bytes: Uint8Array, start: number, end: number): number {
  const from = bytes[start] === openBrace ? start + 1 : start;
  const stop = nameEnd(bytes, from, end);
  if (stop > from && stop < end && bytes[stop] === equals) return from;
  let at = start;
  while (at < end && bytes[at] !== comma) at++;
  return at + 1;
}

function nameEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isNameByte(bytes[at] as number)) at++;
  return at;
}

function isNameByte(byte: number): boolean {
  const letter = byte | 32;
  return (
    (letter >= 97 && letter <= 122) || (byte >= 45 && byte <= 57) || byte === 95 || byte === 91 || byte === 93 || byte >= 128
  );
}
