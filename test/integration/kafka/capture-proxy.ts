import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy on loopback that looks at every byte in both directions for texts that must not be there. */
export class CaptureProxy {
  bytes = 0;
  readonly found = new Map<string, number>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #texts: readonly Buffer[];
  readonly #longest: number;

  constructor(port: number, texts: readonly string[]) {
    this.#texts = texts.map((text) => Buffer.from(text));
    this.#longest = Math.max(...this.#texts.map(({ length }) => length));
    this.#server = createServer((client) => {
      const server = connect({ host: '127.0.0.1', port });
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const)
        this.#pass(from, to);
    });
  }

  async listen(port: number): Promise<void> {
    this.#server.listen({ host: '127.0.0.1', port });
    await once(this.#server, 'listening');
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #pass(from: Socket, to: Socket): void {
    let before = Buffer.alloc(0);
    this.#sockets.add(from);
    from.on('data', (bytes: Buffer) => {
      this.bytes += bytes.length;
      const seen = Buffer.concat([before, bytes]);
      for (const text of this.#texts)
        if (seen.includes(text)) this.found.set(text.toString(), (this.found.get(text.toString()) ?? 0) + 1);
      before = seen.subarray(Math.max(0, seen.length - this.#longest + 1));
      if (!to.write(bytes)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
