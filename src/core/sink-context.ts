import type { Clock } from './clock.ts';
import type { Product } from './product.ts';

/** What a sink is given besides its own options. */
export interface SinkContext {
  readonly cluster: string;
  readonly product: Product;
  readonly clock: Clock;
  /** Aborts when this process gives up: what runs in the background ends with it. */
  readonly signal: AbortSignal;
  /**
   * Told of what an operator should see, shown with the name of the sink. Words of our own and status codes only: a server
   * may answer with what was sent to it.
   */
  readonly notice: (text: string) => void;
}
