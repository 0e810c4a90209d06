import type { ApiError, CsrfHeader } from '../../src/web/api.ts';

/** A call that failed, in words for people. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly remedy: string;

  constructor(status: number, message: string, remedy: string) {
    super(message);
    this.status = status;
    this.remedy = remedy;
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;

const csrfHeader: CsrfHeader = 'x-auditveil-csrf';

/** Below the page's own address, so that it works behind a proxy that puts a path before it. */
const base = new URL('api/v1/', document.baseURI);

function urlOf(path: string, query: Query = {}): URL {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
  return url;
}

export const streamUrl = (): URL => urlOf('stream');

/** Talks to the server that the page came from, as who the cookie says. */
export class ApiClient {
  /** What the server wants to hear with everything that changes something. */
  csrf: string | undefined;
  /** Called where the server does not know us any more. */
  onSignedOut: (() => void) | undefined;

  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
    return this.#call<T>(urlOf(path, query), { method: 'GET', ...(signal ? { signal } : {}) });
  }

  post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
    return this.#call<T>(urlOf(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
  }

  delete(path: string): Promise<unknown> {
    return this.#call(urlOf(path), { method: 'DELETE' });
  }

  async #call<T>(url: URL, init: RequestInit): Promise<T> {
    let answer: Response;
    try {
      const headers = { ...init.headers, ...(this.csrf === undefined ? {} : { [csrfHeader]: this.csrf }) };
      answer = await fetch(url, { ...init, headers, credentials: 'same-origin', cache: 'no-store' });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new ApiFailure(0, 'The server does not answer', 'See whether auditveil still runs; the page goes on by itself.');
    }
    if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T;
    const failure = await failureOf(answer);
    if (answer.status === 401 && !url.pathname.endsWith('/session')) this.onSignedOut?.();
    throw failure;
  }
}

async function failureOf(answer: Response): Promise<ApiFailure> {
  const text = await answer.text();
  try {
    const { error } = JSON.parse(text) as ApiError;
    return new ApiFailure(answer.status, error.message, error.remedy);
  } catch {
    return new ApiFailure(answer.status, `The server answered ${answer.status}`, 'See the log of auditveil.');
  }
}

/** What to show of anything that was thrown. */
export function wordsOf(error: unknown): { readonly message: string; readonly remedy: string } {
  if (error instanceof ApiFailure) return error;
  return { message: error instanceof Error ? error.message : String(error), remedy: '' };
}

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';
