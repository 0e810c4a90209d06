import type { EventRow } from '../shared/event-row.ts';
import type { FindingRow } from '../shared/finding-row.ts';

/** What one record gives an object: its JSON text, and for Parquet its row. Exactly one of `event` and `finding` where rows are asked for. */
export interface ObjectLine {
  /** Without a line end. */
  readonly body: Uint8Array;
  readonly event?: EventRow;
  readonly finding?: FindingRow;
}
