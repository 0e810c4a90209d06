import type { IncomingMessage } from 'node:http';
import { TokenOwners } from '../crypto/access-token.ts';
import type { ApiRole, CsrfHeader } from './api.ts';
import { ApiFault } from './api-fault.ts';
import type { LoginGuard } from './login-guard.ts';
import type { Person, Session, Sessions } from './sessions.ts';
import type { WebPorts } from './web-ports.ts';

/** A token as the configuration names it. */
export interface TokenGrant extends Person {
  readonly hash: string;
}

/** Somebody who proved who they are: by a session's cookie, or by a token. */
export interface Caller extends Person {
  readonly session: Session | undefined;
}

export interface AccessOptions {
  readonly tokens: readonly TokenGrant[];
  readonly sessions: Sessions;
  readonly guard: LoginGuard;
  readonly redeem: WebPorts['redeem'];
  readonly isTls: boolean;
  readonly port: number;
}

const csrfHeader: CsrfHeader = 'x-auditveil-csrf';
const ranks: Readonly<Record<ApiRole, number>> = { auditor: 0, analyst: 1 };

/** Who may do what. */
export class Access {
  readonly #options: AccessOptions;
  readonly #owners: TokenOwners<Person>;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#owners = new TokenOwners(options.tokens.map(({ name, role, hash }) => [hash, { name, role }]));
  }

  /** @throws ApiFault 401, 403, 429 */
  callerOf(request: IncomingMessage): Caller {
    const address = request.socket.remoteAddress ?? '';
    const bearer = /^Bearer ([!-~]{1,512})$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return { ...this.#ownerOf(bearer, address), session: undefined };
    const secret = this.secretOf(request);
    const session = secret === undefined ? undefined : this.#options.sessions.find(secret);
    if (!session) throw unauthorised('nobody is logged in here');
    if (isWrite(request.method)) checkCsrf(request, session);
    return { name: session.name, role: session.role, session };
  }

  /** Opens a session for a token of a link, or one of the configuration. @throws ApiFault 401, 429 */
  async login(token: string, request: IncomingMessage): Promise<{ readonly session: Session; readonly cookie: string }> {
    const { sessions, redeem } = this.#options;
    checkOrigin(request);
    const person = sessions.redeem(token) ?? (await redeem(token)) ?? this.#ownerOf(token, request.socket.remoteAddress ?? '');
    const { secret, session } = sessions.open(person);
    return { session, cookie: this.#cookie(secret) };
  }

  /** @returns the cookie that takes the one of the browser away */
  logout(request: IncomingMessage): string {
    const secret = this.secretOf(request);
    if (secret !== undefined) this.#options.sessions.end(secret);
    return `${this.#cookie('')}; Max-Age=0`;
  }

  /** The secret in a request's cookie. */
  secretOf({ headers: { cookie = '' } }: IncomingMessage): string | undefined {
    const beginning = `${this.#cookieName}=`;
    for (const part of cookie.split(';')) {
      const text = part.trim();
      if (text.startsWith(beginning)) return text.slice(beginning.length);
    }
    return undefined;
  }

  #ownerOf(token: string, address: string): Person {
    const { guard } = this.#options;
    const seconds = guard.waitSeconds(address);
    if (seconds > 0)
      throw new ApiFault(429, 'E_WEB_LOGIN_RATE', 'too many wrong tokens from there', 'Wait, then use the right one.', {
        'retry-after': String(seconds),
      });
    const owner = this.#owners.ownerOf(token);
    if (owner) return owner;
    guard.failed(address);
    throw unauthorised('the token is not known, or was used before');
  }

  /** Cookies know no ports: without TLS the name tells apart what two agents of one machine set. */
  get #cookieName(): string {
    return this.#options.isTls ? '__Host-auditveil' : `auditveil-${this.#options.port}`;
  }

  #cookie(secret: string): string {
    return `${this.#cookieName}=${secret}; Path=/; HttpOnly; SameSite=Strict${this.#options.isTls ? '; Secure' : ''}`;
  }
}

/** @throws ApiFault 403 */
export function checkRole(caller: Person, needed: ApiRole): void {
  if (ranks[caller.role] < ranks[needed])
    throw new ApiFault(403, 'E_WEB_ROLE', `this takes the role ${needed}`, 'Ask for a token with that role.');
}

function unauthorised(message: string): ApiFault {
  return new ApiFault(
    401,
    'E_WEB_LOGIN',
    message,
    'Open the link that the agent printed at its start, make another with `auditveil web link`, or use a token of the configuration.',
    { 'www-authenticate': 'Bearer realm="auditveil"' },
  );
}

const isWrite = (method = 'GET'): boolean => method !== 'GET' && method !== 'HEAD';

/** A page of another origin can make a browser send the cookie at most, never a header of ours: that would take our leave. */
function checkCsrf(request: IncomingMessage, session: Session): void {
  checkOrigin(request);
  if (request.headers[csrfHeader] !== session.csrf)
    throw new ApiFault(403, 'E_WEB_CSRF', `the header ${csrfHeader} is missing or wrong`, 'Send what GET /session says.');
}

function checkOrigin({ headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site'];
  const isOther = headers.origin !== undefined && headers.origin.replace(/^https?:\/\//, '') !== headers.host;
  if (isOther || (site !== undefined && site !== 'same-origin' && site !== 'none'))
    throw new ApiFault(403, 'E_WEB_ORIGIN', 'the request comes from a page of another origin', 'Use the page of this server.');
}
