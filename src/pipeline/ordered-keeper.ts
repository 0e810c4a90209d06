import type { Delivery } from '../core/delivery.ts';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import type { MaskedTile } from '../core/tile.ts';

export interface OrderedKeeperOptions {
  /** Makes tiles durable, all or none, however long it takes. Rejects where that can never work. */
  readonly append: (tiles: readonly MaskedTile[]) => Promise<void>;
  readonly kept: (delivery: Delivery, masked: MaskedTile) => void;
}

interface Entry {
  readonly delivery: Delivery;
  readonly inspected: Promise<MaskedTile>;
  masked: MaskedTile | undefined;
}

/**
 * Keeps the tiles of one source in their order. Those that were inspected while the ones before them were written go
 * together: a log of many small files costs a sync for many of them, not for each.
 */
export class OrderedKeeper {
  readonly #options: OrderedKeeperOptions;
  #waiting: Entry[] = [];
  #keeping: Promise<void> | undefined;

  constructor(options: OrderedKeeperOptions) {
    this.#options = options;
  }

  /** Resolves once this tile and all before it are kept and settled. After a failure nothing is kept any more. */
  keep(delivery: Delivery, inspected: Promise<MaskedTile>): Promise<void> {
    const entry: Entry = { delivery, inspected, masked: undefined };
    inspected.then(
      (masked) => {
        entry.masked = masked;
      },
      // It is thrown when its turn comes.
      () => undefined,
    );
    this.#waiting.push(entry);
    this.#keeping ??= this.#keepAll();
    return this.#keeping;
  }

  async #keepAll(): Promise<void> {
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      let together: readonly Entry[] = [first];
      try {
        await first.inspected;
        together = this.#inspected();
        await this.#options.append(together.flatMap(({ masked }) => masked ?? []));
      } catch (error) {
        const fault = appendFault(error);
        for (const { delivery } of together) delivery.settle({ status: 'errored', fault });
        throw fault;
      }
      this.#waiting = this.#waiting.slice(together.length);
      for (const { delivery, masked } of together) if (masked) this.#options.kept(delivery, masked);
    }
    this.#keeping = undefined;
  }

  /** The tiles from the first one on that are ready, as many as are written in one go. */
  #inspected(): readonly Entry[] {
    let bytes = 0;
    const end = this.#waiting.findIndex(({ masked }, i) => {
      bytes += masked?.bytes.length ?? 0;
      return !masked || (i > 0 && bytes > limits.logGroupBytes);
    });
    return this.#waiting.slice(0, end < 0 ? undefined : end);
  }
}

export const appendFault = (error: unknown): Fault =>
  error instanceof Fault ? error : new Fault('appending to the log failed', { code: 'E_PIPELINE_APPEND', cause: error });
