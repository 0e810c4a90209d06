import type { Clock } from '../core/clock.ts';
import { topColumns } from '../core/event-store.ts';
import { severities } from '../core/finding.ts';
import { reviewStates } from '../core/review.ts';
import type { LoginGuard } from './login-guard.ts';
import type { WebPorts } from './web-ports.ts';

const flushMs = 60_000;
/** Queries a note names; the others are counted. */
const queriesAtMost = 20;
const peopleAtMost = 1_000;

interface Seen {
  readonly calls: Map<string, number>;
  /** By what was asked: how a note says it. */
  readonly queries: Map<string, Promise<string>>;
  more: number;
}

/** A part of what was asked for; `isTyped`: people may have typed anything there, so it is masked before it is written. */
interface AskedPart {
  readonly name: string;
  readonly value: string;
  readonly isTyped: boolean;
}

const number = /^\d{1,15}$/;
const time = /^(?:\d{1,15}|\d{4}-[\dTZ:.+-]{1,36})$/;
const oneOf = (words: readonly string[]): RegExp => new RegExp(`^(?:${words.join('|')})$`);
/** Names of Kubernetes objects and rules. */
const typed = /^[^\p{C}]{1,200}$/u;
/** Pseudonyms, and users that Kubernetes names. */
const masked = /^(?:\[MASKED:[\w:.-]{1,100}\]|system:[\w:.-]{1,200})$/;
const hexadecimal = /^[0-9a-f]{1,64}$/;

/** Values that a note says as they are, by name: people search for values in clear, and mistype. */
const plainValues: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    ...{ since: time, until: time, limit: number, stepMs: number, code: number, usualDays: number },
    ...{ column: oneOf(topColumns), severity: oneOf(severities), state: oneOf(reviewStates), humans: oneOf(['true', 'false']) },
    ...{ user: masked, name: masked, sourceIp: masked, text: masked, id: hexadecimal, digest: hexadecimal },
  }),
);
const typedNames: ReadonlySet<string> = new Set(['verb', 'resource', 'namespace', 'rule', 'tag', 'id']);
const given = '(given)';

function partOf([name, value]: readonly [string, string]): AskedPart {
  const isTyped = typedNames.has(name);
  if (plainValues.get(name)?.test(value)) return { name, value, isTyped: false };
  if (isTyped && typed.test(value)) return { name, value, isTyped };
  return { name: isTyped || plainValues.has(name) ? name : 'other', value: given, isTyped: false };
}

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

  /**
   * @param call the route: `GET /events`
   * @param asked what stands in its path and its query
   */
  read(person: string, call: string, asked: Iterable<readonly [name: string, value: string]> = []): void {
    if (!this.#people.has(person) && this.#people.size >= peopleAtMost) void this.flush();
    const seen = this.#people.get(person) ?? {
      calls: new Map<string, number>(),
      queries: new Map<string, Promise<string>>(),
      more: 0,
    };
    this.#people.set(person, seen);
    seen.calls.set(call, (seen.calls.get(call) ?? 0) + 1);
    const parts = [...asked].filter(([name]) => name !== 'before').map(partOf);
    const query = textOf(parts);
    if (query === '' || seen.queries.has(query)) return;
    if (seen.queries.size < queriesAtMost) seen.queries.set(query, this.#masked(parts));
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
    const { note, notice } = this.#ports;
    try {
      for (const [name, { calls, queries, more }] of people) {
        await note({
          ...{ note: 'web-read', at, by: { name, uid: undefined } },
          ...{
            calls: Object.fromEntries(calls),
            queries: [...new Set(await Promise.all(queries.values()))],
            ...(more > 0 && { more }),
          },
        });
      }
      for (const { address, count } of this.#guard.takeUnsaid())
        await note({
          ...{ note: 'web-login-failed', at, by: { name: undefined, uid: undefined } },
          ...{ address: await this.#mask(address), count },
        });
    } catch {
      notice('web: what was read through the page could not be noted in the findings log');
    }
  }

  async #masked(parts: readonly AskedPart[]): Promise<string> {
    const said: AskedPart[] = [];
    for (const part of parts) said.push(part.isTyped ? { ...part, value: await this.#mask(part.value) } : part);
    return textOf(said);
  }

  /** Who did something is noted all the same where a value cannot be masked. */
  #mask(value: string): Promise<string> {
    return this.#ports.maskText(value).catch(() => given);
  }
}

const textOf = (parts: readonly AskedPart[]): string => parts.map(({ name, value }) => `${name}=${value}`).join(' ');
