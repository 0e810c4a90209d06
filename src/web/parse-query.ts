import type { EventFilter, TimeRange } from '../core/event-store.ts';
import { type Severity, severities } from '../core/finding.ts';
import { limits } from '../core/limits.ts';
import type { LogPosition } from '../core/log.ts';
import { reviewStates } from '../core/review.ts';
import { wrongQuery } from './api-fault.ts';
import type { FindingFilter } from './finding-row.ts';

/** Names and their values, each once. @throws ApiFault 400 for a name that is not known: a filter that is passed over shows too much */
export function checkNames(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (!known.includes(name)) throw wrongQuery(clean(name), `Known: ${known.join(', ')}.`);
    if (query.getAll(name).length > 1) throw wrongQuery(name, 'Give it once.');
  }
}

/** A name as it may stand in an answer. */
const clean = (name: string): string => (/^\w{1,40}$/.test(name) ? name : 'a name');

/** RFC 3339, or milliseconds since the epoch. */
export function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  const timeMs = /^\d{1,15}$/.test(text) ? Number(text) : /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(timeMs)) throw wrongQuery(name, 'Give a time such as 2026-05-04T09:00:00Z, or milliseconds since 1970.');
  return timeMs;
}

export function textOf(query: URLSearchParams, name: string): string | undefined {
  const text = query.get(name);
  return text === null || text === '' ? undefined : text;
}

export function wordOf<T extends string>(query: URLSearchParams, name: string, words: readonly T[]): T | undefined {
  const text = textOf(query, name);
  if (text !== undefined && !(words as readonly string[]).includes(text)) throw wrongQuery(name, `One of ${words.join(', ')}.`);
  return text as T | undefined;
}

export function numberOf(query: URLSearchParams, name: string, least: number, most: number): number | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw wrongQuery(name, `A number from ${least} to ${most}.`);
  return value;
}

export const limitOf = (query: URLSearchParams, fallback: number): number =>
  numberOf(query, 'limit', 1, limits.webRows) ?? fallback;

const isTrue = (query: URLSearchParams, name: string): boolean => wordOf(query, name, ['true', 'false']) === 'true';

export const findingNames = [
  ...['since', 'until', 'severity', 'state', 'rule', 'user', 'namespace', 'tag', 'humans', 'text'],
] as const;

/** The filter of FindingQuery. @throws ApiFault 400 */
export function findingFilter(query: URLSearchParams): FindingFilter {
  const given = {
    sinceMs: timeOf(query, 'since'),
    untilMs: timeOf(query, 'until'),
    severity: wordOf<Severity>(query, 'severity', severities),
    state: wordOf(query, 'state', reviewStates),
    rule: textOf(query, 'rule'),
    user: textOf(query, 'user'),
    namespace: textOf(query, 'namespace'),
    tag: textOf(query, 'tag'),
    text: textOf(query, 'text'),
  };
  return { ...definedOf(given), humans: isTrue(query, 'humans') };
}

export const eventNames = [
  ...['since', 'until', 'user', 'verb', 'resource', 'namespace', 'name', 'sourceIp', 'code', 'humans', 'text'],
] as const;

/** Of a query that says no range: the last day. */
const usualMs = 86_400_000;

/** From `since` to `until`; the last day where they are not given. @throws ApiFault 400 */
export function rangeOf(query: URLSearchParams, nowMs: number): TimeRange {
  const untilMs = timeOf(query, 'until') ?? nowMs + limits.clockAheadMs;
  const sinceMs = timeOf(query, 'since') ?? untilMs - usualMs;
  if (sinceMs >= untilMs) throw wrongQuery('since', 'It must be before `until`.');
  return { sinceMs, untilMs };
}

/** The filter of EventQuery. @throws ApiFault 400 */
export function eventFilter(query: URLSearchParams, nowMs: number): EventFilter {
  const given = {
    user: textOf(query, 'user'),
    verb: textOf(query, 'verb'),
    resource: textOf(query, 'resource'),
    namespace: textOf(query, 'namespace'),
    name: textOf(query, 'name'),
    sourceIp: textOf(query, 'sourceIp'),
    code: numberOf(query, 'code', 0, 999),
    text: textOf(query, 'text'),
  };
  return { range: rangeOf(query, nowMs), ...definedOf(given), ...(isTrue(query, 'humans') && { humans: true }) };
}

/** The members that are there. */
export function definedOf<T extends object>(value: T): { readonly [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    readonly [K in keyof T]?: NonNullable<T[K]>;
  };
}

export const positionText = ({ segment, offset }: LogPosition): string => `${segment}-${offset}`;

/** A position as `positionText` writes it; undefined where the text is none. */
export function positionIn(text: string | undefined): LogPosition | undefined {
  const parts = /^(\d{1,12})-(\d{1,15})$/.exec(text ?? '');
  return parts ? { segment: Number(parts[1]), offset: Number(parts[2]) } : undefined;
}
