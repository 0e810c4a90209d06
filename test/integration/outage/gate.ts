import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP port in front of a server, which can be shut: connections are cut and new ones refused, as where a server is gone. */
export class Gate {
  readonly #port: number;
  readonly #target: () => number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(port: number, target: () => number) {
    this.#port = port;
    this.#target = target;
  }

  async open(): Promise<void> {
    const server = createServer((client) => {
      const inner = connect({ host: '127.0.0.1', port: this.#target() });
      for (const [one, other] of [
        [client, inner],
        [inner, client],
      ] as const) {
        this.#sockets.add(one);
        one
          .on('error', () => undefined)
          .on('close', () => {
            this.#sockets.delete(one);
            other.destroy();
          });
        one.pipe(other);
      }
    });
    server.listen({ host: '127.0.0.1', port: this.#port });
    await once(server, 'listening');
    this.#server = server;
  }

  async shut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (!server) return;
    server.close();
    await once(server, 'close');
  }
}
