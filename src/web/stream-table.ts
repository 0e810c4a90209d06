import { limits } from '../core/limits.ts';
import { ApiFault } from './api-fault.ts';
import type { EventStream } from './event-stream.ts';

/** The streams that are open, bounded, and what became of others. */
export class StreamTable {
  /** How long a stream may take nothing. */
  readonly stalledMs: number;
  readonly #open = new Set<EventStream>();
  #stalled = 0;
  #refused = 0;

  constructor(stalledMs: number) {
    this.stalledMs = stalledMs;
  }

  get size(): number {
    return this.#open.size;
  }

  get stalled(): number {
    return this.#stalled;
  }

  get refused(): number {
    return this.#refused;
  }

  /** @throws ApiFault 503 where there are too many */
  checkRoom(): void {
    if (this.#open.size < limits.webStreams) return;
    this.#refused++;
    throw new ApiFault(503, 'E_WEB_STREAMS', 'too many streams are open', 'Close other pages, or come again later.', {
      'retry-after': '10',
    });
  }

  add(stream: EventStream): void {
    this.#open.add(stream);
    stream.ended.addEventListener('abort', () => this.#open.delete(stream), { once: true });
  }

  readonly onStalled = (): void => {
    this.#stalled++;
  };

  endAll(): void {
    for (const stream of this.#open) stream.end();
  }
}
