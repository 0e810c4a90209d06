/** Times in milliseconds since the epoch, by when an event happened; `untilMs` itself is outside. */
export interface TimeRange {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Which masked events are meant. All that is given must hold; texts are compared whole, `text` is looked for anywhere in the event. */
export interface EventFilter {
  readonly range: TimeRange;
  readonly user?: string;
  /** Any of these; at most as many as a page has rows. */
  readonly users?: readonly string[];
  readonly verb?: string;
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly sourceIp?: string;
  readonly code?: number;
  /** Without controllers, nodes and other users of `system:`, but for those who are not known (`system:anonymous`). */
  readonly humans?: boolean;
  readonly text?: string;
}

/** The head of one masked event. */
export interface EventRowView {
  /** Names the event in its log, 32 hex digits. */
  readonly digest: string;
  readonly timeMs: number;
  readonly auditID: string;
  readonly user: string;
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly code: number;
  readonly decision: string;
  /** What a person would have typed, where that can be told. */
  readonly intent?: string;
  readonly source: string;
  readonly isStub: boolean;
  /** Rules that matched it. */
  readonly rules: readonly string[];
}

/** Newest first. `next` continues behind the last one. */
export interface EventPage {
  readonly rows: readonly EventRowView[];
  readonly next?: string;
  /** Only what was received since then was looked at: the bound of work was reached. Absent: all of the range was. */
  readonly lookedBackToMs?: number;
}

/** Counts for each step of a range; `times` are starts of steps, all lists are as long as it. */
export interface EventSeries {
  readonly stepMs: number;
  readonly times: readonly number[];
  readonly events: readonly number[];
  readonly stubs: readonly number[];
  /** 401, 403 and everything else. */
  readonly unauthenticated: readonly number[];
  readonly forbidden: readonly number[];
  readonly allowed: readonly number[];
  /** Masked values by kind: the commonest, others under `other`. */
  readonly masked: Readonly<Record<string, readonly number[]>>;
}

export const topColumns = ['user', 'verb', 'resource', 'namespace', 'sourceIp', 'userAgent', 'code'] as const;
export type TopColumn = (typeof topColumns)[number];

export interface TopRow {
  readonly value: string;
  readonly events: number;
  readonly forbidden: number;
}

/** One actor's events by hour of the day in UTC: 24 numbers; and on how many days (UTC) there were some. */
export interface HeatRow {
  readonly user: string;
  readonly hours: readonly number[];
  readonly days: number;
}

/**
 * Answers questions about the masked events of a data folder. It only reads; what is asked costs the agent no time of its main
 * thread. A folder without a log holds no events. Rejects with the reason of `signal` once that is aborted.
 * Faults: E_STORE_WORK where a count would read more than `limits.storeScanBytes` (a search ends early instead, and says so),
 * E_STORE_STEPS, E_STORE_CURSOR.
 */
export interface EventStore {
  search(
    filter: EventFilter,
    page: { readonly limit: number; readonly before?: string },
    signal: AbortSignal,
  ): Promise<EventPage>;
  series(filter: EventFilter, stepMs: number, signal: AbortSignal): Promise<EventSeries>;
  top(filter: EventFilter, column: TopColumn, limit: number, signal: AbortSignal): Promise<readonly TopRow[]>;
  heat(filter: EventFilter, limit: number, signal: AbortSignal): Promise<readonly HeatRow[]>;
  /** The whole masked event, as it stands in the log; undefined where it is not kept (any more). */
  event(digest: string, signal: AbortSignal): Promise<string | undefined>;
  close(): Promise<void>;
}
