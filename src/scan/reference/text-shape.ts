import { isSpace } from './scalars.ts';
import { skipEscape } from './string-end.ts';

const [quote, backslash, openList, closeList, openMap, closeMap] = [34, 92, 91, 93, 123, 125] as const;

function firstOf(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(bytes[at])) at++;
  return at;
}

function lastOf(bytes: Uint8Array, start: number, end: number): number {
  let at = end - 1;
  while (at > start && isSpace(bytes[at])) at--;
  return at;
}

/** Starts and ends as a JSON object or array does. */
export function looksLikeJson(bytes: Uint8Array, start: number, end: number): boolean {
  const first = firstOf(bytes, start, end);
  const opening = bytes[first];
  if (opening !== openMap && opening !== openList) return false;
  return bytes[lastOf(bytes, first, end)] === (opening === openMap ? closeMap : closeList);
}

/** Starts as a document does that needs no line break: JSON, a flow collection of YAML, XML. */
export function opensStructure(bytes: Uint8Array, start: number, end: number): boolean {
  const opening = bytes[firstOf(bytes, start, end)];
  return opening === openMap || opening === openList || (opening === 60 && bytes[lastOf(bytes, start, end)] === 62);
}

/** Consists of more than one line. */
export function hasLines(bytes: Uint8Array, start: number, end: number): boolean {
  const last = lastOf(bytes, start, end);
  for (let at = start; at < last; at++) if (bytes[at] === 10) return true;
  return false;
}

/** A JSON string that is the whole text: text that was written as JSON once more. */
export function isQuoted(bytes: Uint8Array, start: number, end: number): boolean {
  const first = firstOf(bytes, start, end);
  if (bytes[first] !== quote) return false;
  const last = lastOf(bytes, first, end);
  return last > first && bytes[last] === quote;
}

/** Starts as JSON does and hardly anything else: `{"`, `["`, `[{"`. It may be cut off. */
export function startsLikeJson(bytes: Uint8Array, start: number, end: number): boolean {
  const first = firstOf(bytes, start, end);
  if (bytes[first] !== openMap && bytes[first] !== openList) return false;
  let second = firstOf(bytes, first + 1, end);
  if (bytes[first] === openList && bytes[second] === openMap) second = firstOf(bytes, second + 1, end);
  return second < end && bytes[second] === quote;
}

/** JSON in which quotes are still escaped (`{\"a\": …`), all of it well-formed string contents. */
export function unescapes(bytes: Uint8Array, start: number, end: number): boolean {
  const first = firstOf(bytes, start, end);
  if (bytes[first] !== openMap && bytes[first] !== openList) return false;
  let at = firstOf(bytes, first + 1, end);
  while (bytes[at] === openMap || bytes[at] === openList) at = firstOf(bytes, at + 1, end);
  if (bytes[at] !== backslash) return false;
  for (at = start; at < end; ) {
    const byte = bytes[at] as number;
    if (byte === quote || byte < 32) return false;
    at = byte === backslash ? skipEscape(bytes, at, end) : at + 1;
    if (at < 0) return false;
  }
  return true;
}
