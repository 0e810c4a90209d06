/** Byte-level steps over JSON text. They look at structure only: the scanner decides what is valid. Nothing here recurses. */

export const bytesOf = {
  tab: 9,
  newline: 10,
  carriageReturn: 13,
  space: 32,
  quote: 34,
  comma: 44,
  colon: 58,
  open: 91,
  backslash: 92,
  close: 93,
  openBrace: 123,
  closeBrace: 125,
} as const;

const { newline, quote, backslash, open, close, openBrace, closeBrace, comma, colon, space, carriageReturn, tab } = bytesOf;

/** Index of the first byte from `at` that is not JSON white space, at most `end`. */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const b = bytes[at];
    if (b !== space && b !== newline && b !== carriageReturn && b !== tab) break;
    at++;
  }
  return at;
}

/** Index after the string that opens at `at`; -1 where it does not end before `end`. */
export function skipString(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    const b = bytes[i];
    if (b === quote) return i + 1;
    if (b === backslash) i++;
  }
  return -1;
}

/** Index after the value that starts at `at`; -1 where its brackets or quotes do not close before `end`. */
export function skipValue(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at];
  if (first === quote) return skipString(bytes, at, end);
  if (first !== openBrace && first !== open) return skipScalar(bytes, at, end);
  let depth = 0;
  for (let i = at; i < end; i++) {
    const b = bytes[i];
    if (b === quote) {
      i = skipString(bytes, i, end) - 1;
      if (i < 0) return -1;
    } else if (b === openBrace || b === open) depth++;
    else if ((b === closeBrace || b === close) && --depth === 0) return i + 1;
  }
  return -1;
}

function skipScalar(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end) {
    const b = bytes[i];
    if (
      b === comma ||
      b === closeBrace ||
      b === close ||
      b === colon ||
      b === space ||
      b === newline ||
      b === carriageReturn ||
      b === tab
    )
      break;
    if (b === quote || b === openBrace || b === open) return -1;
    i++;
  }
  return i === at ? -1 : i;
}

/** Called with a member's key (without quotes, as written) and value; return true to stop. */
export type MemberVisitor = (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => boolean;

/**
 * Visits the members of the object that opens at `at`. A value is skipped before its visitor runs, so a member costs
 * its own length. Returns the index after the object, or after the member at which the visitor stopped; -1 where the
 * text is not an object or ends too early.
 */
export function eachMember(bytes: Uint8Array, at: number, end: number, visit: MemberVisitor): number {
  if (bytes[at] !== openBrace) return -1;
  let i = skipSpace(bytes, at + 1, end);
  if (bytes[i] === closeBrace && i < end) return i + 1;
  while (i < end) {
    if (bytes[i] !== quote) return -1;
    const keyEnd = skipString(bytes, i, end);
    if (keyEnd < 0) return -1;
    const colonAt = skipSpace(bytes, keyEnd, end);
    if (bytes[colonAt] !== colon) return -1;
    const valueStart = skipSpace(bytes, colonAt + 1, end);
    const valueEnd = skipValue(bytes, valueStart, end);
    if (valueEnd < 0) return -1;
    if (visit(i + 1, keyEnd - 1, valueStart, valueEnd)) return valueEnd;
    i = skipSpace(bytes, valueEnd, end);
    if (i >= end) return -1;
    if (bytes[i] === closeBrace) return i + 1;
    if (bytes[i] !== comma) return -1;
    i = skipSpace(bytes, i + 1, end);
  }
  return -1;
}

/** Spans [start, end, start, end …] of the elements of the array that opens at `at`; undefined where it is not a whole array. */
export function elements(bytes: Uint8Array, at: number, end: number): number[] | undefined {
  if (bytes[at] !== open) return undefined;
  const spans: number[] = [];
  let i = skipSpace(bytes, at + 1, end);
  if (bytes[i] === close && i < end) return spans;
  while (i < end) {
    const valueEnd = skipValue(bytes, i, end);
    if (valueEnd < 0) return undefined;
    spans.push(i, valueEnd);
    i = skipSpace(bytes, valueEnd, end);
    if (i >= end) return undefined;
    if (bytes[i] === close) return spans;
    if (bytes[i] !== comma) return undefined;
    i = skipSpace(bytes, i + 1, end);
  }
  return undefined;
}

/** Whether the bytes [start, end) are exactly this ASCII text. */
export function spells(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** What a JSON string means, from its text with the quotes; undefined where it is no such text. */
export function meaningOf(quoted: string): string | undefined {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return undefined;
  }
}
