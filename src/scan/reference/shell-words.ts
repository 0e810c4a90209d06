import { limits } from '../../core/limits.ts';
import type { Word } from './arguments.ts';
import type { TextDocument } from './text-document.ts';

/** Expansions that are longer are read as words. */
const expansionBytes = 512;

const [lineFeed, doubleQuote, singleQuote, backslash] = [10, 34, 39, 92] as const;

/** Bytes that end a simple command: line ends and control operators (POSIX shell, section 2.10). */
const endsCommand = new Uint8Array(256);
for (const byte of Buffer.from('\n;|&()`{}')) endsCommand[byte] = 1;

/**
 * Splits a shell line into the words of its simple commands, without quotes at their edges. Words keep their place in
 * the text, so a quote or backslash inside a word stays in it. Linear; words beyond the limit are not looked at.
 */
export function splitShell(document: TextDocument, start: number, end: number): readonly (readonly Word[])[] {
  const { bytes } = document;
  const commands: Word[][] = [];
  let words: Word[] = [];
  let count = 0;
  for (let at = start; at < end && count < limits.commandWords; ) {
    const byte = bytes[at] as number;
    if (endsCommand[byte] === 1) {
      if (words.length > 0) commands.push(words);
      words = [];
      at++;
    } else if (byte <= 32) at++;
    // A line goes on after a backslash at its end.
    else if (byte === backslash && bytes[at + 1] === lineFeed) at += 2;
    else {
      const stop = endOfWord(bytes, at, end);
      words.push(unquoted(document, at, stop));
      count++;
      at = stop;
    }
  }
  if (words.length > 0) commands.push(words);
  return commands;
}

function endOfWord(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === backslash) at += 2;
    else if (byte === doubleQuote || byte === singleQuote) at = endOfQuotes(bytes, at, end);
    else if (byte === 36 && (bytes[at + 1] === 123 || bytes[at + 1] === 40)) at = endOfExpansion(bytes, at, end);
    else if (byte <= 32 || endsCommand[byte] === 1) break;
    else at++;
  }
  return Math.min(at, end);
}

/** Past the closing quote; past the opening one where it is not closed. */
function endOfQuotes(bytes: Uint8Array, start: number, end: number): number {
  const quote = bytes[start] as number;
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] === backslash && quote === doubleQuote) at++;
    else if (bytes[at] === quote) return at + 1;
  }
  return start + 1;
}

/** Past `${…}` or `$(…)` on one line. */
function endOfExpansion(bytes: Uint8Array, start: number, end: number): number {
  const closing = bytes[start + 1] === 123 ? 125 : 41;
  const limit = Math.min(end, start + expansionBytes);
  for (let at = start + 2; at < limit && bytes[at] !== 10; at++) if (bytes[at] === closing) return at + 1;
  return start + 2;
}

/** Without the quotes around a whole word, or around the value of `name="value"`. */
function unquoted(document: TextDocument, start: number, end: number): Word {
  const { bytes } = document;
  const last = bytes[end - 1] as number;
  if (last !== doubleQuote && last !== singleQuote) return { document, start, end };
  if (bytes[start] === last && end - start > 1) return { document, start: start + 1, end: end - 1 };
  return { document, start, end: bytes[end - 2] === backslash ? end : end - 1 };
}

/** Where the line around `at` starts, lines that go on in it included; not before `limit`. */
export function commandStart(bytes: Uint8Array, at: number, limit: number): number {
  let from = at;
  while (from > limit && (bytes[from - 1] !== lineFeed || bytes[from - 2] === backslash)) from--;
  return from;
}

/** Where the line around `at` ends, lines that it goes on in included. */
export function commandEnd(bytes: Uint8Array, at: number, end: number): number {
  let to = at;
  while (to < end && (bytes[to] !== lineFeed || bytes[to - 1] === backslash)) to++;
  return to;
}
