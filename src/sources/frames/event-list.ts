import type { LeftOut } from '../../core/left-out.ts';
import type { StubReason } from '../../core/tile.ts';
import { bytesOf, elements, skipSpace, skipValue } from './json-walk.ts';
import { openLogEntry } from './log-entry.ts';
import { isDecoded, type Opened, openWrapper, roleOfObject } from './open-wrapper.ts';
import type { OpenedEvent } from './opened-event.ts';
import { beginsAsObject, isOther, type Role } from './wrapper-members.ts';

/**
 * What one framed text holds.
 * - `event`: one audit event, or something only the scanner can judge.
 * - `list`: any number of events; `spans` are [start, end) pairs of their bytes, which stay as they are.
 * - `wrapped`: as `list`, but at least one is inside a provider's record and was decoded or rebuilt.
 */
export type TextShape =
  | { readonly type: 'event' }
  | { readonly type: 'list'; readonly spans: readonly number[] }
  | { readonly type: 'wrapped'; readonly events: readonly OpenedEvent[] };

const event: TextShape = { type: 'event' };

/** Tells what a line or document holds. Costs a few bytes for an ordinary event, a few passes over the text for a list. */
export function shapeOf(bytes: Buffer, start: number, end: number, leftOut: LeftOut): TextShape {
  const at = skipSpace(bytes, start, end);
  const role = roleOfText(bytes, at, end);
  if (role.type === 'event' || !isWhole(bytes, at, end)) return event;
  if (role.type === 'inside' && role.plain && !isOther(role.audit) && !beginsAsObject(bytes, role.value)) return event;
  if (role.type === 'logEntry') return { type: 'wrapped', events: [openLogEntry(bytes, { start: at, end })] };
  return shapeOfParts(bytes, openWrapper(bytes, role, leftOut));
}

/** An array is a list of its elements; else the object says. */
function roleOfText(bytes: Uint8Array, at: number, end: number): Role {
  if (bytes[at] === bytesOf.open) return { type: 'elements', at, audit: undefined };
  return bytes[at] === bytesOf.openBrace ? roleOfObject(bytes, at, end) : { type: 'event' };
}

function isWhole(bytes: Uint8Array, at: number, end: number): boolean {
  const after = skipValue(bytes, at, end);
  return after >= 0 && skipSpace(bytes, after, end) === end;
}

function shapeOfParts(bytes: Buffer, parts: readonly Opened[]): TextShape {
  if (!parts.some(isDecoded))
    return { type: 'list', spans: parts.flatMap((part) => (isDecoded(part) ? [] : [part.start, part.end])) };
  return {
    type: 'wrapped',
    events: parts.map((part) =>
      isDecoded(part) ? part : { bytes: Buffer.from(bytes.subarray(part.start, part.end)), reason: 'none' as const },
    ),
  };
}

/** Why a part of a list is no event, as far as its first byte tells: an array has elements of its own. What else is none, the scanner says. */
export function itemReason(bytes: Uint8Array, start: number, end: number): StubReason {
  return bytes[skipSpace(bytes, start, end)] === bytesOf.open ? 'not-an-object' : 'none';
}

/** Why a text that stays whole cannot be masked as events: a list must hold nothing but objects. */
export function wholeReason(bytes: Uint8Array, start: number, end: number): StubReason {
  const at = skipSpace(bytes, start, end);
  const role = roleOfText(bytes, at, end);
  if (role.type !== 'elements' || !isWhole(bytes, at, end)) return 'none';
  const spans = elements(bytes, role.at, end) ?? [];
  return spans.every((from, i) => i % 2 === 1 || bytes[from] === bytesOf.openBrace) ? 'none' : 'not-an-object';
}
