import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { EventFilter } from '../../src/core/event-store.ts';
import { recordFlags } from '../../src/core/record.ts';
import { openLog } from '../../src/log/open-log.ts';
import { makeClock, makeTile } from '../support/log-fixture.ts';

/** One event as the contract of stores knows it. */
export interface StoredEvent {
  readonly id: number;
  readonly digest: string;
  readonly timeMs: number;
  readonly user: string;
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly sourceIps: readonly string[];
  readonly userAgent: string;
  readonly code: number;
  readonly isStub: boolean;
  /** Masks of the kinds `email` and `jwt`. */
  readonly masks: readonly [email: number, jwt: number];
}

export const startMs = Date.UTC(2026, 4, 4, 10);
export const hourMs = 3_600_000;
const users = ['alice', 'bob', "o'brien; --", 'system:node:n1', 'system:anonymous', 'system:serviceaccount:kube-system:x', ''];
const resources = ['pods', 'secrets', 'nodes', 'configmaps'];
const verbs = ['get', 'list', 'create', 'delete', 'watch'];
const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

/** Events over two days; some late, some at the same time, some stubs. */
export const storedEvents: readonly StoredEvent[] = Array.from({ length: 700 }, (_, id) => {
  const n = createHash('sha256').update(`event ${id}`).digest();
  const byte = (at: number): number => n[at] as number;
  const isStub = byte(0) < 8;
  const lateMs = byte(1) < 30 ? byte(2) * 60_000 : 0;
  const text = <T>(value: T, none: T): T => (isStub ? none : value);
  return {
    id,
    digest: createHash('md5').update(String(id)).digest('hex'),
    timeMs: startMs + Math.floor(id / 3) * 740_000 - lateMs,
    user: text(pick(users, byte(3)), ''),
    verb: text(pick(verbs, byte(4)), ''),
    resource: text(pick(resources, byte(5)), ''),
    subresource: text(byte(6) < 40 ? 'exec' : '', ''),
    namespace: text(pick(['shop', 'kube-system', ''], byte(7)), ''),
    name: text(pick(['web-0', 'quote"d', '<b>', 'päd', ''], byte(8)), ''),
    sourceIps: isStub ? [] : pick([['192.0.2.7'], ['192.0.2.9', '198.51.100.1'], ['2001:db8::1']], byte(9)),
    userAgent: text(pick(['kubectl/v1.30', 'curl/8', 'go-http'], byte(10)), ''),
    code: text(pick([200, 201, 401, 403, 404, 0], byte(11)), 0),
    isStub,
    masks: [byte(12) % 3, byte(13) % 2],
  };
});

/** As kube-apiserver writes it: Go escapes `<` and `>`, but that is for the needle; missing members are left out. */
export function jsonOf(event: StoredEvent): object {
  const { id, user, verb, resource, subresource, namespace, name, sourceIps, userAgent, code } = event;
  if (event.isStub) return { stub: true, reason: 'too-deep', auditID: `id-${id}` };
  return {
    ...{ kind: 'Event', level: 'Metadata', auditID: `id-${id}`, stage: 'ResponseComplete', verb },
    ...(user !== '' && { user: { username: user } }),
    ...{ sourceIPs: sourceIps, userAgent },
    objectRef: {
      resource,
      ...(namespace !== '' && { namespace }),
      ...(name !== '' && { name }),
      ...(subresource !== '' && { subresource }),
    },
    ...(code !== 0 && { responseStatus: { code } }),
    annotations: { 'authorization.k8s.io/decision': code === 403 ? 'forbid' : 'allow', note: `needle-${id % 50}` },
  };
}

/** Writes them into the events log of a data folder, in several segments; the last one stays open. */
export async function writeStoredEvents(dataDirectory: string, segmentBytes = 64 * 1024): Promise<void> {
  const clock = makeClock(startMs);
  const directory = join(dataDirectory, 'events');
  const log = await openLog({ directory, name: 'events', clock, segmentBytes, reserveBytes: 0, tickMs: 0 });
  for (let at = 0; at < storedEvents.length; at += 7) {
    const events = storedEvents.slice(at, at + 7);
    clock.advance(startMs + Math.floor((at + 6) / 3) * 740_000 + 1000 - clock.nowMs());
    const records = events.map((event) => ({
      id: event.id,
      event: jsonOf(event),
      receivedAtMs: clock.nowMs(),
      eventTimeMs: event.timeMs,
      flags: event.isStub ? recordFlags.stub : 0,
      matches: event.id % 5 === 0 ? [0, 2] : [],
      masks: event.masks.flatMap((count, kind) => (count === 0 ? [] : [[kind, 0, count] as const])),
    }));
    await log.append(makeTile(records));
  }
  await log.close();
}

/** What a filter finds, by the words of its contract. Newest first. */
export function foundBy(filter: EventFilter): readonly StoredEvent[] {
  const { range, text } = filter;
  const resourceOf = ({ resource, subresource }: StoredEvent): string =>
    subresource === '' ? resource : `${resource}/${subresource}`;
  const equal = (wanted: unknown, value: unknown): boolean => wanted === undefined || wanted === value;
  const texts = text === undefined ? [] : [text, JSON.stringify(text).slice(1, -1)];
  return storedEvents
    .filter(
      (event) =>
        event.timeMs >= range.sinceMs &&
        event.timeMs < range.untilMs &&
        equal(filter.user, event.user) &&
        equal(filter.verb, event.verb) &&
        equal(filter.resource, resourceOf(event)) &&
        equal(filter.namespace, event.namespace) &&
        equal(filter.name, event.name) &&
        equal(filter.code, event.code) &&
        (filter.sourceIp === undefined || event.sourceIps.includes(filter.sourceIp)) &&
        (filter.humans !== true || !event.user.startsWith('system:') || event.user === 'system:anonymous') &&
        (text === undefined || texts.some((form) => JSON.stringify(jsonOf(event)).includes(form))),
    )
    .sort((a, b) => b.timeMs - a.timeMs || (a.digest < b.digest ? 1 : -1));
}
