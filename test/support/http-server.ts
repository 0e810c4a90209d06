import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** Stands in answers of fake servers: no error and no log line may show it. */
export const echoedSecret = 'AKIA-echoed-by-the-server-7Qx';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Without its compression. */
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  readonly requests: SeenRequest[];
  /** Connections that were made. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** What answers a request; `raw` may be used to cut or stall it, then nothing is returned. */
export type Handler = (request: SeenRequest, raw: ServerResponse) => Reply | undefined | Promise<Reply | undefined>;

/** A server of HTTP, or of HTTPS with `tls`, on a free port of 127.0.0.1 that keeps what it was sent. */
export async function startHttpServer(handler: Handler, tls?: ServerOptions): Promise<HttpServer> {
  const requests: SeenRequest[] = [];
  let connections = 0;
  const listener = (incoming: IncomingMessage, response: ServerResponse): void => void serve(incoming, response);
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const isGzip = incoming.headers['content-encoding'] === 'gzip' || (bytes[0] === 0x1f && bytes[1] === 0x8b);
    const body = (isGzip ? gunzipSync(bytes) : bytes).toString('utf8');
    const seen = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, body };
    requests.push(seen);
    const reply = await handler(seen, response);
    if (reply) response.writeHead(reply.status, reply.headers).end(reply.body ?? '');
  };
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.on(tls ? 'secureConnection' : 'connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => connections,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
