import { limits } from '../core/limits.ts';

export interface WatermarkOptions {
  /** Events may arrive this much out of order. */
  readonly latenessMs?: number;
  /** A source that said nothing for this long no longer holds time back. */
  readonly idleMs?: number;
}

/** A source silent for this long does not hold back the others (DESIGN section 5). */
const defaultIdleMs = 30_000;

interface SourceTime {
  eventUs: number;
  receivedUs: number;
}

/** How far event time has come, over several sources: the slowest busy one counts, less the lateness. Never moves back. */
export interface Watermark {
  /** Event time is believed up to 5 s past receive time. */
  observe(source: string, eventTimeUs: number, receivedAtUs: number): void;
  /** Microseconds; minus infinity before the first event. `nowUs` decides which sources are idle. */
  currentUs(nowUs: number): number;
}

class SourceWatermark implements Watermark {
  readonly #latenessUs: number;
  readonly #idleUs: number;
  readonly #sources = new Map<string, SourceTime>();
  #reachedUs = Number.NEGATIVE_INFINITY;

  constructor(options: WatermarkOptions) {
    this.#latenessUs = (options.latenessMs ?? limits.latenessMs) * 1000;
    this.#idleUs = (options.idleMs ?? defaultIdleMs) * 1000;
  }

  observe(source: string, eventTimeUs: number, receivedAtUs: number): void {
    const believedUs = Math.min(eventTimeUs, receivedAtUs + limits.clockAheadMs * 1000);
    const known = this.#sources.get(source);
    if (!known) this.#sources.set(source, { eventUs: believedUs, receivedUs: receivedAtUs });
    else {
      known.eventUs = Math.max(known.eventUs, believedUs);
      known.receivedUs = Math.max(known.receivedUs, receivedAtUs);
    }
  }

  currentUs(nowUs: number): number {
    const all = [...this.#sources.values()];
    const busy = all.filter((source) => nowUs - source.receivedUs <= this.#idleUs);
    const times = busy.map((source) => source.eventUs);
    const slowest =
      times.length > 0 ? Math.min(...times) : Math.max(Number.NEGATIVE_INFINITY, ...all.map((source) => source.eventUs));
    this.#reachedUs = Math.max(this.#reachedUs, slowest - this.#latenessUs);
    return this.#reachedUs;
  }
}

export function createWatermark(options: WatermarkOptions = {}): Watermark {
  return new SourceWatermark(options);
}
