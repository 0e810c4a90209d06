import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from './access.ts';
import type { ApiRole } from './api.ts';
import { ApiFault } from './api-fault.ts';

export interface ApiCall {
  readonly caller: Caller;
  /** Of the path: `:id`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Of a POST: what its JSON says. */
  readonly body: unknown;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborts when the client went away or the server ends. */
  readonly signal: AbortSignal;
}

/** An answer of JSON; `taken`: the handler writes to the response itself. */
export type ApiAnswer =
  | { readonly body: unknown; readonly status?: number; readonly headers?: Readonly<Record<string, string>> }
  | 'taken';

export type ApiHandler = (call: ApiCall) => Promise<ApiAnswer> | ApiAnswer;

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below /api/v1: `/findings/:id`. */
  readonly path: string;
  /** Who may call it. `anyone`: before a login. */
  readonly role: ApiRole | 'anyone';
  /** Shows events: who asked what is noted in our own audit. */
  readonly reads?: boolean;
  readonly handle: ApiHandler;
}

export interface MatchedRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

interface Compiled {
  readonly route: Route;
  readonly steps: readonly string[];
}

/** Finds the route of a request. Words go before `:names`. */
export class Router {
  readonly #routes: readonly Compiled[];

  constructor(routes: readonly Route[]) {
    const words = ({ path }: Route): number => path.split('/').filter((step) => step.startsWith(':')).length;
    this.#routes = [...routes]
      .sort((a, b) => words(a) - words(b))
      .map((route) => ({ route, steps: route.path.split('/').slice(1) }));
  }

  /** @param path below /api/v1 @throws ApiFault 404, 405 */
  find(method: string, path: string): MatchedRoute {
    const steps = path.split('/').slice(1);
    const allowed: string[] = [];
    for (const { route, steps: pattern } of this.#routes) {
      const params = paramsOf(pattern, steps);
      if (!params) continue;
      if (route.method === method) return { route, params };
      allowed.push(route.method);
    }
    if (allowed.length === 0) throw new ApiFault(404, 'E_WEB_NO_ROUTE', 'there is no such call', 'docs/api.md lists them.');
    throw new ApiFault(405, 'E_WEB_METHOD', 'the call is made otherwise', `Use ${allowed.join(' or ')}.`, {
      allow: allowed.join(', '),
    });
  }
}

function paramsOf(pattern: readonly string[], steps: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (pattern.length !== steps.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, word] of pattern.entries()) {
    const step = steps[i] ?? '';
    if (!word.startsWith(':')) {
      if (word !== step) return undefined;
    } else {
      const value = decoded(step);
      if (value === undefined || value === '') return undefined;
      params[word.slice(1)] = value;
    }
  }
  return params;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
