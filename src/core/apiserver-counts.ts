/** What one kube-apiserver counted by itself, against what is in the log. Counts are events, times RFC 3339. */
export interface ApiserverCounts {
  readonly name: string;
  /** Names of the sources that its events come by. */
  readonly sources: readonly string[];
  /** When its counters were read last; absent: not yet. */
  readonly at?: string;
  /** Why they could not be read the last time. */
  readonly problem?: { readonly message: string; readonly remedy: string };
  /** When it started: it has counted since then. */
  readonly started?: string;
  readonly counted?: number;
  /** Events it gave up, by the part of it that failed. */
  readonly lost: Readonly<Record<string, number>>;
  /** Requests it refused because of auditing. */
  readonly refused: number;
  /** Absent before the second look. */
  readonly compared?: ComparedCounts;
}

/** What apiservers that share their sources counted together, and what of it is in the log, since both are looked at. */
export interface ComparedCounts {
  readonly since: string;
  readonly counted: number;
  readonly stored: number;
  /** Counted and not in the log, though they had long enough. */
  readonly missing: number;
  /** Whether it has been looked at for long enough to tell what is missing from what is on its way. */
  readonly isSettled: boolean;
  /** The apiservers that were counted together. */
  readonly together: readonly string[];
}
