import type { ReceiverMeter, ReceiverState } from '../core/receiver.ts';
import type { Readings } from '../telemetry/readings.ts';
import { Counts } from './counts.ts';

type ReceiverReadings = Pick<Readings, 'requests' | 'requestBytes' | 'disconnections' | 'receiverState' | 'onAnswer'>;

/** What sources that answer requests report, by source. */
export class ReceiverCounts {
  readonly #requests = new Counts();
  readonly #bytes = new Counts();
  readonly #disconnections = new Counts();
  readonly #states = new Map<string, () => ReceiverState>();
  #observe: (seconds: number, labels: Readonly<Record<string, string>>) => void = () => undefined;

  meter(source: string): ReceiverMeter {
    return {
      answered: (status, reason, seconds, bytes) => {
        this.#requests.add({ source, status: String(status), reason });
        this.#bytes.add({ source }, bytes);
        if (status === 200) this.#observe(seconds, { source });
      },
      disconnected: (reason) => this.#disconnections.add({ source, reason }),
      watch: (state) => void this.#states.set(source, state),
    };
  }

  /** Who was turned away at a source: requests that were not answered 200, connections that never got to one. */
  refusals(source: string): readonly { readonly reason: string; readonly count: number }[] {
    const refused = this.#requests.readings().filter(({ labels }) => labels?.['status'] !== '200');
    return [...refused, ...this.#disconnections.readings()]
      .filter(({ labels }) => labels?.['source'] === source)
      .map(({ value, labels }) => ({ reason: labels?.['reason'] ?? '', count: value }));
  }

  connections(source: string): number {
    return this.#states.get(source)?.().connections ?? 0;
  }

  readings(): ReceiverReadings {
    return {
      requests: () => this.#requests.readings(),
      requestBytes: () => this.#bytes.readings(),
      disconnections: () => this.#disconnections.readings(),
      receiverState: () =>
        [...this.#states].flatMap(([source, state]) =>
          Object.entries(state()).map(([what, value]) => ({ value: Number(value), labels: { source, what } })),
        ),
      onAnswer: (observe) => {
        this.#observe = observe;
      },
    };
  }
}
