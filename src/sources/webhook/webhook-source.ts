import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import type { Delivery, Source } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import type { LeftOut } from '../../core/left-out.ts';
import type { ReceiverMeter } from '../../core/receiver.ts';
import type { Requirements } from './client-identity.ts';
import { type CredentialFiles, type Credentials, credentialState, loadCredentials } from './credentials.ts';
import { Listener, type ListenerBounds } from './listener.ts';
import { NoticeRate } from './notice-rate.ts';
import { Receiver, type ReceiverOptions } from './receiver.ts';

/** A change of certificates or tokens is taken up after this at most. */
const lookIntervalMs = 5_000;
const checkIntervalMs = 500;
/** Of the time everything has after a stop, the part in which request bodies may still come to their end. */
const drainShare = 0.6;

export interface WebhookSourceOptions {
  readonly name: string;
  readonly cluster: string;
  /** `address:port`; port 0 takes a free one. */
  readonly listen: string;
  readonly path: string;
  readonly tls?: (NonNullable<CredentialFiles['tls']> & { readonly allowedNames: readonly string[] }) | undefined;
  readonly tokenFiles: readonly string[];
  readonly limits: ListenerBounds & ReceiverOptions['bounds'];
  readonly clock: Clock;
  readonly graceMs: number;
  readonly refuses: () => string | undefined;
  readonly meter: ReceiverMeter;
  /** Told of what is no event and is left out. */
  readonly leftOut?: LeftOut;
  readonly notice: (notice: string, where: string) => void;
}

/**
 * Receiver for the audit webhook backend of kube-apiserver. At least once: a request is answered 200 only after all of
 * its events are in the log; everything else is sent again by kube-apiserver, and what was in the log already is
 * recognised there. Raw bytes are in memory only.
 */
export class WebhookSource implements Source {
  readonly resends = true;
  readonly #options: WebhookSourceOptions;
  readonly #receiver: Receiver;
  readonly #notices: NoticeRate;
  #listener: Listener | undefined;
  #credentials: Credentials | undefined;
  #state = '';
  #timers: NodeJS.Timeout[] = [];

  constructor(options: WebhookSourceOptions) {
    this.#options = options;
    this.#notices = new NoticeRate(options.clock, options.notice);
    this.#receiver = new Receiver({
      ...options,
      bounds: options.limits,
      requirements: () => this.#requirements(),
      refused: (reason, address) => this.#notices.say(`refused ${reason}`, address),
    });
  }

  /** Where it listens, once it is open. */
  get address(): string | undefined {
    return this.#listener?.address;
  }

  /** @throws Fault E_WEBHOOK_LISTEN, E_WEBHOOK_TLS, E_WEBHOOK_TOKEN, E_FILE_READ */
  async open(): Promise<void> {
    const { listen, limits, meter, notice } = this.#options;
    this.#state = await credentialState(this.#files());
    this.#credentials = await loadCredentials(this.#files());
    const listener = new Listener({
      listen,
      bounds: limits,
      tls: this.#credentials.tls,
      asksCertificate: this.#options.tls?.clientCaFile !== undefined,
      disconnected: (reason, address) => {
        meter.disconnected(reason);
        if (address !== undefined) this.#notices.say(reason, address);
      },
    });
    this.#receiver.attach(listener.server, (request) => listener.peerOf(request));
    const { admission } = this.#receiver;
    meter.watch(() => ({ connections: listener.connections, requests: admission.requests, bytes: admission.bytes }));
    await listener.start();
    this.#listener = listener;
    notice('listening', listener.address);
    this.#every(checkIntervalMs, () => this.#receiver.check());
    this.#every(lookIntervalMs, () => void this.#look());
  }

  async *deliveries(signal: AbortSignal): AsyncGenerator<Delivery, void, undefined> {
    const drain = new Draining(this.#receiver, this.#listener, this.#options.graceMs * drainShare);
    const stop = (): void => drain.begin();
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        for (const delivery of this.#receiver.queue.takeAll()) {
          yield delivery;
          // Between two tiles others are read and answered.
          await nextTurn();
        }
        if (drain.ended) return;
        await this.#receiver.queue.wait();
      }
    } finally {
      signal.removeEventListener('abort', stop);
      drain.stop();
    }
  }

  /** Takes up changed certificates and tokens; what is not usable is said and changes nothing. */
  async reload(): Promise<void> {
    try {
      const credentials = await loadCredentials(this.#files());
      this.#credentials = credentials;
      if (credentials.tls) this.#listener?.use(credentials.tls);
      this.#options.notice('credentials-reloaded', this.#options.name);
    } catch (error) {
      const why = error instanceof Fault ? error.message : 'they cannot be read';
      this.#options.notice('credentials-not-reloaded', why);
    }
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#receiver.drain();
    this.#receiver.abandon();
    await this.#listener?.close();
  }

  async #look(): Promise<void> {
    const state = await credentialState(this.#files());
    if (state === this.#state) return;
    this.#state = state;
    await this.reload();
  }

  #files(): CredentialFiles {
    const { tls, tokenFiles } = this.#options;
    return { tls, tokenFiles };
  }

  #requirements(): Requirements {
    const { tls } = this.#options;
    return {
      certificate: tls?.clientCaFile !== undefined,
      allowedNames: tls?.allowedNames ?? [],
      tokens: this.#credentials?.tokens,
    };
  }

  #every(intervalMs: number, action: () => void): void {
    const timer = setInterval(action, intervalMs);
    timer.unref();
    this.#timers.push(timer);
  }
}

/** The end of a receiver: nothing new, what has begun within its time, then nothing at all. */
class Draining {
  readonly #receiver: Receiver;
  readonly #listener: Listener | undefined;
  readonly #timeMs: number;
  #begun = false;
  #late = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(receiver: Receiver, listener: Listener | undefined, timeMs: number) {
    this.#receiver = receiver;
    this.#listener = listener;
    this.#timeMs = timeMs;
  }

  begin(): void {
    this.#begun = true;
    this.#receiver.drain();
    this.#listener?.stopAccepting();
    this.#timer = setTimeout(() => {
      this.#late = true;
      this.#receiver.abandon();
      this.#receiver.queue.wake();
    }, this.#timeMs);
    this.#receiver.queue.wake();
  }

  get ended(): boolean {
    return this.#begun && (this.#late || !this.#receiver.busy);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
