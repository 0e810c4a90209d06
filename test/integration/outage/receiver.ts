import type { Gate } from './gate.ts';
import type { SeenEvents } from './seen-events.ts';

/** The other side of one sink. */
export interface Receiver {
  readonly name: string;
  /** Options of the sink, as in a flow mapping, but for its name. */
  readonly sink: string;
  /** What it was sent, where it tells events apart; of messages to people there is only how many findings they are about. */
  readonly events?: SeenEvents;
  /** Requests or messages that were taken. */
  readonly taken: () => number;
  readonly gate: Gate;
  /** Brings `events` up to date where that takes a question. */
  look?(): Promise<void>;
  close(): Promise<void>;
}
