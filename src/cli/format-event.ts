import { type MaskedRecord, recordFlags } from '../core/record.ts';
import { plainText } from '../findings/plain-json.ts';
import { pad, printable, shorten } from './printable.ts';

export interface EventStyle {
  readonly json: boolean;
  /** Of the terminal; undefined where it is none: nothing is cut. */
  readonly columns: number | undefined;
}

/** A masked event of a log as one line of JSON, or as people read it. */
export function formatEvent(record: MaskedRecord, { json, columns }: EventStyle): string {
  const text = Buffer.from(record.payload).toString('utf8');
  if (json) {
    const line = text.includes('\n') ? JSON.stringify(JSON.parse(text)) : text;
    // In a pipe the bytes stay as they are kept.
    return columns === undefined ? line : plainText(line);
  }
  const line = printable(eventLine(record, text));
  return columns === undefined ? line : shorten(line, columns);
}

interface EventShape {
  readonly stage?: unknown;
  readonly verb?: unknown;
  readonly user?: { readonly username?: unknown };
  readonly sourceIPs?: readonly unknown[];
  readonly objectRef?: {
    readonly resource?: unknown;
    readonly subresource?: unknown;
    readonly namespace?: unknown;
    readonly name?: unknown;
  };
  readonly responseStatus?: { readonly code?: unknown };
  readonly requestURI?: unknown;
}

function eventLine(record: MaskedRecord, text: string): string {
  const time = new Date(record.eventTimeUs / 1000).toISOString().replace('T', ' ').slice(0, 23);
  if ((record.flags & recordFlags.stub) !== 0) return `${time} stub: ${record.stubReason}`;
  const event = JSON.parse(text) as EventShape;
  const { objectRef } = event;
  const resource = [objectRef?.resource, objectRef?.subresource].filter(Boolean).join('/');
  const place = [objectRef?.namespace, objectRef?.name].filter(Boolean).join('/');
  const what = objectRef
    ? [event.verb, resource, place].filter(Boolean).join(' ')
    : `${word(event.verb)} ${word(event.requestURI)}`;
  const from = event.sourceIPs?.at(-1) === undefined ? '' : ` ~${word(event.sourceIPs.at(-1))}`;
  return `${time} ${pad(word(event.responseStatus?.code) || '-', 3)} ${word(event.user?.username)}${from}  ${what}`;
}

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
