import type { StreamEvents } from '../../src/web/api.ts';
import { streamUrl } from './api-client.ts';

type Listener<K extends keyof StreamEvents> = (data: StreamEvents[K]) => void;
type Listeners = { [K in keyof StreamEvents]: Set<Listener<K>> };

/** The server sends its status each second: without a word for so long, the stream counts as lost. */
const silentMs = 6000;
/** Between two tries where the browser has given up by itself. */
const againMs = 2000;

/** Server-sent events, for as long as the page is open. Continues where it was after a break. */
export class LiveStream {
  readonly #listeners: Listeners = {
    finding: new Set(),
    silence: new Set(),
    status: new Set(),
    reset: new Set(),
  };
  #source: EventSource | undefined;
  #heardMs = Date.now();
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastId = '';

  /** Called each second with how long ago something came, or with nothing while it flows. */
  onState: ((lostForMs: number | undefined) => void) | undefined;

  /** Called where the server answered with no stream: it may not know us any more. */
  onRefused: (() => void) | undefined;

  open(): void {
    this.#connect();
    this.#timer = setInterval(() => this.#look(), 1000);
  }

  /** Makes sure that what changed after this position is told: where nothing came yet, the stream begins there. */
  from(position: string): void {
    if (this.#lastId !== '') return;
    this.#lastId = position;
    this.#connect();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  /** Ends the listening when the returned function is called. */
  on<K extends keyof StreamEvents>(type: K, listener: Listener<K>): () => void {
    const listeners: Set<Listener<K>> = this.#listeners[type];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #connect(): void {
    this.#source?.close();
    const url = streamUrl();
    if (this.#lastId !== '') url.searchParams.set('from', this.#lastId);
    const source = new EventSource(url, { withCredentials: true });
    this.#source = source;
    for (const type of ['finding', 'silence', 'status', 'reset'] as const)
      source.addEventListener(type, (event: MessageEvent<string>) => this.#take(type, event));
  }

  #take<K extends keyof StreamEvents>(type: K, event: MessageEvent<string>): void {
    this.#heardMs = Date.now();
    if (event.lastEventId !== '') this.#lastId = event.lastEventId;
    const data = JSON.parse(event.data) as StreamEvents[K];
    for (const listener of this.#listeners[type]) listener(data);
  }

  #lostMs = 0;

  #look(): void {
    const sinceMs = Date.now() - this.#heardMs;
    const isLost = sinceMs > silentMs || (this.#source?.readyState !== EventSource.OPEN && sinceMs > 2000);
    this.onState?.(isLost ? sinceMs : undefined);
    // The browser tries again by itself after a break, but not after an answer that is no stream.
    if (this.#source?.readyState === EventSource.CLOSED && Date.now() - this.#lostMs > againMs) {
      this.#lostMs = Date.now();
      this.onRefused?.();
      this.#connect();
    }
  }
}
