/** One number with its labels. */
export interface Reading {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Everything that is measured, as functions that are asked when somebody looks. The pipeline keeps plain numbers; so
 * the hot path pays nothing for telemetry. Labels never hold event data: only names from the configuration, packs and
 * rules, and our own words.
 */
export interface Readings {
  readonly eventsReceived: () => readonly Reading[];
  readonly valuesMasked: () => readonly Reading[];
  readonly stubs: () => readonly Reading[];
  readonly leftOut: () => readonly Reading[];
  readonly findings: () => readonly Reading[];
  readonly findingsHidden: () => readonly Reading[];
  readonly repeats: () => readonly Reading[];
  readonly recordsAppended: () => readonly Reading[];
  readonly appendRetries: () => readonly Reading[];
  readonly sourceNotices: () => readonly Reading[];
  readonly logLosses: () => readonly Reading[];
  readonly sinkRecords: () => readonly Reading[];
  readonly sinkRetries: () => readonly Reading[];
  readonly sinkBreaker: () => readonly Reading[];
  readonly sinkBehindBytes: () => readonly Reading[];
  readonly sinkAgeSeconds: () => readonly Reading[];
  readonly transportLag: () => readonly Reading[];
  readonly transportJoined: () => readonly Reading[];
  readonly correlationState: () => readonly Reading[];
  readonly correlationLosses: () => readonly Reading[];
  readonly selfTestFailures: () => readonly Reading[];
  readonly workersEnded: () => readonly Reading[];
  readonly requests: () => readonly Reading[];
  readonly requestBytes: () => readonly Reading[];
  readonly disconnections: () => readonly Reading[];
  readonly receiverState: () => readonly Reading[];
  /** Has `observe` called with the seconds of each answer from now on. */
  readonly onAnswer: (observe: (seconds: number, labels: Readonly<Record<string, string>>) => void) => void;
  readonly logBytes: () => readonly Reading[];
  readonly logFull: () => readonly Reading[];
  readonly logHeld: () => readonly Reading[];
  readonly lagSeconds: () => readonly Reading[];
  readonly silences: () => readonly Reading[];
  readonly certificates: () => readonly Reading[];
  /** Values that were offered to a vault, where there is one. */
  readonly vault?: () => readonly Reading[];
  /** Of the page and its API, where it is served. */
  readonly web?: WebReadings;
}

export interface WebReadings {
  readonly requests: () => readonly Reading[];
  readonly state: () => readonly Reading[];
  readonly losses: () => readonly Reading[];
}
