import { base64Values, endOfRun, textBytes } from './encoded-run.ts';
import { isHex } from './hex.ts';
import { skipCharacter } from './utf8.ts';

/** Lines of digits that may go on are at least this long. */
const fullLine = 48;
/** What begins with so much text is read: looking at all of it would cost as much. */
const mostLookedAt = 64;
const character = new Uint8Array(4);

/**
 * Says of a run of base64 digits that `readEncoded` finds no text in it, mostly from its first few digits: most runs are words. Where
 * it says nothing (false), the run has to be read.
 */
export function holdsNoText(bytes: Uint8Array, start: number, limit: number): boolean {
  const end = endOfRun(bytes, start, limit);
  const digits = end - start;
  if (mayGoOn(bytes, digits, end, limit) || isHexadecimal(bytes, start, end)) return false;
  const length = Math.floor((digits * 6) / 8);
  if (length === 0) return true;
  if (byteAt(bytes, start, 0) === 0x1f && byteAt(bytes, start, 1) === 0x8b) return false;
  return !isText(bytes, start, length) && !mayBeUtf16(bytes, start, length);
}

function mayGoOn(bytes: Uint8Array, digits: number, end: number, limit: number): boolean {
  if (end >= limit || digits < fullLine || digits % 4 !== 0) return false;
  const next = bytes[end] as number;
  return next <= 32 || next === 92;
}

function isHexadecimal(bytes: Uint8Array, start: number, end: number): boolean {
  if ((end - start) % 2 !== 0) return false;
  for (let at = start; at < end; at++) if (!isHex(bytes[at])) return false;
  return true;
}

/** Byte `i` of what the digits from `start` on say. */
function byteAt(bytes: Uint8Array, start: number, i: number): number {
  const third = i % 3;
  const at = start + ((i - third) / 3) * 4 + third;
  const [high, low] = [base64Values[bytes[at] as number] as number, base64Values[bytes[at + 1] as number] as number];
  if (third === 0) return ((high << 2) | (low >> 4)) & 255;
  return third === 1 ? ((high << 4) | (low >> 2)) & 255 : ((high << 6) | low) & 255;
}

/** Begins as UTF-8 without control characters other than tab and line ends. */
function isText(bytes: Uint8Array, start: number, length: number): boolean {
  for (let i = 0; i < length && i < mostLookedAt; ) {
    const byte = byteAt(bytes, start, i);
    if (byte < 128) {
      if (textBytes[byte] === 0) return false;
      i++;
      continue;
    }
    const more = Math.min(4, length - i);
    for (let k = 0; k < more; k++) character[k] = byteAt(bytes, start, i + k);
    const taken = skipCharacter(character, 0, more);
    if (taken < 0) return false;
    i += taken;
  }
  return true;
}

/** UTF-16 that is read as such has a zero byte in three of four characters. */
function mayBeUtf16(bytes: Uint8Array, start: number, length: number): boolean {
  if (length < 8 || length % 2 !== 0) return false;
  const first = byteAt(bytes, start, 0);
  const from = first === 0xfe || first === 0 ? 0 : 1;
  let others = length / 8;
  for (let i = from; i < length && others >= 0; i += 2) if (byteAt(bytes, start, i) !== 0) others--;
  return others >= 0;
}
