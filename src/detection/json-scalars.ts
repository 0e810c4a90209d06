import { valueTypes } from '../core/extracts.ts';
import { isSpace } from '../scan/reference/scalars.ts';

/** Told of each scalar: type (`valueTypes`), and the span as extracts have it, strings without their quotes. True ends the walk. */
export type ScalarVisit = (type: number, start: number, end: number) => boolean;

/** The first byte from `at` that is no white space. */
function afterSpace(bytes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next < end && isSpace(bytes[next] as number)) next++;
  return next;
}

/** Where a number or a word ends. */
function endOfWord(bytes: Uint8Array, at: number, end: number): number {
  let next = at;
  for (; next < end; next++) {
    const byte = bytes[next] as number;
    if (byte === 44 || byte === 93 || byte === 125 || isSpace(byte)) break;
  }
  return next;
}

function typeOfWord(first: number): number {
  if (first === 116) return valueTypes.true;
  return first === 102 ? valueTypes.false : valueTypes.number;
}

/**
 * Goes through the texts, numbers and truth values of a JSON document that a scanner has read before; names of members
 * and `null` are passed over. Linear.
 * @returns whether `visit` ended the walk
 */
export function someScalar(bytes: Uint8Array, start: number, end: number, visit: ScalarVisit): boolean {
  for (let at = start; at < end; ) {
    const byte = bytes[at] as number;
    if (byte === 34) {
      let escaped = false;
      let close = at + 1;
      while (close < end && bytes[close] !== 34) {
        if (bytes[close] === 92) {
          escaped = true;
          close++;
        }
        close++;
      }
      const isName = bytes[afterSpace(bytes, close + 1, end)] === 58;
      if (!isName && visit(escaped ? valueTypes.escaped : valueTypes.string, at + 1, close)) return true;
      at = close + 1;
    } else if (byte === 45 || (byte >= 48 && byte <= 57) || byte === 116 || byte === 102) {
      const close = endOfWord(bytes, at, end);
      if (visit(typeOfWord(byte), at, close)) return true;
      at = close;
    } else at = byte === 110 ? endOfWord(bytes, at, end) : at + 1;
  }
  return false;
}
