import type { Reading, Readings } from '../telemetry/readings.ts';
import type { BreakerState } from './breaker.ts';
import { Counts } from './counts.ts';

/** How one sink is at the moment. */
export interface SinkState {
  readonly breaker: BreakerState;
  /** Bytes of its log that it has not got yet. */
  readonly behindBytes: number;
  /** Seconds since the oldest record it has not got was received, as far as it is known; 0 where it waits for nothing. */
  readonly ageSeconds: number;
}

const breakerNumbers: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** What telemetry reads of sinks besides what they were given. */
export class SinkStates {
  readonly #sinks = new Map<string, () => SinkState>();
  readonly #retries = new Counts();

  watch(sink: string, state: () => SinkState): void {
    this.#sinks.set(sink, state);
  }

  retried(sink: string, code: string): void {
    this.#retries.add({ sink, code });
  }

  readings(): Pick<Readings, 'sinkRetries' | 'sinkBreaker' | 'sinkBehindBytes' | 'sinkAgeSeconds'> {
    const each = (value: (state: SinkState) => number) => (): readonly Reading[] =>
      [...this.#sinks].map(([sink, state]) => ({ value: value(state()), labels: { sink } }));
    return {
      sinkRetries: () => this.#retries.readings(),
      sinkBreaker: each(({ breaker }) => breakerNumbers[breaker]),
      sinkBehindBytes: each(({ behindBytes }) => behindBytes),
      sinkAgeSeconds: each(({ ageSeconds }) => ageSeconds),
    };
  }
}
