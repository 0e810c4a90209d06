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
  open(signal: AbortSignal): Promise<void>;
  deliveries(signal: AbortSignal): AsyncIterable<Delivery>;
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
