import type { facilityNames } from '../../config/sinks/syslog.ts';
import { formatTime } from '../../core/format-time.ts';
import { cutText } from '../../findings/cut-text.ts';
import { structuredData } from './structured-data.ts';

export type Facility = (typeof facilityNames)[number];

/** Facilities by name. Source: RFC 5424 §6.2.1, table 1. */
export const facilities: Readonly<Record<Facility, number>> = {
  user: 1,
  daemon: 3,
  auth: 4,
  authpriv: 10,
  audit: 13,
  alert: 14,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
};

export interface MessageOptions {
  readonly facility: Facility;
  readonly hostname: string;
  readonly appName: string;
  /** Private enterprise number after the `@` of our element of structured data. */
  readonly enterpriseNumber: number;
  /** Longest message in bytes, its header included. */
  readonly maxMessageBytes: number;
}

export interface SyslogEntry {
  /** 0 (emergency) to 7 (debug). Source: RFC 5424 §6.2.1, table 2. */
  readonly severity: number;
  readonly timeUs: number;
  /** `MSGID`: what kind of message it is. */
  readonly kind: 'event' | 'finding';
  readonly params: Readonly<Record<string, string | number | undefined>>;
  /** On one line. */
  readonly text: string;
}

/** At most so many printable ASCII characters without a space, else `-`: the names in a header. */
function headerName(text: string, limit: number): string {
  const name = text.replace(/[^\x21-\x7e]/g, '_').slice(0, limit);
  return name === '' ? '-' : name;
}

/** `-` where there is no such time. */
const timestamp = (us: number): string => (us > 0 ? formatTime(us) : '-');

/**
 * A message of RFC 5424, UTF-8 without the byte order mark that receivers of JSON and CEF stumble over. A text that is too long is
 * cut, never inside a mask, ends with `…`, and `truncated` in the structured data says how many bytes it had.
 */
export function syslogMessage(entry: SyslogEntry, options: MessageOptions): Buffer {
  const { maxMessageBytes } = options;
  const priority = facilities[options.facility] * 8 + entry.severity;
  const header = `<${priority}>1 ${timestamp(entry.timeUs)} ${headerName(options.hostname, 255)} ${headerName(options.appName, 48)} - ${entry.kind}`;
  const data = (params: SyslogEntry['params']): string =>
    structuredData(`auditveil@${options.enterpriseNumber}`, params, maxMessageBytes / 2);
  const whole = Buffer.from(`${header} ${data(entry.params)} ${entry.text}`);
  if (whole.length <= maxMessageBytes) return whole;
  const start = `${header} ${data({ truncated: Buffer.byteLength(entry.text), ...entry.params })} `;
  return Buffer.from(start + cutBytes(entry.text, maxMessageBytes - Buffer.byteLength(start)));
}

/** A text of at most so many bytes of UTF-8, `…` included, whole characters and whole masks. */
export function cutBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const room = Math.max(0, bytes - 3);
  // The last character may have been cut in half: then it is left out, and what follows it too.
  const characters = new TextDecoder().decode(Buffer.from(text).subarray(0, room)).replace(/\ufffd+$/, '').length;
  return cutText(text, characters);
}
