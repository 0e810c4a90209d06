import { type Agent, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Outcome } from '../../../src/core/delivery.ts';
import type { Tile } from '../../../src/core/tile.ts';
import { WebhookSource, type WebhookSourceOptions } from '../../../src/sources/webhook/webhook-source.ts';
import { eventsOf, type SeenEvent } from '../frames/framing.ts';

export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface PostOptions {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent in parts, without a length. */
  readonly parts?: readonly Uint8Array[];
  /** Keeps connections; without it every request has its own. */
  readonly agent?: Agent;
  readonly tls?: { readonly ca: string; readonly cert?: string; readonly key?: string };
}

const nothing: Answered = { status: 0, text: '', headers: {} };

/** One request of a sender; status 0 where the connection ended without a whole answer. */
export function post(address: string, body: Uint8Array | string, options: PostOptions = {}): Promise<Answered> {
  const { path = '/', method = 'POST', headers = {}, parts, tls, agent = false } = options;
  const [host, port] = address.split(':');
  return new Promise((resolve) => {
    const make = tls ? tlsRequest : plainRequest;
    const sent = make({ host, port, path, method, headers, agent, ...tls }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
      response.on('error', () => resolve(nothing));
    });
    sent.on('error', () => resolve(nothing));
    if (parts) {
      for (const part of parts) sent.write(part);
      sent.end();
    } else sent.end(body);
  });
}

export interface Running {
  readonly source: WebhookSource;
  readonly address: string;
  readonly events: SeenEvent[];
  readonly clients: (string | undefined)[];
  readonly answers: string[];
  readonly notices: string[];
  /** What deliveries are settled with from now on. */
  outcome: (tile: Tile) => Outcome;
  stop(): Promise<void>;
}

const bounds: WebhookSourceOptions['limits'] = {
  bodyBytes: 64 * 1024 * 1024,
  inFlightBytes: 8 * 1024 * 1024,
  requests: 64,
  queueMs: 2_000,
  connections: 64,
  connectionsPerAddress: 32,
  headerMs: 1_000,
  bodyIdleMs: 1_000,
  bodyBytesPerSecond: 0,
  keepAliveMs: 5_000,
};

/** A receiver on a free port, and something that takes its deliveries as the pipeline does. */
export async function runSource(
  options: Partial<Omit<WebhookSourceOptions, 'limits'>> & { readonly limits?: Partial<WebhookSourceOptions['limits']> } = {},
): Promise<Running> {
  const [answers, notices]: [string[], string[]] = [[], []];
  const source = new WebhookSource({
    name: 'hook',
    cluster: 'c',
    listen: '127.0.0.1:0',
    path: '/',
    tokenFiles: [],
    clock: { nowMs: () => Date.now() },
    graceMs: 1_000,
    refuses: () => undefined,
    meter: {
      answered: (status, reason) => void answers.push(`${status} ${reason}`),
      disconnected: (reason) => void answers.push(reason),
      watch: () => undefined,
    },
    notice: (notice) => void notices.push(notice),
    ...options,
    limits: { ...bounds, ...options.limits },
  });
  await source.open();
  const end = new AbortController();
  const running: Running = {
    source,
    address: source.address ?? '',
    events: [],
    clients: [],
    answers,
    notices,
    outcome: () => ({ status: 'delivered' }),
    stop: async () => {
      end.abort();
      await taking;
      await source.close();
    },
  };
  const take = async (): Promise<void> => {
    for await (const { tile, settle } of source.deliveries(end.signal)) {
      running.events.push(...eventsOf([tile]));
      running.clients.push(tile.context.client);
      setImmediate(() => settle(running.outcome(tile)));
    }
  };
  const taking = take();
  return running;
}
