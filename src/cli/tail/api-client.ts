import { Agent, type Dispatcher, request } from 'undici';
import { Fault } from '../../core/faults.ts';
import { networkFault as connectionFault } from '../../sinks/http/network-fault.ts';
import type { ApiError } from '../../web/api.ts';
import { printable } from '../printable.ts';

export interface ApiClientOptions {
  /** `https://host:port`; http on loopback only. */
  readonly server: URL;
  readonly token: string;
  /** PEM of the authority of the server's certificate; undefined: those the system trusts. */
  readonly authority: string | undefined;
}

const connectMs = 10_000;
const answerMs = 30_000;
/** A stream says something each second. */
const silentMs = 20_000;
/** A page of a thousand findings. */
const answerBytes = 64 * 1024 * 1024;

/** Calls of the API of a server (`src/web/api.ts`). Follows no redirect: the token is for this server. */
export class ApiClient {
  readonly #options: ApiClientOptions;
  readonly #agent: Agent;

  constructor(options: ApiClientOptions) {
    const { authority } = options;
    this.#options = options;
    this.#agent = new Agent({
      headersTimeout: answerMs,
      bodyTimeout: silentMs,
      connect: { timeout: connectMs, ...(authority !== undefined && { ca: authority }) },
    });
  }

  /** Host and port. */
  get title(): string {
    return this.#options.server.host;
  }

  /** @throws Fault E_REMOTE_* */
  get<T>(path: string, query: Readonly<Record<string, string>>, stop: AbortSignal): Promise<T> {
    return this.#json<T>('GET', path, query, undefined, stop);
  }

  /** @throws Fault E_REMOTE_* */
  post<T>(path: string, body: object): Promise<T> {
    return this.#json<T>('POST', path, {}, JSON.stringify(body), AbortSignal.timeout(answerMs));
  }

  /** The bytes of a stream. @throws Fault E_REMOTE_* also while it is read */
  async *stream(path: string, query: Readonly<Record<string, string>>, lastId: string | undefined, stop: AbortSignal) {
    const headers = { accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': lastId }) };
    const { body } = await this.#ask('GET', path, query, undefined, stop, headers);
    try {
      for await (const bytes of body) yield bytes as Uint8Array;
    } catch (error) {
      if (!stop.aborted) throw networkFault(this.#options.server, error);
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #json<T>(
    method: 'GET' | 'POST',
    path: string,
    query: Readonly<Record<string, string>>,
    body: string | undefined,
    stop: AbortSignal,
  ): Promise<T> {
    const answer = await this.#ask(method, path, query, body, stop);
    const text = await this.#text(answer.body);
    try {
      return JSON.parse(text) as T;
    } catch {
      // Not with the parser's words: they quote the answer.
      throw new Fault(`${this.title} answers with what is no JSON`, { code: 'E_REMOTE_ANSWER', remedy: notOurs });
    }
  }

  async #ask(
    method: 'GET' | 'POST',
    path: string,
    query: Readonly<Record<string, string>>,
    body: string | undefined,
    stop: AbortSignal,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Dispatcher.ResponseData> {
    const { server, token } = this.#options;
    const headers = {
      ...{ authorization: `Bearer ${token}`, accept: 'application/json' },
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...more,
    };
    let answer: Dispatcher.ResponseData;
    try {
      const url = new URL(`/api/v1${path}`, server);
      answer = await request(url, {
        method,
        query,
        headers,
        signal: stop,
        dispatcher: this.#agent,
        ...(body !== undefined && { body }),
      });
    } catch (error) {
      throw networkFault(this.#options.server, error);
    }
    if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
    throw answerFault(this.title, answer.statusCode, await this.#text(answer.body).catch(() => ''));
  }

  async #text(body: AsyncIterable<Uint8Array>): Promise<string> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    try {
      for await (const chunk of body) {
        bytes += chunk.length;
        if (bytes > answerBytes)
          throw new Fault(`${this.title} answers without an end`, { code: 'E_REMOTE_ANSWER', remedy: notOurs });
        chunks.push(chunk);
      }
    } catch (error) {
      throw error instanceof Fault ? error : networkFault(this.#options.server, error);
    }
    return Buffer.concat(chunks).toString('utf8');
  }
}

const notOurs = 'Name the address of `auditveil run --web` or `auditveil serve`.';

/** A connection that could not be had, or broke. */
function networkFault({ host, protocol }: URL, cause: unknown): Fault {
  const { code, message } = connectionFault(host, protocol === 'https:', cause);
  if (code === 'E_SINK_TLS') {
    return new Fault(message, {
      code: 'E_REMOTE_TLS',
      remedy: 'Give the certificate of its authority with --ca-file, and name the server as its certificate does.',
      retryable: true,
    });
  }
  const remedy = `Check address and port, and whether it speaks ${protocol.slice(0, -1)}. ${notOurs}`;
  return new Fault(message, { code: 'E_REMOTE_NETWORK', remedy, retryable: true });
}

/** An answer that says no, in the words of the server where it has some. */
function answerFault(host: string, status: number, body: string): Fault {
  const said = errorIn(body);
  if (status === 401) {
    return new Fault(`${host} does not know this token`, {
      code: 'E_REMOTE_TOKEN',
      remedy: 'Check --token-file: `auditveil web token` makes a token, and its hash belongs in `web.tokens` of the server.',
    });
  }
  if (status === 404)
    return new Fault(`${host}: there is no such thing`, { code: 'E_REMOTE_NOT_FOUND', remedy: said?.remedy ?? notOurs });
  const retryable = status === 429 || status >= 500;
  if (said) return new Fault(`${host}: ${said.message} (${status})`, { code: 'E_REMOTE_ANSWER', remedy: said.remedy, retryable });
  const remedy = status === 403 ? 'Ask for a token with the role for this.' : notOurs;
  return new Fault(`${host} answers ${status}`, { code: 'E_REMOTE_ANSWER', remedy, retryable });
}

function errorIn(body: string): ApiError['error'] | undefined {
  try {
    const { error } = JSON.parse(body) as Partial<ApiError>;
    if (typeof error?.message !== 'string' || typeof error.remedy !== 'string') return undefined;
    return { code: error.code, message: printable(error.message), remedy: printable(error.remedy) };
  } catch {
    return undefined;
  }
}
