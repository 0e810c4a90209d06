import { isHex } from './hex.ts';
import { skipCharacter } from './utf8.ts';

/** Instead of an index: the bytes are not well-formed JSON, or not UTF-8. */
export const malformed = -1;
export const notUtf8 = -2;

/** First byte from `at` on that is a quote, an escape or a control character; `end` where there is none. */
export function plainEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const mark = plainBytes[bytes[at] as number] as number;
    if (mark === 0) at++;
    else if (mark === 1) return at;
    else {
      at = skipCharacter(bytes, at, end);
      if (at < 0) return notUtf8;
    }
  }
  return end;
}

/** The closing quote of a string whose contents from `from` on may hold anything (RFC 8259 section 7). */
export function endOfString(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === 34) return at;
    if (byte < 32) return malformed;
    if (byte === 92) at = skipEscape(bytes, at, end);
    else if (byte >= 128) {
      at = skipCharacter(bytes, at, end);
      if (at < 0) return notUtf8;
    } else at++;
    if (at < 0) return malformed;
  }
  return malformed;
}

/** The closing quote of a string of JSON that has been read before. */
export function knownStringEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] !== 34) at += bytes[at] === 92 ? 2 : 1;
  return at;
}

/** Past the white space of JSON that has been read before. */
export function skipSpace(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (bytes[at] as number) <= 32) at++;
  return at;
}

/** Index after an escape sequence, -1 where it is none. */
export function skipEscape(bytes: Uint8Array, at: number, end: number): number {
  const letter = at + 1 < end ? (bytes[at + 1] as number) : 0;
  if (letter !== 117) return escapeLetters[letter] === 1 ? at + 2 : -1;
  if (at + 6 > end) return -1;
  for (let i = at + 2; i < at + 6; i++) if (!isHex(bytes[i])) return -1;
  return at + 6;
}

/** 1: ends the plain part of a string. 2: first byte of a character beyond ASCII. */
const plainBytes = new Uint8Array(256).fill(2, 128).fill(1, 0, 32);
plainBytes[34] = 1;
plainBytes[92] = 1;
const escapeLetters = new Uint8Array(256);
for (const letter of '"\\/bfnrt') escapeLetters[letter.charCodeAt(0)] = 1;
