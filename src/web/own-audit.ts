import type { Clock } from '../core/clock.ts';
import type { LoginGuard } from './login-guard.ts';
import type { WebPorts } from './web-ports.ts';

const flushMs = 60_000;
/** Queries a note names; the others are counted. */
const queriesAtMost = 20;
const peopleAtMost = 1_000;

interface Seen {
  readonly calls: Map<string, number>;
  readonly queries: Set<string>;
  more: number;
}

/** Filters whose values are words of Kubernetes, of rules or of ours, or times. */
const plainNames: ReadonlySet<string> = new Set([
  ...[
    'since',
    'until',
    'limit',
    'stepMs',
    'column',
    'code',
    'verb',
    'resource',
    'namespace',
    'severity',
    'state',
    'rule',
    'tag',
    'humans',
  ],
]);

/** A query without what may be a value in clear: people type those, to search for them. */
export function describeQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'before')
    .map(([name, value]) => (plainNames.has(name) || isMasked(value) ? `${name}=${value.slice(0, 200)}` : `${name}=(given)`))
    .join(' ');
}

const isMasked = (value: string): boolean => /^\[MASKED:[\w:.-]+\]$/.test(value) || /^system:[\w:.-]+$/.test(value);

/** Our own audit: who read what, and who tried to come in. One note for each person and minute, so that nobody floods the log. */
export class OwnAudit {
  readonly #ports: Pick<WebPorts, 'note' | 'notice' | 'maskText'>;
  readonly #clock: Clock;
  readonly #guard: LoginGuard;
  readonly #timer: NodeJS.Timeout;
  #people = new Map<string, Seen>();
  #flushing: Promise<void> = Promise.resolve();

  constructor(ports: Pick<WebPorts, 'note' | 'notice' | 'maskText' | 'clock'>, guard: LoginGuard) {
    this.#ports = ports;
    this.#clock = ports.clock;
    this.#guard = guard;
    this.#timer = setInterval(() => void this.flush(), flushMs).unref();
  }

  /** @param what the call: `GET /events`; or the finding or event that was looked at */
  read(person: string, call: string, what: string): void {
    if (!this.#people.has(person) && this.#people.size >= peopleAtMost) void this.flush();
    const seen = this.#people.get(person) ?? { calls: new Map<string, number>(), queries: new Set<string>(), more: 0 };
    this.#people.set(person, seen);
    seen.calls.set(call, (seen.calls.get(call) ?? 0) + 1);
    if (what === '' || seen.queries.has(what)) return;
    if (seen.queries.size < queriesAtMost) seen.queries.add(what);
    else seen.more++;
  }

  /** Writes what has gathered. Never rejects: what cannot be written is said. */
  flush(): Promise<void> {
    const people = this.#people;
    this.#people = new Map();
    this.#flushing = this.#flushing.then(() => this.#write(people));
    return this.#flushing;
  }

  close(): Promise<void> {
    clearInterval(this.#timer);
    return this.flush();
  }

  async #write(people: ReadonlyMap<string, Seen>): Promise<void> {
    const at = new Date(this.#clock.nowMs()).toISOString();
    const { note, notice, maskText } = this.#ports;
    try {
      for (const [name, { calls, queries, more }] of people) {
        await note({
          ...{ note: 'web-read', at, by: { name, uid: undefined } },
          ...{ calls: Object.fromEntries(calls), queries: [...queries], ...(more > 0 && { more }) },
        });
      }
      for (const { address, count } of this.#guard.takeUnsaid())
        await note({
          ...{ note: 'web-login-failed', at, by: { name: undefined, uid: undefined } },
          ...{ address: await maskText(address), count },
        });
    } catch {
      notice('web: what was read through the page could not be noted in the findings log');
    }
  }
}
