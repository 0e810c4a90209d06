import type { EventFilter } from '../core/event-store.ts';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import { recordTypes } from '../core/record.ts';
import { type EventRow, eventIn, eventRow } from '../sinks/shared/event-row.ts';
import { recordMatcher, rowMatcher } from './event-filter.ts';
import { type RecordUse, type StoredSegment, StoredSegments } from './stored-segments.ts';

/** An event that was found, with what else its record tells. Its parts may be read until the next one comes. */
export interface FoundEvent {
  readonly row: EventRow;
  readonly event: unknown;
  readonly masks: readonly { readonly kind: string; readonly count: number }[];
}

export interface ScanPlan {
  readonly filter: EventFilter;
  /** Events older than this are not wanted any more; asked before each segment. Microseconds since the epoch. */
  readonly oldestUs?: () => number;
  readonly use: (found: FoundEvent) => void;
  readonly signal: AbortSignal;
}

interface TimeSpan {
  readonly firstUs: number;
  readonly lastUs: number;
}

/** Goes through the masked events of a log, the newest segment first, and passes over segments that cannot hold what is asked for. */
export class LogScan {
  readonly #segments: StoredSegments;
  readonly #scanBytes: number;
  /** Of closed segments that were read once. */
  readonly #spans = new Map<number, TimeSpan>();

  constructor(directory: string, scanBytes: number = limits.storeScanBytes) {
    this.#segments = new StoredSegments(directory);
    this.#scanBytes = scanBytes;
  }

  /** @returns milliseconds: nothing received before was looked at, as that would be too much work; undefined where all was. */
  async events(plan: ScanPlan): Promise<number | undefined> {
    const { filter, use, signal, oldestUs = () => Number.NEGATIVE_INFINITY } = plan;
    const [matchesRecord, matchesRow] = [recordMatcher(filter), rowMatcher(filter)];
    let bytes = 0;
    signal.throwIfAborted();
    for (const segment of (await this.#segments.list()).toReversed()) {
      if (!this.#mayHold(segment, filter, oldestUs())) continue;
      if (bytes > 0 && bytes + segment.bytes > this.#scanBytes) return segment.endedAtMs;
      bytes += segment.bytes;
      await this.#scan(segment, signal, (record) => {
        if (!matchesRecord(record)) return;
        const event = eventIn(record);
        const row = eventRow(record, event);
        if (matchesRow(row)) use({ row, event, masks: record.masks });
      });
    }
    return undefined;
  }

  /** As `events`, where a part would be a wrong answer. @throws Fault E_STORE_WORK */
  async allEvents(plan: ScanPlan): Promise<void> {
    const lookedBackToMs = await this.events(plan);
    if (lookedBackToMs === undefined) return;
    throw new Fault(`that question reads more than ${this.#scanBytes / 1024 / 1024} MiB of the log`, {
      code: 'E_STORE_WORK',
      remedy: `Ask about a shorter time (since ${new Date(lookedBackToMs).toISOString()} can be answered), or install @duckdb/node-api beside this program.`,
    });
  }

  /** The payload of an event, newest segments first; where it is not found within the bound it counts as not kept. */
  async payload(digest: string, signal: AbortSignal): Promise<string | undefined> {
    let bytes = 0;
    signal.throwIfAborted();
    for (const segment of (await this.#segments.list()).toReversed()) {
      if (bytes > 0 && bytes + segment.bytes > this.#scanBytes) return undefined;
      bytes += segment.bytes;
      let found: string | undefined;
      await this.#scan(segment, signal, (record) => {
        if (found === undefined && record.type === recordTypes.event && record.digest === digest)
          found = Buffer.from(record.payload).toString('utf8');
      });
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #mayHold(segment: StoredSegment, { range }: EventFilter, oldestUs: number): boolean {
    const span = this.#spans.get(segment.number);
    const lastUs = span?.lastUs ?? (segment.endedAtMs + limits.clockAheadMs) * 1000;
    const firstUs = span?.firstUs ?? Number.NEGATIVE_INFINITY;
    return lastUs >= Math.max(range.sinceMs * 1000, oldestUs) && firstUs < range.untilMs * 1000;
  }

  async #scan(segment: StoredSegment, signal: AbortSignal, use: RecordUse): Promise<void> {
    let [firstUs, lastUs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    await this.#segments.scan(
      segment,
      (record, offset) => {
        firstUs = Math.min(firstUs, record.eventTimeUs);
        lastUs = Math.max(lastUs, record.eventTimeUs);
        use(record, offset);
      },
      { signal },
    );
    if (segment.isClosed) this.#spans.set(segment.number, { firstUs, lastUs });
  }
}
