import { once } from 'node:events';
import { createServer } from 'node:net';

/** Where the next search begins: below the ports that the system gives to outgoing connections, processes that run at once ten apart. */
let next = 20_000 + (process.pid % 1_000) * 10;

/** A port that was free a moment ago. No process is given one twice: a server that is down must find its own again. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (;;) {
    const port = next++;
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
