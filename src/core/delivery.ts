import type { Fault } from './faults.ts';
import type { RecordBatch } from './log.ts';
import type { MaskedTile, Tile } from './tile.ts';

/**
 * delivered: done. errored: may pass later, again with backoff, and not before `retryAfterMs` (milliseconds from now) where the
 * other side asked for it. rejected: never will, goes to the dead letter with the reason.
 */
export type Outcome =
  | { readonly status: 'delivered' }
  | { readonly status: 'errored'; readonly fault: Fault; readonly retryAfterMs?: number }
  | { readonly status: 'rejected'; readonly fault: Fault };

export const delivered: Outcome = { status: 'delivered' };

export function errored(fault: Fault, retryAfterMs?: number): Outcome {
  return retryAfterMs === undefined ? { status: 'errored', fault } : { status: 'errored', fault, retryAfterMs };
}

export function rejected(fault: Fault): Outcome {
  return { status: 'rejected', fault };
}

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

/** Records that another process masked, for one of the logs, settled exactly once: its source goes on only behind what was delivered. */
export interface RecordDelivery {
  readonly log: 'events' | 'findings';
  readonly records: MaskedTile;
  settle(outcome: Outcome): void;
}

/** Where records of other processes come from. What errored it hands over again by itself. */
export interface RecordSource {
  open(signal: AbortSignal): Promise<void>;
  records(signal: AbortSignal): AsyncIterable<RecordDelivery>;
  close(): Promise<void>;
}

/**
 * Where records go. The loop in front of it (src/pipeline/sink-loop.ts) calls one method at a time and does all waiting and
 * trying again; a sink tries once and says what became of it.
 */
export interface Sink {
  /**
   * What the other side keeps depends on the order of records of one key (the last one wins). Then everything from the first
   * errored record of a batch on comes again, and not only what errored.
   */
  readonly keepsOrder?: boolean;
  /**
   * Gets ready. May be called again after it failed, and after errored writes.
   * @throws Fault: retryable where trying again may help (server away), otherwise a mistake in the configuration, which ends a start
   */
  open(signal: AbortSignal): Promise<void>;
  /** Proves, writing nothing, that the sink would accept a write now. @throws Fault with a remedy */
  check(signal: AbortSignal): Promise<void>;
  /**
   * One outcome per record of the batch, in order. Ends soon after `signal` aborts. The bytes of records are gone once it has
   * returned: what is kept longer has to be copied. Faults are worded by the sink and never quote what a server answered.
   */
  write(batch: RecordBatch, signal: AbortSignal): Promise<readonly Outcome[]>;
  /** May be called more than once, and without `open`. */
  close(): Promise<void>;
}
