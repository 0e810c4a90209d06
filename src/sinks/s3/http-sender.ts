import type { S3SinkConfig } from '../../config/sinks/s3.ts';
import { Secret } from '../../core/secret.ts';
import { HttpClient } from '../http/http-client.ts';
import type { SendRequest } from './s3-requests.ts';

const connectTimeoutMs = 10_000;
/** An error of the protocol is a short document. */
const answerBytes = 64 * 1024;

/** Sends signed requests as they are: one client for each server. */
export class HttpSender {
  readonly #options: Pick<S3SinkConfig, 'tls' | 'allowUnprotected' | 'answerTimeoutMs'>;
  readonly #nowMs: () => number;
  readonly #clients = new Map<string, HttpClient>();

  constructor(options: Pick<S3SinkConfig, 'tls' | 'allowUnprotected' | 'answerTimeoutMs'>, nowMs: () => number) {
    this.#options = options;
    this.#nowMs = nowMs;
  }

  readonly send: SendRequest = async ({ method, url, headers, body }, signal) => {
    const { origin, pathname, search } = new URL(url);
    const answer = await this.#clientOf(origin).request(
      { method, path: `${pathname}${search}`, headers, answerBytes, ...(body !== undefined && { body }) },
      signal,
    );
    return { status: answer.status, header: answer.header, body: answer.body.toString('utf8') };
  };

  async close(): Promise<void> {
    const clients = [...this.#clients.values()];
    this.#clients.clear();
    await Promise.all(clients.map((client) => client.close()));
  }

  #clientOf(origin: string): HttpClient {
    const known = this.#clients.get(origin);
    if (known) return known;
    const { tls, allowUnprotected, answerTimeoutMs } = this.#options;
    const url = new Secret(Buffer.from(origin));
    const client = new HttpClient({ url, tls, allowUnprotected, connectTimeoutMs, answerTimeoutMs, gzip: false }, this.#nowMs);
    this.#clients.set(origin, client);
    return client;
  }
}
