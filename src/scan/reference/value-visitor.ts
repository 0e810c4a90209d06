/** What the walker tells about every value, in input order. Spans are in the current document; strings without quotes. */
export interface ValueVisitor {
  /** Only of names in which a pattern may find something. */
  name(start: number, end: number): void;
  string(start: number, end: number, escaped: boolean): void;
  scalar(type: number, start: number, end: number): void;
  open(isObject: boolean, start: number): void;
  close(isObject: boolean, end: number): void;
}
