import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { StreamEvents } from './api.ts';
import type { StreamTable } from './stream-table.ts';

type Name = keyof StreamEvents;

/**
 * Server-sent events to one client (WHATWG HTML, 9.2). Nothing is queued here: whoever writes waits until the client took what
 * went before, and a client that takes nothing for a while (`limits.webStalledMs`) is ended.
 */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #ended = new AbortController();
  readonly #table: Pick<StreamTable, 'stalledMs' | 'onStalled'>;
  #busy = false;

  constructor(response: ServerResponse, signal: AbortSignal, table: Pick<StreamTable, 'stalledMs' | 'onStalled'>) {
    this.#response = response;
    this.#table = table;
    const end = (): void => this.#ended.abort();
    response.on('close', end);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
  }

  /** Aborts when the client is gone, or has to go. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Whether the client has not taken yet what was written before. */
  get isBusy(): boolean {
    return this.#busy;
  }

  /** Resolves once there is room for more, or the stream ended. */
  async send<N extends Name>(name: N, data: StreamEvents[N], id?: string): Promise<void> {
    await this.#write(`event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
  }

  async #write(text: string): Promise<void> {
    if (this.ended.aborted) return;
    if (this.#response.write(text)) return;
    this.#busy = true;
    const drained = new Promise<boolean>((resolve) => this.#response.once('drain', () => resolve(true)));
    const over = new AbortController();
    const late = delay(this.#table.stalledMs, false, { signal: AbortSignal.any([this.ended, over.signal]) }).catch(() => true);
    const isTaken = await Promise.race([drained, late]);
    over.abort();
    this.#busy = false;
    if (isTaken) return;
    this.#table.onStalled();
    this.#ended.abort();
    this.#response.destroy();
  }

  end(): void {
    this.#ended.abort();
    this.#response.end();
  }
}
