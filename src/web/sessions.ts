import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import { StalestMap } from '../core/stalest-map.ts';
import { newAccessToken } from '../crypto/access-token.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import type { ApiRole } from './api.ts';

/** Who calls. */
export interface Person {
  readonly name: string;
  readonly role: ApiRole;
}

export interface Session extends Person {
  readonly csrf: string;
  readonly endMs: number;
  usedMs: number;
  /** Aborts when the session is over: what it has open ends with it. */
  readonly over: AbortController;
}

interface Link extends Person {
  readonly endMs: number;
}

/**
 * Sessions of browsers, and tokens that open one once. Only hashes of what they are named by are kept, so that a lookup
 * tells nothing by its time. Bounded: the session that was not used for longest makes room.
 */
export class Sessions {
  readonly #clock: Clock;
  readonly #sessions = new StalestMap<Session>();
  readonly #links = new StalestMap<Link>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** A token that opens one session within `limits.webLinkMs`. */
  link(person: Person): string {
    const token = newAccessToken();
    this.#links.setWithin(limits.webLinks, sha256Hex(token), { ...person, endMs: this.#clock.nowMs() + limits.webLinkMs });
    return token;
  }

  /** The person a link was made for; it works no second time. */
  redeem(token: string): Person | undefined {
    const key = sha256Hex(token);
    const link = this.#links.get(key);
    this.#links.delete(key);
    return link && link.endMs > this.#clock.nowMs() ? { name: link.name, role: link.role } : undefined;
  }

  /** @returns the secret of its cookie, and the session */
  open({ name, role }: Person): { readonly secret: string; readonly session: Session } {
    const secret = newAccessToken();
    const nowMs = this.#clock.nowMs();
    const session = {
      ...{ name, role, csrf: newAccessToken() },
      ...{ endMs: nowMs + limits.webSessionMs, usedMs: nowMs, over: new AbortController() },
    };
    this.#sessions.setWithin(limits.webSessions, sha256Hex(secret), session)?.[1].over.abort();
    return { secret, session };
  }

  find(secret: string): Session | undefined {
    const key = sha256Hex(secret);
    const session = this.#sessions.get(key);
    if (!session) return undefined;
    const nowMs = this.#clock.nowMs();
    if (nowMs >= session.endMs || nowMs - session.usedMs >= limits.webSessionIdleMs) {
      this.end(secret);
      return undefined;
    }
    session.usedMs = nowMs;
    this.#sessions.set(key, session);
    return session;
  }

  end(secret: string): void {
    const key = sha256Hex(secret);
    this.#sessions.get(key)?.over.abort();
    this.#sessions.delete(key);
  }
}
