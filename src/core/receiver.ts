/** What a source that answers requests has open now. */
export interface ReceiverState {
  readonly connections: number;
  readonly requests: number;
  /** Bytes of events received and not yet in the log. */
  readonly bytes: number;
}

/** Where a source that answers requests reports to. Every word is one of the program's own, never one of a request. */
export interface ReceiverMeter {
  /** One request: the status it was answered with (0: none), why, its time in seconds, and the bytes of its body. */
  answered(status: number, reason: string, seconds: number, bytes: number): void;
  /** A connection that ended before there was a request to answer. */
  disconnected(reason: string): void;
  watch(state: () => ReceiverState): void;
}
