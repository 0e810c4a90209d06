import type { EventFilter } from '../core/event-store.ts';
import { isHumanUser } from '../core/human-user.ts';
import { type MaskedRecord, recordTypes } from '../core/record.ts';
import type { EventRow } from '../sinks/shared/event-row.ts';

/** `pods/exec` */
export const resourceOf = ({ resource = '', subresource }: Pick<EventRow, 'resource' | 'subresource'>): string =>
  subresource === undefined || subresource === '' ? resource : `${resource}/${subresource}`;

/**
 * What can be told from a record before its event is parsed: event or not, its time, whether the text stands in it.
 * A text is found as JSON writes it, with and without the escapes that Go adds.
 */
export function recordMatcher({ range, text }: EventFilter): (record: MaskedRecord) => boolean {
  const [sinceUs, untilUs] = [range.sinceMs * 1000, range.untilMs * 1000];
  const needles = text === undefined || text === '' ? [] : needlesOf(text);
  return (record) => {
    if (record.type !== recordTypes.event) return false;
    const { eventTimeUs } = record;
    if (eventTimeUs < sinceUs || eventTimeUs >= untilUs) return false;
    if (needles.length === 0) return true;
    const { buffer, byteOffset, length } = record.payload;
    const payload = Buffer.from(buffer, byteOffset, length);
    return needles.some((needle) => payload.includes(needle));
  };
}

const goEscapes: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };

function needlesOf(text: string): readonly Buffer[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const escaped = plain.replace(/[<>&]/g, (mark) => goEscapes[mark] ?? mark);
  return [...new Set([text, plain, escaped])].map((form) => Buffer.from(form));
}

/** What is asked of the head of an event. */
export function rowMatcher(filter: EventFilter): (row: EventRow) => boolean {
  const { user, verb, resource, namespace, name, sourceIp, code, humans } = filter;
  const users = filter.users === undefined ? undefined : new Set(filter.users);
  return (row) =>
    (user === undefined || (row.username ?? '') === user) &&
    (users === undefined || users.has(row.username ?? '')) &&
    (verb === undefined || (row.verb ?? '') === verb) &&
    (resource === undefined || resourceOf(row) === resource) &&
    (namespace === undefined || (row.namespace ?? '') === namespace) &&
    (name === undefined || (row.name ?? '') === name) &&
    (sourceIp === undefined || row.sourceIps.includes(sourceIp)) &&
    (code === undefined || row.code === code) &&
    (humans !== true || isHumanUser(row.username));
}
