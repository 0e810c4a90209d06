/** What the walker tells about every value, in input order. Spans are in the current document; strings without quotes. */
export interface ValueVisitor {
  /** Only of names in which a pattern may find something. */
  name(start: number, end: number): void;
  /** `met`: whether it was met before, one of `meetings`. */
  string(start: number, end: number, escaped: boolean, met: number): void;
  /** A string of a document on tape that was met before, under the number it was given then (see `StringMemo`). */
  known(start: number, end: number, escaped: boolean, number: number): void;
  scalar(type: number, start: number, end: number): void;
  open(isObject: boolean, start: number): void;
  close(isObject: boolean, end: number): void;
}
