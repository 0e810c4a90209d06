import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An endpoint for the webhook sink that notes which events it took, in order, and can be away or busy. */
export class SinkServer {
  /** auditIDs in the order of their first arrival. */
  readonly taken = new Set<string>();
  /** Requests that were answered 200. */
  requests = 0;
  /** Everything that arrived, where it held this text. */
  leaks = 0;
  /** Answers 503 where it says so. */
  isBusy: () => boolean = () => false;
  readonly #planted: string;
  #server: Server | undefined;
  #port = 0;

  constructor(planted: string) {
    this.#planted = planted;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/events`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString('latin1');
        if (body.includes(this.#planted)) this.leaks++;
        if (this.isBusy()) return response.writeHead(503).end();
        this.requests++;
        for (const [, id] of body.matchAll(/"auditID":"([^"]+)"/g)) this.taken.add(id ?? '');
        return response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Goes away: connections are reset, new ones refused. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }
}
