import type { Sink } from '../../../src/core/delivery.ts';
import { echoedSecret, type Reply, type SeenRequest, startHttpServer } from '../../support/http-server.ts';
import type { SinkWorld } from '../sink-contract.ts';

export interface HttpWorldOptions {
  /** Makes the sink for a server at this address. */
  readonly make: (url: string, notices: string[]) => Sink;
  /** What a strict server of this kind answers. A status of 300 and more: it keeps nothing of the request. */
  readonly answer: (request: SeenRequest) => Reply;
  /** Where the server refuses single items in a way of its own: how it answers then. */
  readonly refusal?: (request: SeenRequest, text: string) => Reply;
  /** The sink bounds what it sends of one record, so that none is too large by itself. */
  readonly isBounded?: boolean;
  /** What the server keeps of a request it took; the body as it is if absent. */
  readonly kept?: (request: SeenRequest) => readonly string[];
}

/** A strict fake server of HTTP with the failures of the contract. What it answers in trouble echoes what it was sent. */
export async function httpWorld({ make, answer, refusal, kept, isBounded = false }: HttpWorldOptions): Promise<SinkWorld> {
  let received: string[] = [];
  let trouble: ((request: SeenRequest) => Reply | undefined) | undefined;
  let isHanging = false;
  const echo = (status: number, { body }: SeenRequest, headers = {}): Reply => ({
    status,
    headers: { 'x-echo': echoedSecret, ...headers },
    body: `${echoedSecret} ${body}`,
  });
  const server = await startHttpServer((request) => {
    if (isHanging) return undefined;
    const reply = trouble?.(request) ?? answer(request);
    const isCheck = request.method === 'GET' || request.method === 'HEAD';
    if (reply.status < 300 && !isCheck) received.push(...(kept ? kept(request) : [request.body]));
    return reply;
  });
  const set = (next: typeof trouble) => async (): Promise<void> => {
    trouble = next;
  };
  return {
    make: (notices) => make(server.url, notices),
    received: async () => received,
    forget: async () => {
      received = [];
      server.requests.length = 0;
    },
    fail: set((request) => echo(503, request)),
    recover: set(undefined),
    refuse: async (text) => {
      trouble = (request) => (request.body.includes(text) ? (refusal?.(request, text) ?? echo(400, request)) : undefined);
    },
    ...(!isBounded && {
      limit: async (bytes: number): Promise<void> => {
        trouble = (request) => (Buffer.byteLength(request.body) > bytes ? echo(413, request) : undefined);
      },
    }),
    hang: async () => {
      isHanging = true;
    },
    busy: async (seconds) => {
      trouble = (request) => echo(429, request, { 'retry-after': String(seconds) });
    },
    close: () => server.close(),
  };
}
