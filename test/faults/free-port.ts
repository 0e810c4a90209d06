import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that was free a moment ago, below those the system gives to outgoing connections. For a second one: begin above the first. */
export async function freePort(host: string, from = 20_000 + (process.pid % 10_000)): Promise<number> {
  for (let port = from; ; port++) {
    const server = createServer().listen({ host, port });
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
