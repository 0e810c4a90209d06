/** Bytes of an input that were not read and cannot be any more. */
export interface SourceGap {
  /** What happened, in a word of the source. */
  readonly kind: string;
  readonly path: string;
  /** First byte that is missing; of a compressed file within what it holds. */
  readonly from: number;
  /** Undefined where nobody knows. */
  readonly to: number | undefined;
  /** What to do about it. */
  readonly remedy: string;
}
