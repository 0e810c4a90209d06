import { createSocket, type Socket } from 'node:dgram';
import { isIP, type LookupFunction } from 'node:net';
import { networkFault } from '../http/network-fault.ts';
import type { SyslogTransport } from './syslog-transport.ts';

export interface UdpOptions {
  readonly host: string;
  readonly port: number;
  readonly lookup: LookupFunction;
}

/**
 * One datagram for each message (RFC 5426). Nobody says whether one arrived: only that nobody listens, on the same machine or the next,
 * comes back, and then for a later message.
 */
export class UdpTransport implements SyslogTransport {
  readonly #options: UdpOptions;
  #socket: Socket | undefined;
  #error: unknown;

  constructor(options: UdpOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    if (this.#socket) return;
    const { host, port, lookup } = this.#options;
    const family = await this.#familyOf(host);
    const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4', lookup: lookup as never });
    socket.on('error', (error) => {
      this.#error = error;
    });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.connect(port, host, () => resolve());
      });
    } catch (error) {
      socket.close();
      throw networkFault(host, false, error);
    }
    this.#error = undefined;
    this.#socket = socket;
  }

  async check(): Promise<void> {
    await this.open();
  }

  async send(messages: readonly Uint8Array[]): Promise<void> {
    await this.open();
    for (const message of messages) await this.#sendOne(message);
  }

  async #sendOne(message: Uint8Array): Promise<void> {
    const socket = this.#socket;
    try {
      if (this.#error !== undefined) throw this.#error;
      await new Promise<void>((resolve, reject) => socket?.send(message, (error) => (error ? reject(error) : resolve())));
    } catch (error) {
      await this.close();
      throw networkFault(this.#options.host, false, error);
    }
  }

  close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#error = undefined;
    return new Promise((resolve) => (socket ? socket.close(() => resolve()) : resolve()));
  }

  async #familyOf(host: string): Promise<number> {
    const family = isIP(host);
    if (family !== 0) return family;
    const { host: name, lookup } = this.#options;
    return new Promise((resolve, reject) =>
      lookup(name, { all: false }, (error, _address, found) =>
        error ? reject(networkFault(name, false, error)) : resolve(found ?? 4),
      ),
    );
  }
}
