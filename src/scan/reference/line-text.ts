import type { TextParts } from './text-parts.ts';

const [lineFeed, blank, doubleQuote, hash, singleQuote, colon, equals, backslash] = [10, 32, 34, 35, 39, 58, 61, 92] as const;

/**
 * Reads files of assignments, one a line: properties (with continued lines), INI and TOML with sections, .env with
 * `export`. Written as JSON with places: a list of objects of one member each, because names may repeat. False where a
 * line is neither an assignment nor a section, a comment or blank: such a text is only searched. Linear.
 */
export function readLines(bytes: Uint8Array, start: number, end: number, out: TextParts): boolean {
  out.literal('[');
  let count = 0;
  for (let at = start; at < end; ) {
    const stop = endOfLine(bytes, at, end);
    const from = skipBlanks(bytes, at, stop);
    const first = bytes[from] as number;
    const to = trimmed(bytes, from, stop);
    if (to <= from) at = stop + 1;
    else if (first === hash || first === 59 || first === 33 || (first === 91 && bytes[to - 1] === 93)) {
      out.note(from, to);
      at = stop + 1;
    } else {
      const next = assignment(bytes, from, to, end, out, count > 0);
      if (next < 0) return false;
      count++;
      at = next + 1;
    }
  }
  out.literal(']');
  return count > 0;
}

/** Returns the end of the last line that belongs to it, -1 where it is no assignment. */
function assignment(bytes: Uint8Array, start: number, lineEnd: number, end: number, out: TextParts, more: boolean): number {
  const from = startsWith(bytes, start, 'export ') ? skipBlanks(bytes, start + 7, lineEnd) : start;
  const nameEnd = endOfName(bytes, from, lineEnd);
  const separator = skipBlanks(bytes, nameEnd, lineEnd);
  if (nameEnd === from || separator >= lineEnd) return -1;
  if (bytes[separator] !== equals && bytes[separator] !== colon) return -1;
  const valueStart = skipBlanks(bytes, separator + 1, lineEnd);
  let valueEnd = lineEnd;
  // A backslash at its end continues a line.
  while (bytes[valueEnd - 1] === backslash && valueEnd < end) {
    const next = endOfLine(bytes, endOfLine(bytes, valueEnd, end) + 1, end);
    if (next <= valueEnd) break;
    valueEnd = trimmed(bytes, valueEnd, next);
  }
  out.literal(more ? ',{' : '{');
  const quoted = bytes[from] === doubleQuote || bytes[from] === singleQuote ? 1 : 0;
  out.string(bytes, from + quoted, nameEnd - quoted, 'enclosed');
  out.literal(':');
  const quote = bytes[valueStart];
  const isQuoted = (quote === doubleQuote || quote === singleQuote) && valueEnd - valueStart > 1 && bytes[valueEnd - 1] === quote;
  if (isQuoted) out.string(bytes, valueStart + 1, valueEnd - 1, 'enclosed');
  else out.string(bytes, valueStart, Math.max(valueStart, valueEnd), 'enclosed');
  out.literal('}');
  return endOfLine(bytes, valueEnd, end);
}

/** A name of letters, digits, `_`, `-`, `.`, `/`, brackets and bytes beyond ASCII, or anything but a quote in quotes. */
function endOfName(bytes: Uint8Array, start: number, end: number): number {
  const quote = bytes[start] as number;
  let at = start;
  if (quote === doubleQuote || quote === singleQuote) {
    at++;
    while (at < end && bytes[at] !== quote) at++;
    return at < end ? at + 1 : start;
  }
  while (at < end && nameBytes[bytes[at] as number] === 1) at++;
  return at;
}

const nameBytes = new Uint8Array(256).fill(1, 128);
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./[]$%')) nameBytes[byte] = 1;

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

function endOfLine(bytes: Uint8Array, from: number, end: number): number {
  const at = bytes.indexOf(lineFeed, from);
  return at < 0 || at > end ? end : at;
}

function skipBlanks(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (bytes[at] === blank || bytes[at] === 9)) at++;
  return at;
}

function trimmed(bytes: Uint8Array, from: number, to: number): number {
  let at = to;
  while (at > from && (bytes[at - 1] as number) <= blank) at--;
  return at;
}
