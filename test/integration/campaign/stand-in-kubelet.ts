import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

/**
 * Answers what the apiserver asks a kubelet for. A kubelet cannot run here (it needs a container runtime); what matters is that the
 * apiserver logs sessions that succeed, with 101 and both stages, not only those that find no node.
 */
export class StandInKubelet {
  readonly #server: Server;

  constructor(key: string, cert: string) {
    this.#server = createServer({ key, cert }, (_request, response) => response.end('ok\n'));
    this.#server.on('upgrade', (_request, socket) => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n',
      );
      setTimeout(() => socket.destroy(), 100).unref();
    });
  }

  /** The port it listens on. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
