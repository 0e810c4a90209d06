import type { LeftOutReason } from '../../core/left-out.ts';
import { bytesOf, eachMember, elements, skipSpace, spells } from './json-walk.ts';

/** A span of bytes: [start, end). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Whether its sender says that something is of an audit log: yes, no and what it is, or nothing. */
export type Audit = 'audit' | LeftOutReason | undefined;

/** Whether it is said to be something else than an audit log. */
export function isOther(audit: Audit): audit is LeftOutReason {
  return audit !== undefined && audit !== 'audit';
}

/**
 * What an object that a line, document or list element consists of holds.
 * - `event`: it is an audit event itself, or something only the scanner can judge.
 * - `elements`: an array whose elements are events or wrappers.
 * - `inside`: one value that is an event or a wrapper: an object, or a string that holds the text of one. `plain` where
 *   the string may also be an ordinary text, which says nothing then.
 * - `encoded`: a string of base64, often with gzip inside.
 * - `logEntry`: a LogEntry of Google Cloud Logging.
 * - `other`: something its sender says is no audit event.
 */
export type Role =
  | { readonly type: 'event' | 'logEntry' | 'other' }
  | { readonly type: 'elements'; readonly at: number; readonly audit: Audit }
  | { readonly type: 'inside'; readonly value: Span; readonly plain: boolean; readonly audit: Audit }
  | { readonly type: 'encoded'; readonly value: Span };

/** Members that stand only in an event: seeing one first ends the look. */
export const eventMembers = ['level', 'auditID', 'stage', 'verb', 'requestURI', 'user'];

/** EventList, Azure Monitor, Kinesis and Lambda, a CloudWatch subscription, get-log-events, Google's entries.list. */
export const arrayMembers = ['items', 'records', 'Records', 'logEvents', 'events', 'entries'];
/** CloudWatch and its Insights, and container runtimes. */
const textMembers = ['message', '@message', 'log'];
/** A Lambda event, a Kinesis record, a Pub/Sub message. */
const encodedIn = ['awslogs', 'kinesis', 'message'];
/** How base64 of gzip begins, and base64 of an object. */
const encodedStarts = ['"H4sI', '"ey', '"ew'];

const event: Role = { type: 'event' };

/** Looks at an object's own members, in one walk. */
export function roleOf(bytes: Uint8Array, at: number, end: number): Role {
  const members = new MemberLook(bytes);
  const after = eachMember(bytes, at, end, (keyStart, keyEnd, start, stop) =>
    members.see(keyStart, keyEnd, { start, end: stop }),
  );
  return after < 0 ? event : members.role;
}

class MemberLook {
  readonly #bytes: Uint8Array;
  #isEvent = false;
  #isControl = false;
  #audit: Audit;
  #array: Span | undefined;
  #inside: { readonly value: Span; readonly plain: boolean } | undefined;
  #encoded: Span | undefined;
  #logEntry = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get role(): Role {
    if (this.#isEvent) return event;
    if (this.#isControl) return { type: 'other' };
    if (this.#array) return { type: 'elements', at: this.#array.start, audit: this.#audit };
    if (this.#logEntry) return { type: 'logEntry' };
    if (this.#encoded) return { type: 'encoded', value: this.#encoded };
    return this.#inside ? { type: 'inside', ...this.#inside, audit: this.#audit } : event;
  }

  /** Returns whether the rest need not be looked at. */
  see(keyStart: number, keyEnd: number, value: Span): boolean {
    const bytes = this.#bytes;
    const isName = (name: string): boolean => spells(bytes, keyStart, keyEnd, name);
    const first = bytes[value.start];
    if (isName('kind')) this.#isEvent = this.#spells(value, '"Event"');
    else if (first === bytesOf.open) this.#array = arrayMembers.some(isName) ? value : this.#array;
    else if (isName('protoPayload')) this.#logEntry = isKubernetes(bytes, value);
    else if (isName('properties')) this.#seeInside(memberOf(bytes, value, 'log'), false);
    else if (first === bytesOf.openBrace && encodedIn.some(isName)) this.#seeEncoded(memberOf(bytes, value, 'data'));
    else if (textMembers.some(isName)) this.#seeInside(value, true);
    else if (isName('data')) this.#seeEncoded(value);
    else if (isName('messageType')) this.#isControl = this.#spells(value, '"CONTROL_MESSAGE"');
    else if (isName('category')) this.#audit = this.#startsWith(value, '"kube-audit') ? 'audit' : 'other-category';
    else if (isName('logStream')) this.#audit = this.#startsWith(value, '"kube-apiserver-audit') ? 'audit' : 'other-log-stream';
    else if (isName('stream')) this.#audit = this.#spells(value, '"stderr"') ? 'standard-error' : this.#audit;
    else this.#isEvent = eventMembers.some(isName);
    return this.#isEvent;
  }

  #seeInside(value: Span | undefined, plain: boolean): void {
    const first = value && this.#bytes[value.start];
    if (value && (first === bytesOf.quote || first === bytesOf.openBrace)) this.#inside = { value, plain };
  }

  #seeEncoded(value: Span | undefined): void {
    if (value && encodedStarts.some((start) => this.#startsWith(value, start))) this.#encoded = value;
  }

  #spells(value: Span, text: string): boolean {
    return spells(this.#bytes, value.start, value.end, text);
  }

  #startsWith(value: Span, text: string): boolean {
    return spells(this.#bytes, value.start, Math.min(value.end, value.start + text.length), text);
  }
}

/** The value of a member of the object at `object`; undefined where it is no object or has no such member. */
export function memberOf(bytes: Uint8Array, object: Span, name: string): Span | undefined {
  let found: Span | undefined;
  eachMember(bytes, object.start, object.end, (keyStart, keyEnd, start, end) => {
    if (spells(bytes, keyStart, keyEnd, name)) found = { start, end };
    return found !== undefined;
  });
  return found;
}

/** Other services of Google Cloud write the same kind of entry; some of them act on a cluster and name its permissions. */
function isKubernetes(bytes: Uint8Array, payload: Span): boolean {
  const [service, method] = [memberOf(bytes, payload, 'serviceName'), memberOf(bytes, payload, 'methodName')];
  if (service && spells(bytes, service.start, service.end, '"k8s.io"')) return true;
  if (!service && method && spells(bytes, method.start, Math.min(method.end, method.start + 4), '"io.')) return true;
  const asked = memberOf(bytes, payload, 'authorizationInfo');
  const [first] = (asked && elements(bytes, asked.start, asked.end)) ?? [];
  const permission = first === undefined || !asked ? undefined : memberOf(bytes, { start: first, end: asked.end }, 'permission');
  return permission !== undefined && spells(bytes, permission.start, Math.min(permission.end, permission.start + 8), '"io.k8s.');
}

/** Whether a value is an object or a string whose text begins as one. */
export function beginsAsObject(bytes: Uint8Array, value: Span): boolean {
  let at = value.start;
  if (bytes[at] === bytesOf.quote) {
    at = skipSpace(bytes, at + 1, value.end);
    while (bytes[at] === bytesOf.backslash && 'nrt'.includes(String.fromCharCode(bytes[at + 1] ?? 0))) at += 2;
  }
  return bytes[at] === bytesOf.openBrace;
}
