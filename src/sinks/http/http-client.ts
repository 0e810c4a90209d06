import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { Resolve } from './guarded-lookup.ts';
import { endpointState, type HttpEndpoint, openEndpoint, shownHost } from './http-endpoint.ts';
import type { HttpOptions } from './http-options.ts';
import { judgeStatus, type Verdict } from './judge-status.ts';
import { networkFault } from './network-fault.ts';
import { retryAfterMs } from './retry-after.ts';
import { withDeadline } from './with-deadline.ts';

/** Smaller bodies do not gain from compression. */
const leastGzipBytes = 1024;
/** An answer is read up to here where nobody asks for more: it is not looked at, but reading it lets the connection be used again. */
const answerBytes = 16 * 1024;
/** Files of certificates and secrets are looked at this often, and at once after the server refused us. */
const lookAgainMs = 5_000;

const compress = promisify(gzip);

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** Follows the path of the URL: `/api/v2/alerts`; may have a query. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** The answer is read up to here; what is longer is cut and marked. */
  readonly answerBytes?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly verdict: Verdict;
  /** For parsing only. It may echo what was sent, so no message and no log line quotes it. */
  readonly body: Buffer;
  readonly isCut: boolean;
  /** A header by its lower-case name; of several of one name the first. */
  readonly header: (name: string) => string | undefined;
}

/**
 * The HTTP client of all sinks: keep-alive, time limits, TLS with files that are read again when they change, authentication, gzip.
 * It follows no redirects, uses no proxy of the environment, and connects to no link-local or metadata address whatever a name
 * resolves to. It tries nothing twice: that is for the delivery loop.
 */
export class HttpClient {
  readonly #options: HttpOptions;
  readonly #resolve: Resolve | undefined;
  readonly #nowMs: () => number;
  #endpoint: HttpEndpoint | undefined;
  #state = '';
  #lookedAtMs = 0;

  constructor(options: HttpOptions, nowMs: () => number, resolve?: Resolve) {
    this.#options = options;
    this.#nowMs = nowMs;
    this.#resolve = resolve;
  }

  /** Reads the files; connects to nothing. @throws Fault that says what to change */
  async open(): Promise<void> {
    await this.#current();
  }

  /** @throws Fault for what went wrong before there was a whole answer; all of them may pass later */
  async request(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { url, headers, agent } = await this.#current();
    const { connectTimeoutMs, answerTimeoutMs } = this.#options;
    const host = shownHost(url);
    const body = await this.#bodyOf(request);
    try {
      return await withDeadline(connectTimeoutMs + answerTimeoutMs, signal, async (ended) => {
        const answer = await agent.request({
          origin: url.origin,
          path: joinPath(url, request.path),
          method: request.method,
          headers: { 'user-agent': 'auditveil', ...request.headers, ...headers, ...body.headers },
          body: body.bytes,
          signal: ended,
        });
        return await this.#read(answer, host, request.answerBytes ?? answerBytes);
      });
    } catch (error) {
      const fault = networkFault(host, url.protocol === 'https:', error);
      if (fault.code === 'E_SINK_TLS') this.#lookedAtMs = 0;
      throw fault;
    }
  }

  async close(): Promise<void> {
    const endpoint = this.#endpoint;
    this.#endpoint = undefined;
    await endpoint?.agent.destroy();
  }

  async #read(answer: Dispatcher.ResponseData, host: string, most: number): Promise<HttpAnswer> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, most - length));
      length += chunk.length;
      // Leaving the loop closes the connection: who sends so much is not worth keeping it.
      if (length > most) break;
    }
    const status = answer.statusCode;
    const verdict = judgeStatus(status, host, retryAfterMs(answer.headers['retry-after'], this.#nowMs()));
    if (verdict.kind === 'errored' && verdict.fault.code === 'E_SINK_AUTH') this.#lookedAtMs = 0;
    return {
      status,
      verdict,
      body: Buffer.concat(chunks),
      isCut: length > most,
      header: (name) => firstOf(answer.headers[name]),
    };
  }

  async #bodyOf({ body }: HttpRequest): Promise<{ readonly bytes: Uint8Array | null; readonly headers: Record<string, string> }> {
    if (body === undefined) return { bytes: null, headers: {} };
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    if (!this.#options.gzip || bytes.length < leastGzipBytes) return { bytes, headers: {} };
    return { bytes: await compress(bytes), headers: { 'content-encoding': 'gzip' } };
  }

  /** The endpoint, made anew where a file has changed. A change that cannot be used leaves the old one in force. */
  async #current(): Promise<HttpEndpoint> {
    const now = this.#nowMs();
    if (this.#endpoint && now - this.#lookedAtMs < lookAgainMs && now >= this.#lookedAtMs) return this.#endpoint;
    this.#lookedAtMs = now;
    const state = await endpointState(this.#options);
    if (this.#endpoint && state === this.#state) return this.#endpoint;
    const before = this.#endpoint;
    try {
      this.#endpoint = await openEndpoint(this.#options, this.#resolve);
    } catch (error) {
      if (!before) throw error;
      this.#state = state;
      return before;
    }
    this.#state = state;
    // Requests under way end on the old connections.
    if (before) void before.agent.close().catch(() => undefined);
    return this.#endpoint;
  }
}

const firstOf = (header: string | readonly string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : header?.[0];

function joinPath(url: URL, path = ''): string {
  return path === '' ? `${url.pathname}${url.search}` : `${url.pathname.replace(/\/$/, '')}${path}`;
}
