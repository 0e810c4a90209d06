import { limits } from '../../core/limits.ts';
import { isHex, readHex } from './hex.ts';

/**
 * Value of a base64 digit, of the standard alphabet or the one for URLs (RFC 4648 sections 4 and 5); 255 for other
 * bytes. The padding is not a digit.
 */
export const base64Values = new Uint8Array(256).fill(255);
'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.split('').forEach((digit, value) => {
  base64Values[digit.charCodeAt(0)] = value;
});
base64Values[45] = 62;
base64Values[95] = 63;

const slash = 47;

/** Bytes that text consists of. Bytes beyond ASCII are judged when all of a text is there. */
export const textBytes = new Uint8Array(256).fill(1, 32, 127);
for (const byte of [9, 10, 13]) textBytes[byte] = 1;

/**
 * Start of the first run of at least `limits.encodedBytes` base64 or hexadecimal digits whose first bytes decode to
 * something that can be text or compressed; -1 where there is none. Digits may begin behind a slash too, which is a digit itself,
 * and stands in paths. Looks at one byte in sixteen of other text.
 */
export function encodedRun(bytes: Uint8Array, from: number, end: number): number {
  const least = limits.encodedBytes;
  let start = from;
  while (start + least <= end) {
    let at = start + least - 1;
    while (at >= start && base64Values[bytes[at] as number] !== 255) at--;
    if (at >= start) start = at + 1;
    else if (isPlausible(bytes, start)) return start;
    else start = behindSlash(bytes, start, end);
  }
  return -1;
}

/** Where other digits may begin: behind the next slash of the run at `at`, or behind the run. */
export function behindSlash(bytes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next < end && bytes[next] !== slash && base64Values[bytes[next] as number] !== 255) next++;
  return next + 1;
}

/** A longer run is read as a whole from its first digit only: data has a slash in every sixty digits. */
const longestPath = 4096;

/** How far to read the digits at `at` of a text: over the whole run, which may go on in further lines, then up to a slash. */
export function endsOfDigits(bytes: Uint8Array, at: number, start: number, end: number): readonly number[] {
  const ends: number[] = [];
  if (at === start || bytes[at - 1] !== slash || endOfRun(bytes, at, Math.min(end, at + longestPath)) < at + longestPath)
    ends.push(end);
  const next = behindSlash(bytes, at, end) - 1;
  if (bytes[next] === slash && next < end) ends.push(next);
  return ends;
}

/** First byte from `at` on that is no base64 digit. */
export function endOfRun(bytes: Uint8Array, at: number, end: number): number {
  let last = at;
  while (last < end && base64Values[bytes[last] as number] !== 255) last++;
  return last;
}

/** The beginning of a run decodes to text, to UTF-16 or to gzip (RFC 1952), read as base64 or as hexadecimal digits. */
function isPlausible(bytes: Uint8Array, start: number): boolean {
  const [bits, more] = [threeBytes(bytes, start), threeBytes(bytes, start + 4)];
  const [first, second, third] = [bits >> 16, (bits >> 8) & 255, bits & 255];
  if (!canStartText(first, second, third)) return startsHexText(bytes, start);
  // Where it starts as plain text it goes on as such.
  if (textBytes[first] === 0 || textBytes[second] === 0 || textBytes[third] === 0) return true;
  const [fourth, fifth, sixth] = [more >> 16, (more >> 8) & 255, more & 255];
  if (textBytes[fourth] === 1) return textBytes[fifth] === 1 ? textBytes[sixth] === 1 || sixth >= 0xc2 : fifth >= 0xc2;
  return fourth >= 0xc2 && fifth >= 0x80 && fifth < 0xc0;
}

function threeBytes(bytes: Uint8Array, start: number): number {
  return (
    ((base64Values[bytes[start] as number] as number) << 18) |
    ((base64Values[bytes[start + 1] as number] as number) << 12) |
    ((base64Values[bytes[start + 2] as number] as number) << 6) |
    (base64Values[bytes[start + 3] as number] as number)
  );
}

function canStartText(first: number, second: number, third: number): boolean {
  if (textBytes[first] === 1) {
    if (textBytes[second] === 1) return textBytes[third] === 1 || (third >= 0xc2 && third <= 0xf4);
    return second === 0 ? textBytes[third] === 1 : second >= 0xc2 && second <= 0xf4 && third >= 0x80 && third < 0xc0;
  }
  if (first === 0x1f) return second === 0x8b && third === 8;
  if (first === 0) return textBytes[second] === 1 && third === 0;
  if (first >= 0xfe) return second >= 0xfe;
  return first >= 0xc2 && first <= 0xf4 && second >= 0x80 && second < 0xc0;
}

/** `69 64 3d`: the first digit of each pair is 2 to 7, or white space is written; three pairs are looked at, in a run of digits only. */
function startsHexText(bytes: Uint8Array, start: number): boolean {
  for (let at = start; at < start + limits.encodedBytes; at++) if (!isHex(bytes[at])) return false;
  for (let at = start; at < start + 6; at += 2) if (textBytes[readHex(bytes, at, 2)] === 0) return false;
  return true;
}
