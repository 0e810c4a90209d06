import type { Fault } from './faults.ts';
import type { RecordBatch } from './log.ts';
import type { Tile } from './tile.ts';

/** delivered: done. errored: may pass later, again with backoff. rejected: never will, goes to the dead letter with the reason. */
export type Outcome =
  | { readonly status: 'delivered' }
  | { readonly status: 'errored'; readonly fault: Fault }
  | { readonly status: 'rejected'; readonly fault: Fault };

/** What a source hands over and is told the outcome of, exactly once. A source acknowledges only on `delivered`. */
export interface Delivery {
  readonly tile: Tile;
  settle(outcome: Outcome): void;
}

export interface Source {
  /**
   * Whoever sends asks again for what was not delivered, and the order of deliveries means nothing. Appends run side by
   * side then, and one that fails is settled as errored at once instead of being tried again.
   */
  readonly resends?: boolean;
  open(signal: AbortSignal): Promise<void>;
  deliveries(signal: AbortSignal): AsyncIterable<Delivery>;
  /** Takes up certificates, tokens and the like that may have changed; what cannot be used leaves the old ones in force. */
  reload?(): Promise<void>;
  close(): Promise<void>;
}

export interface Sink {
  open(signal: AbortSignal): Promise<void>;
  /** Proves that the sink would accept a write now. */
  check(signal: AbortSignal): Promise<void>;
  /** One outcome per record of the batch, in order. */
  write(batch: RecordBatch, signal: AbortSignal): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}
