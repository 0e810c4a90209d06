import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { SeededRandom } from '../../src/demo/random.ts';

/** What happens to a connection: nothing; a reset in the middle; silence without an end; pauses; foreign bytes before a request. */
export const proxyFaults = ['none', 'cut-request', 'cut-answer', 'half-open', 'delay', 'garbage'] as const;
export type ProxyFault = (typeof proxyFaults)[number];

export interface FaultProxyOptions {
  readonly host: string;
  /** Where connections go. */
  readonly port: number;
  readonly random: SeededRandom;
  /** Chance that a connection is left alone. */
  readonly calm: number;
  /** How long a half-open connection stays open without a word. */
  readonly silenceMs: number;
  /** No connection lives longer: a sender that keeps connections would meet few faults. */
  readonly lifeMs: number;
}

/** A TCP proxy that does to connections what networks do, a kind of fault drawn for each connection. */
export class FaultProxy {
  /** Connections by what happened to them. */
  readonly counts = new Map<ProxyFault, number>();
  /** False: connections from now on are left alone. */
  isFaulty = true;
  readonly #options: FaultProxyOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(options: FaultProxyOptions) {
    this.#options = options;
    this.#server = createServer((client) => this.#connected(client));
  }

  async listen(): Promise<number> {
    this.#server.listen({ host: this.#options.host, port: 0 });
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #draw(): ProxyFault {
    const { random, calm } = this.#options;
    const fault = this.isFaulty && random.unit() >= calm ? proxyFaults[random.between(1, proxyFaults.length - 1)] : 'none';
    return fault ?? 'none';
  }

  #connected(client: Socket): void {
    const { host, port } = this.#options;
    const fault = this.#draw();
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    const server = connect({ host, port });
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    this.#pass(client, server, fault, fault === 'cut-request' || fault === 'half-open');
    this.#pass(server, client, fault, fault === 'cut-answer');
    this.#end(client, server, this.#options.lifeMs * (0.5 + 0.5 * this.#options.random.unit()));
    if (fault === 'garbage') server.write(Buffer.from(Array.from({ length: 64 }, () => this.#options.random.between(0, 255))));
  }

  /** Passes bytes on; where the fault is one of this direction, only as many as were drawn. */
  #pass(from: Socket, to: Socket, fault: ProxyFault, isOfThis: boolean): void {
    const { random, silenceMs } = this.#options;
    // Answers are a few hundred bytes, requests up to some hundred thousand.
    let left = isOfThis ? random.between(0, fault === 'cut-answer' ? 600 : 400_000) : Number.POSITIVE_INFINITY;
    from.on('data', (bytes: Buffer) => {
      if (left <= 0) return;
      to.write(bytes.subarray(0, Math.min(bytes.length, left)));
      left -= bytes.length;
      if (left <= 0) this.#end(from, to, fault === 'half-open' ? silenceMs : 0);
      else if (fault === 'delay') {
        from.pause();
        setTimeout(() => from.resume(), random.between(1, 150));
      }
    });
    from.on('end', () => to.end());
  }

  #end(from: Socket, to: Socket, afterMs: number): void {
    setTimeout(() => {
      from.resetAndDestroy();
      to.resetAndDestroy();
    }, afterMs).unref();
  }
}
