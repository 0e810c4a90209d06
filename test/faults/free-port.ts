import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that was free a moment ago, below those the system gives to outgoing connections. */
export async function freePort(host: string): Promise<number> {
  for (let port = 20_000 + (process.pid % 10_000); ; port++) {
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
