import { bytesOf, skipSpace, skipString, skipValue, spells } from './json-walk.ts';
import { skipMark } from './line-framer.ts';
import { eventMembers } from './wrapper-members.ts';

const { openBrace, quote, colon, comma, open } = bytesOf;

/**
 * Where the items of a list begin: the index after the bracket of `"items":[` among the first members of an object.
 * `undecided` where the text ends too early to tell, `other` where it is no such list.
 */
export function listOpening(bytes: Uint8Array, end: number): number | 'undecided' | 'other' {
  let i = skipSpace(bytes, skipMark(bytes, 0, end), end);
  if (i >= end) return 'undecided';
  if (bytes[i] !== openBrace) return 'other';
  for (;;) {
    i = skipSpace(bytes, i + 1, end);
    if (i >= end) return 'undecided';
    if (bytes[i] !== quote) return 'other';
    const keyStart = i + 1;
    i = skipString(bytes, i, end);
    if (i < 0) return 'undecided';
    const keyEnd = i - 1;
    i = skipSpace(bytes, i, end);
    if (i >= end) return 'undecided';
    if (bytes[i] !== colon) return 'other';
    i = skipSpace(bytes, i + 1, end);
    if (i >= end) return 'undecided';
    if (spells(bytes, keyStart, keyEnd, 'items')) return bytes[i] === open ? i + 1 : 'other';
    const valueStart = i;
    i = skipValue(bytes, i, end);
    if (i < 0 || i >= end) return 'undecided';
    if (isEventMember(bytes, keyStart, keyEnd, valueStart, i)) return 'other';
    i = skipSpace(bytes, i, end);
    if (i >= end) return 'undecided';
    if (bytes[i] !== comma) return 'other';
  }
}

function isEventMember(bytes: Uint8Array, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): boolean {
  if (spells(bytes, keyStart, keyEnd, 'kind')) return spells(bytes, valueStart, valueEnd, '"Event"');
  return eventMembers.some((name) => spells(bytes, keyStart, keyEnd, name));
}
