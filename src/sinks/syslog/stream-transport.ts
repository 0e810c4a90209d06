import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Fault } from '../../core/faults.ts';
import { forbiddenHost } from '../http/guarded-lookup.ts';
import { networkFault } from '../http/network-fault.ts';
import { readTls, type TlsFiles } from '../shared/read-tls.ts';
import { withinTime } from '../shared/within-time.ts';
import { RecentFrames } from './recent-frames.ts';
import type { SyslogTransport } from './syslog-transport.ts';

export interface StreamOptions {
  readonly host: string;
  readonly port: number;
  /** Absent: plain TCP. */
  readonly tls?: TlsFiles | undefined;
  /** Octet counting puts the length in front of a message (RFC 6587 §3.4.1, RFC 5425); otherwise a line feed ends it (RFC 6587 §3.4.2). */
  readonly framing: 'octetCounting' | 'newline';
  /** Longest wait for a connection, and for the other side to take what is sent. */
  readonly timeoutMs: number;
  /** Bytes that are sent again after a connection broke. */
  readonly resendBytes: number;
  readonly lookup: LookupFunction;
}

const keepAliveMs = 30_000;

/** Messages over one connection that stays open. */
export class StreamTransport implements SyslogTransport {
  readonly #options: StreamOptions;
  readonly #recent: RecentFrames;
  #socket: Socket | undefined;
  /** A connection broke: what went over it last may not have arrived. */
  #isBroken = false;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#recent = new RecentFrames(options.resendBytes);
  }

  async open(signal: AbortSignal): Promise<void> {
    await this.#connected(signal);
  }

  async check(signal: AbortSignal): Promise<void> {
    const socket = await this.#connect(signal);
    socket.destroy();
  }

  async send(messages: readonly Uint8Array[], signal: AbortSignal): Promise<void> {
    const batch = Buffer.concat(messages.flatMap((message) => frame(message, this.#options.framing)));
    const socket = await this.#connected(signal);
    await this.#write(socket, this.#isBroken ? Buffer.concat([...this.#recent.batches, batch]) : batch, signal);
    this.#isBroken = this.#socket !== socket;
    this.#recent.add(batch);
  }

  /** Says that nothing more comes and waits until the other side has taken what came. */
  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket || socket.destroyed) return;
    const isWhole = await new Promise<boolean>((resolve) => {
      socket.once('close', (hadError: boolean) => resolve(!hadError));
      socket.setTimeout(this.#options.timeoutMs, () => socket.destroy(new Error('no answer to the end')));
      socket.end();
      socket.resume();
    });
    if (isWhole) this.#recent.clear();
    else this.#isBroken = true;
  }

  async #connected(signal: AbortSignal): Promise<Socket> {
    if (this.#socket) return this.#socket;
    const socket = await this.#connect(signal);
    socket.on('close', () => {
      if (this.#socket === socket) this.#lost();
    });
    this.#socket = socket;
    return socket;
  }

  async #connect(signal: AbortSignal): Promise<Socket> {
    const { host, port, tls, timeoutMs, lookup } = this.#options;
    const refused = forbiddenHost(host);
    if (refused) throw refused;
    const address = { host, port, lookup, keepAlive: true, keepAliveInitialDelay: keepAliveMs };
    const settings = tls && (await readTls(tls));
    const socket = settings
      ? connectTls({ ...address, ...(isIP(host) === 0 && { servername: host }), ...settings })
      : connectTcp(address);
    try {
      await settled(socket, settings ? 'secureConnect' : 'connect', timeoutMs, signal);
    } catch (error) {
      socket.destroy();
      throw networkFault(host, tls !== undefined, error);
    }
    socket.on('error', () => undefined);
    // A receiver has nothing to say; reading is how its end is noticed.
    socket.resume();
    return socket;
  }

  async #write(socket: Socket, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (bytes.length === 0) return;
    try {
      const written = new Promise<void>((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve())));
      await withinTime(written, this.#options.timeoutMs, signal);
    } catch (error) {
      socket.destroy();
      this.#lost();
      throw networkFault(this.#options.host, this.#options.tls !== undefined, error);
    }
  }

  #lost(): void {
    this.#socket = undefined;
    this.#isBroken = true;
  }
}

/** The parts of a message as it travels. */
export function frame(message: Uint8Array, framing: StreamOptions['framing']): readonly Uint8Array[] {
  return framing === 'octetCounting' ? [Buffer.from(`${message.length} `), message] : [message, newline];
}

const newline = Buffer.from('\n');

function settled(socket: Socket, event: 'connect' | 'secureConnect', timeoutMs: number, signal: AbortSignal): Promise<void> {
  const done = new Promise<void>((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.once('error', reject);
    socket.once('close', () => reject(new Fault('the connection was cut', { code: 'E_SINK_UNREACHABLE', retryable: true })));
  });
  return withinTime(done, timeoutMs, signal);
}
