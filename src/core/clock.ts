/** Time as a dependency: pure code is handed one of these instead of asking the system. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
}
