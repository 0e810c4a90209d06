import { latin1Text } from '../../core/byte-text.ts';
import { limits } from '../../core/limits.ts';
import type { Codecs } from '../ports.ts';
import { base64Values, endOfRun } from './encoded-run.ts';
import { isHex } from './hex.ts';
import { skipCharacter } from './utf8.ts';

/** Encoded text: where its digits stand, what they say, and how to write another text the same way. */
export interface EncodedText {
  /** Start and end of each line of digits, in turn; padding belongs to the last one. */
  readonly lines: readonly number[];
  readonly end: number;
  /** UTF-8; undefined where it unpacks to more than is allowed. */
  readonly text: Uint8Array | undefined;
  /** Digits for another text: ASCII. */
  encode(text: Uint8Array): Uint8Array;
}

type Encode = (bytes: Uint8Array) => Uint8Array;

/**
 * Reads the run of base64 (RFC 4648 sections 4 and 5, with or without padding, also over several lines) or
 * hexadecimal digits at `start`; undefined where it does not hold text: UTF-8, UTF-16, or gzip (RFC 1952) of either.
 * @param budget how many bytes it may unpack to
 */
export function readEncoded(
  bytes: Uint8Array,
  start: number,
  limit: number,
  budget: number,
  codecs: Codecs | undefined,
): EncodedText | undefined {
  const { lines, end, digits } = linesOfDigits(bytes, start, limit);
  const hex = hexCase(digits);
  if (hex !== undefined) {
    const decoded =
      digits.length / 2 <= budget
        ? textOf(Buffer.from(digits, 'hex'), budget, codecs)
        : { text: undefined, pack: (text: Uint8Array) => text };
    const write = (packed: Uint8Array): Uint8Array => {
      const text = Buffer.from(packed).toString('hex');
      return Buffer.from(hex === 'upper' ? text.toUpperCase() : text);
    };
    if (decoded) return { lines, end, text: decoded.text, encode: (text) => write(decoded.pack(text)) };
  }
  const decoded = textOf(Buffer.from(digits, 'base64'), budget, codecs);
  return decoded && { lines, end, text: decoded.text, encode: (text) => writeBase64(decoded.pack(text), digits) };
}

/** The digits of a run, over further lines as long as they are long enough and go on in the same way. */
function linesOfDigits(bytes: Uint8Array, start: number, limit: number): { lines: number[]; end: number; digits: string } {
  const lines: number[] = [];
  let digits = '';
  let at = start;
  for (;;) {
    const runEnd = endOfRun(bytes, at, limit);
    const full = runEnd - at >= 48 && (runEnd - at) % 4 === 0;
    let end = runEnd;
    while (end < limit && end - runEnd < 2 && bytes[end] === 61) end++;
    lines.push(at, end);
    digits += latin1Text(bytes, at, end);
    const next = afterLineBreak(bytes, runEnd, limit);
    if (!full || end > runEnd || next < 0) return { lines, end, digits };
    at = next;
  }
}

/** Where digits go on after a line break, written out or escaped, and blanks; -1 where they do not. */
function afterLineBreak(bytes: Uint8Array, from: number, limit: number): number {
  let at = from;
  let broken = false;
  for (;;) {
    const byte = bytes[at];
    const isEscape = byte === 92 && (bytes[at + 1] === 110 || bytes[at + 1] === 114);
    if (byte === 10 || byte === 13 || isEscape) broken = true;
    else if (byte !== 32 && byte !== 9) break;
    at += isEscape ? 2 : 1;
  }
  return broken && at < limit && base64Values[bytes[at] as number] !== 255 ? at : -1;
}

function hexCase(digits: string): 'lower' | 'upper' | undefined {
  if (digits.length % 2 !== 0) return undefined;
  let upper = false;
  for (let i = 0; i < digits.length; i++) {
    const code = digits.charCodeAt(i);
    if (!isHex(code)) return undefined;
    upper ||= code >= 65 && code <= 70;
  }
  return upper ? 'upper' : 'lower';
}

/** Base64 with the alphabet and the padding of other digits. */
function writeBase64(bytes: Uint8Array, like: string): Uint8Array {
  const forUrl = like.includes('-') || like.includes('_');
  const padded = like.endsWith('=') || (like.length % 4 === 0 && !forUrl);
  let text = Buffer.from(bytes).toString(forUrl ? 'base64url' : 'base64');
  if (forUrl) while (padded && text.length % 4 !== 0) text += '=';
  else if (!padded) text = text.replace(/=+$/, '');
  return Buffer.from(text);
}

interface Unpacked {
  readonly text: Uint8Array | undefined;
  readonly pack: Encode;
}

function textOf(bytes: Uint8Array, budget: number, codecs: Codecs | undefined): Unpacked | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b && codecs) return unzipped(bytes, budget, codecs);
  if (isText(bytes)) return { text: bytes.length <= budget ? bytes : undefined, pack: (text) => text };
  return fromUtf16(bytes);
}

function unzipped(bytes: Uint8Array, budget: number, codecs: Codecs): Unpacked | undefined {
  const inner = codecs.unzip(bytes, budget);
  if (inner === undefined) return undefined;
  if (inner === 'too-large') return { text: undefined, pack: codecs.zip };
  const text = isText(inner) ? { text: inner, pack: (packed: Uint8Array) => packed } : fromUtf16(inner);
  return text && { text: text.text, pack: (other) => codecs.zip(text.pack(other)) };
}

/** UTF-16 of text that is mostly ASCII, with a byte order mark or without. */
function fromUtf16(bytes: Uint8Array): Unpacked | undefined {
  if (bytes.length < 8 || bytes.length % 2 !== 0) return undefined;
  const big = bytes[0] === 0xfe || bytes[0] === 0;
  let ascii = 0;
  for (let at = 0; at < bytes.length; at += 2) if (bytes[big ? at : at + 1] === 0) ascii++;
  if (ascii * 8 < bytes.length * 3) return undefined;
  const swapped = big ? Buffer.from(bytes).swap16() : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = Buffer.from(swapped.toString('utf16le'));
  if (!isText(text)) return undefined;
  const pack = (other: Uint8Array): Uint8Array => {
    const packed = Buffer.from(Buffer.from(other).toString(), 'utf16le');
    return big ? packed.swap16() : packed;
  };
  return { text, pack };
}

/** UTF-8 without control characters other than tab and line ends. */
function isText(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] as number;
    if (byte < 32 ? byte !== 9 && byte !== 10 && byte !== 13 : byte === 127) return false;
    at = byte < 128 ? at + 1 : skipCharacter(bytes, at, bytes.length);
    if (at < 0) return false;
  }
  return bytes.length > 0 && bytes.length <= limits.eventBytes;
}
