import { Agent, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../src/demo/random.ts';
import { numberedEvent } from './numbered-event.ts';

/** kube-apiserver's default for one batch. */
const batchEvents = 400;
/** kube-apiserver waits 10 s, 15 s, …; here it goes quicker, and it never gives a batch up, so that all must arrive. */
const firstBackoffMs = 20;
const longestBackoffMs = 500;
const defaultAnswerMs = 30_000;

export interface AuditSenderOptions {
  readonly host: string;
  readonly port: number;
  readonly random: SeededRandom;
  /** Batches on their way at once. */
  readonly batches: number;
  readonly eventsPerSecond: number;
  /** Sends over TLS, with a certificate of its own. */
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
  /** How long it waits for an answer; default 30 s, as kube-apiserver. */
  readonly answerMs?: number;
}

/**
 * Sends events as the batch mode of kube-apiserver's webhook backend does: EventLists of up to 400 events over kept
 * connections, several at once; whatever is not answered 200 is sent again as it was.
 */
export class AuditSender {
  /** Of events that were sent, and of those that were answered 200. */
  readonly sent = new Set<string>();
  readonly stored = new Set<string>();
  /** How often each status was answered; 0: no answer. */
  readonly answers = new Map<number, number>();
  /** Milliseconds until each 200. */
  readonly times: number[] = [];
  /** Answers 503 that did not say when to come again: kube-apiserver then gives up much sooner. */
  withoutRetryAfter = 0;
  readonly #options: AuditSenderOptions;
  readonly #agent: Agent;
  #number = 0;
  #stopped = false;
  #abandoned = false;
  #loops: readonly Promise<void>[] = [];

  constructor(options: AuditSenderOptions) {
    this.#options = options;
    const kept = { keepAlive: true, maxSockets: options.batches };
    this.#agent = options.tls ? new TlsAgent({ ...kept, ...options.tls }) : new Agent(kept);
  }

  start(): void {
    this.#loops = Array.from({ length: this.#options.batches }, () => this.#sendBatches());
  }

  /** Resolves once every batch is answered 200. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
    this.#agent.destroy();
  }

  /** Gives up what is on its way. */
  abandon(): void {
    this.#stopped = true;
    this.#abandoned = true;
    this.#agent.destroy();
  }

  async #sendBatches(): Promise<void> {
    const { random, batches, eventsPerSecond } = this.#options;
    while (!this.#stopped) {
      const began = Date.now();
      const ids = Array.from({ length: random.unit() < 0.2 ? 1 : random.between(1, batchEvents) }, () => random.uuid());
      await this.#deliver(ids);
      await sleep(Math.max(1, (ids.length * batches * 1000) / eventsPerSecond - (Date.now() - began)));
    }
  }

  async #deliver(ids: readonly string[]): Promise<void> {
    const items = ids.map((auditID) => numberedEvent(this.#number++, auditID));
    const body = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${items.join(',')}]}\n`;
    for (const id of ids) this.sent.add(id);
    for (let waitMs = firstBackoffMs; ; waitMs = Math.min(longestBackoffMs, 1.5 * waitMs)) {
      const began = performance.now();
      const { status, retryAfterMs } = await this.#post(body);
      if (status === 200) this.times.push(performance.now() - began);
      this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
      if (status === 503 && retryAfterMs === undefined) this.withoutRetryAfter++;
      if (status === 200) break;
      if (this.#abandoned) return;
      await sleep(retryAfterMs ?? waitMs * (1 + 0.2 * this.#options.random.unit()));
    }
    for (const id of ids) this.stored.add(id);
  }

  /** Status 0 where no whole answer came. */
  #post(body: string): Promise<{ readonly status: number; readonly retryAfterMs?: number }> {
    const { host, port, tls, answerMs = defaultAnswerMs } = this.#options;
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'accept-encoding': 'gzip' };
    return new Promise((resolve) => {
      const sent = (tls ? tlsRequest : request)(
        { host, port, method: 'POST', path: '/', agent: this.#agent, headers, timeout: answerMs },
        (answer) => {
          answer.resume();
          answer.once('close', () => {
            const after = Number(answer.headers['retry-after'] ?? Number.NaN);
            const status = answer.complete ? (answer.statusCode ?? 0) : 0;
            resolve({ status, ...(Number.isFinite(after) ? { retryAfterMs: 1000 * after } : {}) });
          });
        },
      );
      sent.once('timeout', () => sent.destroy());
      sent.once('error', () => resolve({ status: 0 }));
      sent.end(body);
    });
  }
}
