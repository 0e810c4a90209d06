/**
 * What a log found missing or unreadable. `torn-tail` and `zero-tail` are what a crash leaves behind: records that were
 * never acknowledged. All other kinds mean that something was lost or, for `reader-behind`, deleted on purpose.
 */
export type LossKind =
  | 'torn-tail'
  | 'zero-tail'
  | 'damaged-records'
  | 'damaged-header'
  | 'missing-segment'
  | 'damaged-position'
  | 'damaged-digests'
  | 'position-beyond-log'
  | 'reader-behind';

export interface LossReport {
  readonly kind: LossKind;
  readonly segment: number;
  /** Where in the segment; 0 where the whole segment is meant. */
  readonly offset: number;
  /** Bytes passed over; 0 where unknown. */
  readonly bytes: number;
  /** Records passed over, as far as their sizes could be read: at least this many. */
  readonly records: number;
  /** The reader that met it, where one did. */
  readonly reader?: string;
}

export type OnLoss = (report: LossReport) => void;
