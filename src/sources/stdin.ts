import type { Readable } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import type { Delivery, Source } from '../core/delivery.ts';
import type { LeftOut } from '../core/left-out.ts';
import { InputFramer } from './frames/input-framer.ts';
import { InFlight, tilesInFlight } from './in-flight.ts';
import { openInput } from './read-input.ts';

export interface StdinSourceOptions {
  readonly cluster: string;
  readonly name: string;
  readonly clock: Clock;
  readonly stdin: Readable;
  readonly tilesInFlight?: number;
  readonly leftOut?: LeftOut;
}

/** Standard input to its end. A pipe cannot be read again: what was read and not yet synced is lost with the process. */
export class StdinSource implements Source {
  readonly #options: StdinSourceOptions;
  readonly #inFlight: InFlight;

  constructor(options: StdinSourceOptions) {
    this.#options = options;
    this.#inFlight = new InFlight(options.tilesInFlight ?? tilesInFlight);
  }

  async open(): Promise<void> {}

  async *deliveries(signal: AbortSignal): AsyncGenerator<Delivery, void, undefined> {
    const { cluster, name, clock, stdin, leftOut } = this.#options;
    const framer = new InputFramer({
      context: { cluster, source: name, stream: 'stdin' },
      lists: 'split',
      nowUs: () => clock.nowMs() * 1000,
      leftOut,
    });
    const input = await openInput('-', stdin);
    // A reader that waits for the next byte is woken by the end of the stream.
    const end = (): void => void stdin.destroy();
    signal.addEventListener('abort', end, { once: true });
    try {
      for await (const tile of input.tiles(framer)) {
        await this.#inFlight.ready(signal);
        if (signal.aborted) return;
        const settle = this.#inFlight.track(undefined);
        yield {
          tile,
          settle: (outcome) => {
            framer.recycle(tile);
            settle(outcome);
          },
        };
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', end);
    }
  }

  async close(): Promise<void> {}
}
