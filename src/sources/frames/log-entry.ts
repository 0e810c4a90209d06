import { bytesOf, eachMember, meaningOf } from './json-walk.ts';
import type { OpenedEvent } from './opened-event.ts';
import { type MethodName, parseMethodName, parseResourceName, pathOf, type ResourceName } from './resource-name.ts';
import type { Span } from './wrapper-members.ts';

/** google.rpc.Code to the status code that the API server answers with. */
const httpCodes: Readonly<Record<number, number>> = {
  0: 200,
  1: 499,
  2: 500,
  3: 422,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 400,
  10: 409,
  11: 400,
  12: 501,
  13: 500,
  14: 503,
  15: 500,
  16: 401,
};

/**
 * Rebuilds the audit event of a Kubernetes LogEntry in Google Cloud Logging (GKE). Requests, responses and labels
 * (the event's annotations) are copied as their bytes stand; what has no place in an event stands in `logEntry`.
 * Groups, uid and the exact URI are not in the entry and are not invented. What cannot be rebuilt stays as it is, with a reason.
 */
export function openLogEntry(bytes: Buffer, entry: Span): OpenedEvent {
  try {
    return { bytes: rebuildEvent(bytes, entry), reason: 'none' };
  } catch {
    return { bytes: Buffer.from(bytes.subarray(entry.start, entry.end)), reason: 'not-json' };
  }
}

function rebuildEvent(bytes: Buffer, entry: Span): Buffer {
  const top = new Members(bytes, entry);
  const payload = top.object('protoPayload');
  const facts = factsOf(top, payload);
  const members: (readonly [string, Buffer | string | undefined])[] = [
    ['kind', '"Event"'],
    ['apiVersion', '"audit.k8s.io/v1"'],
    ['level', JSON.stringify(levelOf(payload))],
    ['auditID', top.object('operation').raw('id') ?? top.raw('insertId')],
    ['stage', JSON.stringify(facts.stage)],
    ['requestURI', JSON.stringify(facts.uri)],
    ['verb', JSON.stringify(facts.method.verb)],
    ...peopleOf(payload),
    ['objectRef', facts.resource && JSON.stringify(facts.resource)],
    ['responseStatus', statusOf(payload, facts)],
    ['requestObject', payload.raw('request')],
    ['responseObject', payload.raw('response')],
    ['requestReceivedTimestamp', timeOf(top)],
    ['stageTimestamp', timeOf(top)],
    ['annotations', annotationsOf(top, payload)],
    ['logEntry', restOf(top, payload)],
  ];
  return objectOf(members);
}

interface Facts {
  readonly method: MethodName;
  readonly resource: ResourceName | undefined;
  readonly uri: string;
  readonly stage: 'ResponseStarted' | 'ResponseComplete';
}

/** Subresources whose requests stay open: they answer with 101, and what counts is that they began. */
const sessions = ['exec', 'attach', 'portforward'];

function factsOf(top: Members, payload: Members): Facts {
  // Other services that act on a cluster name their own method, but the permission they were asked for.
  const own = payload.text('methodName') ?? '';
  const method = parseMethodName(own.startsWith('io.') ? own : (payload.permission ?? own));
  const name = own.startsWith('io.') ? (payload.text('resourceName') ?? '') : '';
  const resource = parseResourceName(name) ?? (name === '' ? method.resource : undefined);
  const path = resource ? pathOf(resource) : (method.path ?? (name.startsWith('/') ? name : `/${name}`));
  const operation = top.object('operation');
  const [isFirst, isLast] = [operation.text('first') === 'true', operation.text('last') === 'true'];
  const isSession = sessions.includes(resource?.subresource ?? '');
  const isRunning = isSession ? isFirst || !isLast : isFirst && !isLast;
  return {
    method,
    resource,
    uri: payload.text('requestURI') ?? `${path}${queryOf(payload, resource)}`,
    stage: isRunning ? 'ResponseStarted' : 'ResponseComplete',
  };
}

/** What is run in a container stands in the query of the real request. */
function queryOf(payload: Members, resource: ResourceName | undefined): string {
  if (resource?.subresource !== 'exec' && resource?.subresource !== 'attach') return '';
  const request = payload.object('request');
  const parts = request.texts('command').map((word) => `command=${percentEncoded(word)}`);
  for (const name of ['container', 'stdin', 'stdout', 'stderr', 'tty']) {
    const value = request.text(name);
    if (value !== undefined) parts.push(`${name}=${percentEncoded(value)}`);
  }
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

/** Half of a surrogate pair has no bytes: it becomes U+FFFD, as in everything that Go writes. */
function percentEncoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}

function levelOf(payload: Members): 'Metadata' | 'Request' | 'RequestResponse' {
  if (payload.raw('response')) return 'RequestResponse';
  return payload.raw('request') ? 'Request' : 'Metadata';
}

function peopleOf(payload: Members): (readonly [string, Buffer | string | undefined])[] {
  const who = payload.object('authenticationInfo');
  const caller = payload.object('requestMetadata');
  const [first, second] = [who.raw('principalEmail') ?? who.raw('principalSubject'), who.raw('authoritySelector')];
  const address = caller.raw('callerIp') ?? caller.raw('callerIP');
  return [
    ['user', objectOf([['username', first ?? second ?? '""']])],
    ['impersonatedUser', first && second && objectOf([['username', second]])],
    ['sourceIPs', address && Buffer.concat([Buffer.from('['), address, Buffer.from(']')])],
    ['userAgent', caller.raw('callerSuppliedUserAgent')],
  ];
}

