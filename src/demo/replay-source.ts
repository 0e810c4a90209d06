import type { Delivery, Outcome, Source } from '../core/delivery.ts';
import { limits } from '../core/limits.ts';
import type { Tile, TileContext } from '../core/tile.ts';
import type { RecordedEvent } from './scene.ts';

export interface ReplayOptions {
  readonly events: readonly RecordedEvent[];
  /** How much faster than recorded; `Infinity` waits for nothing. */
  readonly speed: number;
  readonly context: TileContext;
  /** Resolves after so many milliseconds, or when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly nowMs: () => number;
}

/** Events that fall into one such slice of replayed time travel in one tile. */
const sliceMs = 100;

function tileOf(lines: readonly Buffer[], firstOffset: number, options: ReplayOptions): Tile {
  const count = lines.length;
  const bytes = Buffer.alloc(lines.reduce((sum, line) => sum + line.length + 1, 0) + limits.tilePaddingBytes);
  const starts = new Uint32Array(count);
  const ends = new Uint32Array(count);
  const offsets = new Float64Array(count);
  const covers = new Uint32Array(count);
  let at = 0;
  lines.forEach((line, i) => {
    starts[i] = at;
    offsets[i] = firstOffset + at;
    at += line.copy(bytes, at);
    ends[i] = at;
    covers[i] = line.length + 1;
    bytes[at++] = 10;
  });
  const none = { items: new Uint32Array(count), reasons: new Uint8Array(count) };
  return { bytes, count, starts, ends, offsets, covers, ...none, context: options.context, receivedAtUs: options.nowMs() * 1000 };
}

/** A source that plays a recording in time. Nothing to acknowledge: what is not delivered ends the replay. */
export class ReplaySource implements Source {
  readonly #options: ReplayOptions;
  #failure: Error | undefined;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {}

  async close(): Promise<void> {}

  async *deliveries(signal: AbortSignal): AsyncIterable<Delivery> {
    const { events, speed, wait, nowMs } = this.#options;
    const startedMs = nowMs();
    let next = 0;
    let offset = 0;
    while (next < events.length && !signal.aborted) {
      const sliceEnd = (events[next] as RecordedEvent).at + (speed === Infinity ? Infinity : sliceMs * Math.max(1, speed / 10));
      const lines: Buffer[] = [];
      let size = 0;
      let lastAt = 0;
      for (let event = events[next]; event && event.at < sliceEnd && size < limits.tileBytes; event = events[++next]) {
        const line = Buffer.from(event.line, 'utf8');
        lines.push(line);
        size += line.length + 1;
        lastAt = event.at;
      }
      if (speed !== Infinity) await wait(Math.max(0, startedMs + lastAt / speed - nowMs()), signal);
      if (signal.aborted) return;
      const tile = tileOf(lines, offset, this.#options);
      offset += size;
      yield { tile, settle: (outcome) => this.#settled(outcome) };
      if (this.#failure) throw this.#failure;
    }
  }

  #settled(outcome: Outcome): void {
    if (outcome.status !== 'delivered') this.#failure = outcome.fault;
  }
}
