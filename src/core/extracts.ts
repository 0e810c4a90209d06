/** JSON type of an extracted value. `escaped` is a string whose bytes hold a backslash and must be decoded. */
export const valueTypes = { string: 0, escaped: 1, number: 2, true: 3, false: 4, null: 5, object: 6, array: 7 } as const;

/**
 * The raw values a scan found for the fields that rules name. One entry per value, in input order: an array gives one
 * entry per element (`array` itself gives one too), a repeated key one per occurrence. Raw: lives only while a tile
 * is inspected.
 */
export interface Extracts {
  /** The event's bytes; spans index into it. String spans exclude the quotes, object and array spans include the brackets. */
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Field number (index into the plan's field table) of each value. */
  readonly fields: Uint16Array;
  readonly types: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /**
   * By value, if at all: values of one field with the same key are the same bytes, as long as `keySpace` is the same object. Below
   * zero: nothing is known. Keys are small numbers.
   */
  readonly keys?: Int32Array;
  readonly keySpace?: object;
}

/** A field that rules read: its name and the places it may stand. Arrays on the way are transparent; `*` is any key. */
export interface FieldSpec {
  readonly name: string;
  readonly paths: readonly (readonly string[])[];
}

/** Where the matcher writes what it found for one event. */
export interface MatchSink {
  rule(rule: number): void;
  /**
   * `group` and `value` are canonical bytes of the raw group-by and counted values; the inspector keys and hashes them. A number
   * is kept as it is, so `entry` says which of the extracts it was read from: what is masked there must not be kept.
   */
  stateKey(correlation: number, group: Uint8Array, value: Uint8Array | number | undefined, entry?: number): void;
}

/** What each rule has cost so far, by its number. */
export interface RuleCosts {
  /** Events for which the rule was looked at closely; for the others the index of head values ruled it out. */
  readonly looks: Float64Array;
  /** Tests of the event made for it that no rule before it had asked for. */
  readonly tests: Float64Array;
}

/** Evaluates all rules on one event's extracts. Built once per plan; not re-entrant. */
export interface Matcher {
  readonly fields: readonly FieldSpec[];
  match(extracts: Extracts, sink: MatchSink): void;
  /** Counts what rules cost from now on, in an object that goes on changing. */
  measure?(): RuleCosts;
}
