import { valueTypes } from '../../core/extracts.ts';

/** White space of JSON (RFC 8259 section 2). */
export const isSpace = (byte: number | undefined): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9;

const digit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

function skipDigits(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && digit(bytes[at])) at++;
  return at;
}

/** Index after the number at `start` (RFC 8259 section 6), -1 where there is none. */
export function readNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = bytes[start] === 45 ? start + 1 : start;
  if (at >= end || !digit(bytes[at])) return -1;
  at = bytes[at] === 48 ? at + 1 : skipDigits(bytes, at, end);
  if (at < end && bytes[at] === 46) {
    const after = skipDigits(bytes, at + 1, end);
    if (after === at + 1) return -1;
    at = after;
  }
  if (at < end && (bytes[at] === 101 || bytes[at] === 69)) {
    const sign = at + 1 < end && (bytes[at + 1] === 43 || bytes[at + 1] === 45) ? 1 : 0;
    const after = skipDigits(bytes, at + 1 + sign, end);
    if (after === at + 1 + sign) return -1;
    at = after;
  }
  return at;
}

const words = ['true', 'false', 'null'].map((word) => Buffer.from(word));

/** Index after `true`, `false` or `null` at `start`, -1 where there is none of them. */
export function readWord(bytes: Uint8Array, start: number, end: number): number {
  for (const word of words) {
    if (bytes[start] !== word[0] || start + word.length > end) continue;
    for (let i = 1; i < word.length; i++) if (bytes[start + i] !== word[i]) return -1;
    return start + word.length;
  }
  return -1;
}

/** Type of the value that starts with `byte` and is no string, object or list: `null` stands for what is none at all, too. */
export function scalarType(byte: number): number {
  if (byte === 45 || (byte >= 48 && byte <= 57)) return valueTypes.number;
  if (byte === 116) return valueTypes.true;
  return byte === 102 ? valueTypes.false : valueTypes.null;
}

/** An event or a list of events starts there; a scalar is valid JSON but nothing that could be masked by its structure. */
export function startsContainer(bytes: Uint8Array, start: number): boolean {
  let at = start;
  while (isSpace(bytes[at])) at++;
  return bytes[at] === 123 || bytes[at] === 91;
}