function statusOf(payload: Members, facts: Facts): Buffer {
  const status = payload.object('status');
  const response = payload.object('response');
  const isStatus = response.text('kind') === 'Status' && response.text('code') !== undefined;
  const rpc = Number(status.text('code') ?? 0);
  const answered = rpc >= 100 ? rpc : (httpCodes[rpc] ?? 500);
  const isDenied = facts.resource && answered === 200 && payload.granted === false;
  const code = isStatus ? Number(response.text('code')) : isDenied ? 403 : answered === 200 ? successOf(facts) : answered;
  return objectOf([
    ['metadata', '{}'],
    ['status', code >= 400 ? '"Failure"' : undefined],
    ['message', (isStatus ? response.raw('message') : undefined) ?? status.raw('message')],
    ['reason', isStatus ? response.raw('reason') : undefined],
    ['code', String(Number.isFinite(code) ? code : 500)],
  ]);
}

function successOf({ method, resource }: Facts): number {
  if (sessions.includes(resource?.subresource ?? '')) return 101;
  return method.verb === 'create' ? 201 : 200;
}

/** Labels are the annotations of the event; the decision is added where only `authorizationInfo` has it. */
function annotationsOf(top: Members, payload: Members): Buffer | string | undefined {
  const labels = top.raw('labels');
  const { granted } = payload;
  if (granted === undefined || top.object('labels').raw('authorization.k8s.io/decision')) return labels;
  const decision = `{"authorization.k8s.io/decision":"${granted ? 'allow' : 'forbid'}"`;
  const others = labels?.subarray(1).toString('utf8').trimStart();
  return others === undefined || others === '}' ? `${decision}}` : `${decision},${others}`;
}

/** RFC 3339 with microseconds, as the API server writes it; entries have up to nanoseconds, exports a space for the T. */
function timeOf(top: Members): string | undefined {
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,6})?\d*(Z|[+-]\d\d:\d\d)?$/.exec(top.text('timestamp') ?? '');
  return found ? JSON.stringify(`${found[1]}T${found[2]}${found[3] ?? ''}${found[4] ?? 'Z'}`) : undefined;
}

/** Everything of the entry that has no place of its own in the event. */
function restOf(top: Members, payload: Members): Buffer {
  const inside = payload.others(['request', 'response']);
  return objectOf([...top.others(['protoPayload', 'labels']), ['protoPayload', objectOf(inside)]]);
}

function objectOf(members: readonly (readonly [string, Buffer | string | undefined])[]): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of members) {
    if (value === undefined) continue;
    parts.push(
      Buffer.from(`${parts.length === 0 ? '{' : ','}"${name}":`),
      typeof value === 'string' ? Buffer.from(value) : value,
    );
  }
  return parts.length === 0 ? Buffer.from('{}') : Buffer.concat([...parts, Buffer.from('}')]);
}

/** The members of one object, as their bytes stand. The last of repeated ones counts. `null` is no value. */
class Members {
  readonly #bytes: Buffer;
  readonly #values = new Map<string, Span>();

  constructor(bytes: Buffer, object: Span | undefined) {
    this.#bytes = bytes;
    if (!object) return;
    eachMember(bytes, object.start, object.end, (keyStart, keyEnd, start, end) => {
      this.#values.set(bytes.toString('utf8', keyStart, keyEnd), { start, end });
      return false;
    });
  }

  raw(name: string): Buffer | undefined {
    const span = this.#values.get(name);
    const value = span && this.#bytes.subarray(span.start, span.end);
    return value?.toString('latin1') === 'null' ? undefined : value;
  }

  /** A string's text, or a scalar as written; undefined for lists and objects. */
  text(name: string): string | undefined {
    const raw = this.raw(name);
    if (raw === undefined || raw[0] === bytesOf.openBrace || raw[0] === bytesOf.open) return undefined;
    return textOf(raw.toString('utf8'));
  }

  /** The strings of a list. */
  texts(name: string): readonly string[] {
    try {
      const list: unknown = JSON.parse(this.raw(name)?.toString('utf8') ?? '[]');
      return Array.isArray(list) ? list.filter((word): word is string => typeof word === 'string') : [];
    } catch {
      return [];
    }
  }

  object(name: string): Members {
    const span = this.#values.get(name);
    return new Members(this.#bytes, span && this.#bytes[span.start] === bytesOf.openBrace ? span : undefined);
  }

  others(without: readonly string[]): (readonly [string, Buffer])[] {
    return [...this.#values]
      .filter(([name]) => !without.includes(name))
      .map(([name, { start, end }]) => [name, this.#bytes.subarray(start, end)] as const);
  }

  /** The permission of Kubernetes that was asked for; undefined where there is none. */
  get permission(): string | undefined {
    return /"permission"\s*:\s*"(io\.k8s\.[\w.-]+)"/.exec(this.raw('authorizationInfo')?.toString('utf8') ?? '')?.[1];
  }

  /** Whether every permission of `authorizationInfo` was granted; undefined where there is none. */
  get granted(): boolean | undefined {
    const found = this.raw('authorizationInfo')
      ?.toString('utf8')
      .match(/"granted"\s*:\s*(?:true|false)/g);
    return found?.every((one) => one.endsWith('true'));
  }
}

function textOf(raw: string): string {
  return raw[0] === '"' ? (meaningOf(raw) ?? raw.slice(1, -1)) : raw;
}
