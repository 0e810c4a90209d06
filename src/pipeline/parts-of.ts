import type { MaskedRecord } from '../core/record.ts';

export interface BatchBounds {
  readonly records: number;
  /** Of payloads. */
  readonly bytes: number;
}

/** Records in runs of at most so many and about so many bytes, in order; a larger record is a run of its own. */
export function* partsOf(records: readonly MaskedRecord[], bounds: BatchBounds): Generator<readonly MaskedRecord[]> {
  let from = 0;
  let bytes = 0;
  for (const [at, { payload }] of records.entries()) {
    if (at > from && (at - from >= bounds.records || bytes + payload.length > bounds.bytes)) {
      yield records.slice(from, at);
      from = at;
      bytes = 0;
    }
    bytes += payload.length;
  }
  if (from < records.length) yield from === 0 ? records : records.slice(from);
}
