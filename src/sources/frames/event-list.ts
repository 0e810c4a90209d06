import type { StubReason } from '../../core/tile.ts';
import { bytesOf, eachMember, elements, skipSpace, skipValue, spells } from './json-walk.ts';

/**
 * What one framed text holds.
 * - `event`: one audit event, or something only the scanner can judge.
 * - `list`: several events; `spans` are [start, end) pairs of their bytes, which stay as they are.
 * - `wrapped`: as `list`, but at least one is inside a provider's record (AKS: `properties.log`); a span that begins
 *   with a quote is a JSON string that holds the event.
 */
export type TextShape =
  | { readonly type: 'event' }
  | { readonly type: 'list'; readonly spans: readonly number[] }
  | { readonly type: 'wrapped'; readonly spans: readonly number[] };

const event: TextShape = { type: 'event' };
/** Members that stand only in an event: seeing one first ends the look. */
export const eventMembers = ['level', 'auditID', 'stage', 'verb', 'requestURI', 'user', 'protoPayload'];

/** Tells what a line or document holds. Costs a few bytes for an ordinary event, one or two passes over the text for a list. */
export function shapeOf(bytes: Uint8Array, start: number, end: number): TextShape {
  const at = skipSpace(bytes, start, end);
  if (bytes[at] === bytesOf.open) return isWhole(bytes, at, end) ? arrayShape(bytes, at, end) : event;
  if (bytes[at] !== bytesOf.openBrace || startsAsEvent(bytes, at, end)) return event;
  const found = membersOf(bytes, at, end);
  if (!found) return event;
  if (found.array >= 0) return isWhole(bytes, at, end) ? arrayShape(bytes, found.array, end) : event;
  return found.log.length > 0 && isWhole(bytes, at, end) ? { type: 'wrapped', spans: found.log } : event;
}

/** The common beginning of a line of kube-apiserver's log, checked without a walk. */
function startsAsEvent(bytes: Uint8Array, at: number, end: number): boolean {
  return startsWith(bytes, at, end, '{"kind":"Event",') || startsWith(bytes, at, end, '{"level":');
}

function startsWith(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  return at + text.length <= end && spells(bytes, at, at + text.length, text);
}

function isWhole(bytes: Uint8Array, at: number, end: number): boolean {
  const after = skipValue(bytes, at, end);
  return after >= 0 && skipSpace(bytes, after, end) === end;
}

interface Members {
  /** Where the array `items` or `records` opens; -1 without one. */
  readonly array: number;
  /** Span of `properties.log`; empty without one. */
  readonly log: readonly number[];
}

/** Looks at an object's own members; undefined for an event and for what is not a whole object. */
function membersOf(bytes: Uint8Array, at: number, end: number): Members | undefined {
  let isEvent = false;
  let array = -1;
  let log: readonly number[] = [];
  const after = eachMember(bytes, at, end, (keyStart, keyEnd, valueStart, valueEnd) => {
    const isName = (name: string): boolean => spells(bytes, keyStart, keyEnd, name);
    if (isName('kind')) isEvent = spells(bytes, valueStart, valueEnd, '"Event"');
    else if ((isName('items') || isName('records')) && bytes[valueStart] === bytesOf.open) array = valueStart;
    else if (isName('properties')) log = logOf(bytes, valueStart, valueEnd);
    else isEvent = eventMembers.some(isName);
    return isEvent;
  });
  return isEvent || after < 0 ? undefined : { array, log };
}

function logOf(bytes: Uint8Array, at: number, end: number): readonly number[] {
  let span: readonly number[] = [];
  eachMember(bytes, at, end, (keyStart, keyEnd, valueStart, valueEnd) => {
    const isText = bytes[valueStart] === bytesOf.quote || bytes[valueStart] === bytesOf.openBrace;
    if (isText && spells(bytes, keyStart, keyEnd, 'log')) span = [valueStart, valueEnd];
    return span.length > 0;
  });
  return span;
}

/** Why a part of a list is no event, as far as its first byte tells: an array has elements of its own. What else is none, the scanner says. */
export function itemReason(bytes: Uint8Array, start: number, end: number): StubReason {
  return bytes[skipSpace(bytes, start, end)] === bytesOf.open ? 'not-an-object' : 'none';
}

/** Why a text that stays whole cannot be masked as events: a list must hold nothing but objects. */
export function wholeReason(bytes: Uint8Array, start: number, end: number): StubReason {
  const shape = shapeOf(bytes, start, end);
  if (shape.type !== 'list') return 'none';
  return shape.spans.every((at, i) => i % 2 === 1 || bytes[at] === bytesOf.openBrace) ? 'none' : 'not-an-object';
}

/** The elements as events. Wrapped ones are opened; nothing is opened twice, so nesting costs nothing. */
function arrayShape(bytes: Uint8Array, at: number, end: number): TextShape {
  const spans = elements(bytes, at, end);
  if (!spans) return event;
  const found: number[] = [];
  let wrapped = false;
  for (let i = 0; i < spans.length; i += 2) {
    const start = spans[i] ?? 0;
    const stop = spans[i + 1] ?? 0;
    const log =
      bytes[start] !== bytesOf.openBrace || startsAsEvent(bytes, start, stop) ? [] : (membersOf(bytes, start, stop)?.log ?? []);
    if (log.length > 0) {
      wrapped = true;
      found.push(...log);
    } else found.push(start, stop);
  }
  return { type: wrapped ? 'wrapped' : 'list', spans: found };
}
