import { gunzipSync } from 'node:zlib';
import type { LeftOut } from '../../core/left-out.ts';
import { limits } from '../../core/limits.ts';
import type { StubReason } from '../../core/tile.ts';
import { bytesOf, elements, meaningOf, skipSpace, skipValue, spells } from './json-walk.ts';
import { openLogEntry } from './log-entry.ts';
import type { OpenedEvent } from './opened-event.ts';
import { type Audit, beginsAsObject, isOther, type Role, roleOf, type Span } from './wrapper-members.ts';

/** A part that stays as its bytes stand, or one that was decoded or rebuilt. */
export type Opened = Span | OpenedEvent;

/** Wrappers in wrappers: a Kinesis record holds a subscription's message, which holds messages, which hold events. */
const maxLevels = 6;

/** Whether a value was decoded; else it is a span of the bytes that were looked at. */
export function isDecoded(part: Opened): part is OpenedEvent {
  return 'bytes' in part;
}

/**
 * The events inside a wrapper. Each level costs a walk over its text, and what decodes to more than
 * `limits.eventBytes` is not decoded: so a text costs a bounded multiple of its size.
 */
export function openWrapper(bytes: Buffer, role: Role, leftOut: LeftOut): readonly Opened[] {
  const opener = new Opener(leftOut);
  opener.open(bytes, role, 1);
  return opener.found;
}

/** The events in base64 text that may hold gzip. */
export function openEncoded(text: string, leftOut: LeftOut): readonly OpenedEvent[] {
  const opener = new Opener(leftOut);
  opener.decoded(text, 1);
  return opener.found.filter(isDecoded);
}

class Opener {
  readonly found: Opened[] = [];
  readonly #leftOut: LeftOut;
  #decodedBytes = 0;

  constructor(leftOut: LeftOut) {
    this.#leftOut = leftOut;
  }

  open(bytes: Buffer, role: Role, level: number): void {
    if (role.type === 'elements') this.#elements(bytes, role.at, role.audit, level);
    else if (role.type === 'inside') this.#inside(bytes, role.value, role.audit, level);
    else if (role.type === 'encoded') this.decoded(bytes.toString('latin1', role.value.start + 1, role.value.end - 1), level);
    else if (role.type === 'other') this.#leftOut('control-message');
  }

  decoded(text: string, level: number): void {
    const bytes = this.#decode(text.replaceAll('\\/', '/').replaceAll('\\n', ''));
    if (bytes === 'too-big') this.#stub('too-big');
    else if (bytes) this.#whole(bytes, level + 1, true);
    else this.#stub('not-json');
  }

  #elements(bytes: Buffer, at: number, audit: Audit, level: number): void {
    const spans = elements(bytes, at, bytes.length) ?? [];
    for (let i = 0; i < spans.length; i += 2) {
      const span = { start: spans[i] ?? 0, end: spans[i + 1] ?? 0 };
      const role = bytes[span.start] === bytesOf.openBrace ? roleOfObject(bytes, span.start, span.end) : undefined;
      if (!role || level >= maxLevels || role.type === 'event') this.found.push(span);
      else this.#object(bytes, span, audit === undefined ? role : withAudit(role, audit), level + 1);
    }
  }

  /** One object: an event, an entry, or a wrapper. */
  #object(bytes: Buffer, span: Span, role: Role, level: number): void {
    if (role.type === 'event') this.found.push(span);
    else if (role.type === 'logEntry') this.found.push(openLogEntry(bytes, span));
    else if (role.type === 'inside' && role.plain && role.audit === undefined && !beginsAsObject(bytes, role.value))
      this.found.push(span);
    else this.open(bytes, role, level);
  }

  #inside(bytes: Buffer, value: Span, audit: Audit, level: number): void {
    if (isOther(audit) && !beginsAsObject(bytes, value)) {
      this.#leftOut(audit);
      return;
    }
    if (bytes[value.start] !== bytesOf.quote) {
      this.#object(bytes, value, roleOfObject(bytes, value.start, value.end), level);
      return;
    }
    const text = stringOf(bytes, value);
    if (text) this.#whole(text, level + 1, false);
    else this.#stub('not-json');
  }

  /** Decoded text: an event or a wrapper; with `many`, one or more of them. */
  #whole(text: Buffer, level: number, many: boolean): void {
    let at = skipSpace(text, 0, text.length);
    do {
      const end = text[at] === bytesOf.openBrace ? skipValue(text, at, text.length) : -1;
      const after = end < 0 ? text.length : skipSpace(text, end, text.length);
      if (end < 0 || (!many && after < text.length)) {
        this.found.push({ bytes: text.subarray(at), reason: 'none' });
        return;
      }
      this.#decodedObject(text, { start: at, end }, level);
      at = after;
    } while (at < text.length);
  }

  #decodedObject(text: Buffer, value: Span, level: number): void {
    const from = this.found.length;
    const role: Role = level < maxLevels ? roleOfObject(text, value.start, value.end) : { type: 'event' };
    this.#object(text, value, role, level);
    for (let i = from; i < this.found.length; i++) {
      const part = this.found[i];
      if (part && !isDecoded(part)) this.found[i] = { bytes: text.subarray(part.start, part.end), reason: 'none' };
    }
  }

  #stub(reason: StubReason): void {
    this.found.push({ bytes: Buffer.alloc(0), reason });
  }

  #decode(text: string): Buffer | 'too-big' | undefined {
    const bytes = Buffer.from(text, 'base64');
    const room = limits.eventBytes - this.#decodedBytes;
    let inside = bytes;
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
      try {
        inside = gunzipSync(bytes, { maxOutputLength: Math.max(1, room) });
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-big' : undefined;
      }
    }
    this.#decodedBytes += inside.length;
    return inside.length > room ? 'too-big' : inside;
  }
}

function withAudit(role: Role, audit: Audit): Role {
  return role.type === 'inside' || role.type === 'elements' ? { ...role, audit: role.audit ?? audit } : role;
}

function stringOf(bytes: Buffer, value: Span): Buffer | undefined {
  const text = meaningOf(bytes.toString('utf8', value.start, value.end));
  return text === undefined ? undefined : Buffer.from(text.trim());
}

/** The common beginning of a line of kube-apiserver's log, checked without a walk. */
export function startsAsEvent(bytes: Uint8Array, at: number, end: number): boolean {
  return startsWith(bytes, at, end, '{"kind":"Event",') || startsWith(bytes, at, end, '{"level":');
}

function startsWith(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  return at + text.length <= end && spells(bytes, at, at + text.length, text);
}

/** As `roleOf`; an ordinary event is told by its first bytes. */
export function roleOfObject(bytes: Uint8Array, at: number, end: number): Role {
  return startsAsEvent(bytes, at, end) ? { type: 'event' } : roleOf(bytes, at, end);
}
