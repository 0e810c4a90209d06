import { bytesOf, eachMember, meaningOf, skipString, skipValue, spells } from './json-walk.ts';
import type { Span } from './wrapper-members.ts';

/** A line of Docker's json-file log: `{"log":"…\n","stream":"stdout","time":"…"}`. */
export interface DockerLine {
  /** What stands between the quotes of `log`, escapes as they are. */
  readonly text: Span;
  readonly stream: 'stdout' | 'stderr';
  /** Whether the text has its line end. */
  readonly ends: boolean;
  /** Whether the text is a JSON value on its own, as shippers write it, without a line end. */
  readonly isWhole: boolean;
}

/** Undefined where the line is no such object. */
export function dockerLineOf(bytes: Buffer, start: number, end: number): DockerLine | undefined {
  if (!spells(bytes, start, Math.min(end, start + 8), '{"log":"')) return undefined;
  const textEnd = skipString(bytes, start + 7, end) - 1;
  if (textEnd < 0) return undefined;
  let stream: 'stdout' | 'stderr' | undefined;
  const after = eachMember(bytes, start, end, (keyStart, keyEnd, valueStart, valueEnd) => {
    if (spells(bytes, keyStart, keyEnd, 'stream')) stream = spells(bytes, valueStart, valueEnd, '"stderr"') ? 'stderr' : 'stdout';
    return false;
  });
  if (after < 0 || stream === undefined) return undefined;
  const text = { start: start + 8, end: textEnd };
  const ends = spells(bytes, text.end - 2, text.end, '\\n') && bytes[text.end - 3] !== bytesOf.backslash;
  return { text, stream, ends, isWhole: ends || isWholeText(bytes, text) };
}

/** Whether the brackets of the text close, read with its escapes taken away. */
function isWholeText(bytes: Buffer, { start, end }: Span): boolean {
  const text = decodeText(bytes.subarray(start, end));
  return text !== undefined && skipValue(text, 0, text.length) === text.length;
}

/** The text that stands between the quotes of a JSON string; undefined where it is no such text. */
export function decodeText(escaped: Buffer): Buffer | undefined {
  const text = meaningOf(`"${escaped.toString('utf8')}"`);
  return text === undefined ? undefined : Buffer.from(text.trimEnd());
}
