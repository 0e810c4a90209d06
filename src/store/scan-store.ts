import type {
  EventFilter,
  EventPage,
  EventRowView,
  EventSeries,
  EventStore,
  HeatRow,
  TopColumn,
  TopRow,
} from '../core/event-store.ts';
import { limits } from '../core/limits.ts';
import { intentOf } from '../findings/intent.ts';
import type { EventRow } from '../sinks/shared/event-row.ts';
import { resourceOf } from './event-filter.ts';
import { eventRowView } from './event-row-view.ts';
import { LogScan } from './log-scan.ts';
import { NewestRows } from './newest-rows.ts';
import { comparePlaces, formatCursor, type PagePlace, parseCursor, upTo } from './page-cursor.ts';
import { type StepCounts, seriesOf, stepsOf } from './series-steps.ts';
import { ValueCounts } from './value-counts.ts';

const dayUs = 86_400_000_000;

type Tally<T> = { -readonly [Name in keyof T]: T[Name] };

const columns: Readonly<Record<TopColumn, (row: EventRow) => string | number | undefined>> = {
  user: (row) => row.username,
  verb: (row) => row.verb,
  resource: resourceOf,
  namespace: (row) => row.namespace,
  sourceIp: (row) => row.sourceIps[0],
  userAgent: (row) => row.userAgent,
  code: (row) => row.code,
};

/** An EventStore that reads the segments of a log themselves: it needs nothing else, and takes time that grows with the range. */
export class ScanStore implements EventStore {
  readonly #scan: LogScan;

  /** @param directory of the events log */
  constructor(directory: string, scanBytes: number = limits.storeScanBytes) {
    this.#scan = new LogScan(directory, scanBytes);
  }

  async search(
    filter: EventFilter,
    page: { readonly limit: number; readonly before?: string },
    signal: AbortSignal,
  ): Promise<EventPage> {
    const limit = Math.max(1, Math.min(limits.storePageRows, page.limit));
    const before = page.before === undefined ? undefined : parseCursor(page.before);
    const newest = new NewestRows<PagePlace & { readonly view: EventRowView }>(limit + 1);
    const lookedBackToMs = await this.#scan.events({
      filter: before === undefined ? filter : upTo(filter, before),
      oldestUs: () => newest.oldestUs(),
      signal,
      use: ({ row, event }) => {
        const place = { timeUs: Math.floor(row.eventTimeUs), digest: row.digest };
        if (before !== undefined && comparePlaces(place, before) <= 0) return;
        if (newest.wants(place)) newest.add({ ...place, view: eventRowView(row, intentOf(event)) });
      },
    });
    const found = newest.take();
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      rows: found.slice(0, limit).map(({ view }) => view),
      ...(last && { next: formatCursor(last) }),
      ...(lookedBackToMs !== undefined && { lookedBackToMs }),
    };
  }

  async series(filter: EventFilter, stepMs: number, signal: AbortSignal): Promise<EventSeries> {
    const times = stepsOf(filter.range, stepMs);
    const firstMs = times[0] ?? 0;
    const steps = new Map<number, Tally<StepCounts>>();
    const kinds = new Map<string, Map<number, number>>();
    await this.#scan.allEvents({
      filter,
      signal,
      use: ({ row, masks }) => {
        const step = Math.floor((row.eventTimeUs / 1000 - firstMs) / stepMs);
        const counts = valueAt(steps, step, () => ({ events: 0, stubs: 0, unauthenticated: 0, forbidden: 0 }));
        counts.events++;
        if (row.isStub) counts.stubs++;
        if (row.code === 401) counts.unauthenticated++;
        if (row.code === 403) counts.forbidden++;
        for (const { kind, count } of masks) {
          const ofKind = valueAt(kinds, kind, () => new Map<number, number>());
          ofKind.set(step, (ofKind.get(step) ?? 0) + count);
        }
      },
    });
    return seriesOf(times, stepMs, (step) => steps.get(step), [...kinds]);
  }

  async top(filter: EventFilter, column: TopColumn, limit: number, signal: AbortSignal): Promise<readonly TopRow[]> {
    const value = columns[column];
    const values = new ValueCounts(
      limits.storeValues,
      () => ({ events: 0, forbidden: 0 }),
      ({ events }) => events,
    );
    await this.#scan.allEvents({
      filter,
      signal,
      use: ({ row }) => {
        const text = String(value(row) ?? '');
        if (text === '') return;
        const counts = values.of(text);
        counts.events++;
        if (row.code === 403) counts.forbidden++;
      },
    });
    return values.largest(limit).map(([text, counts]) => ({ value: text, ...counts }));
  }

  async heat(filter: EventFilter, limit: number, signal: AbortSignal): Promise<readonly HeatRow[]> {
    const users = new ValueCounts(
      limits.storeValues,
      () => ({ events: 0, hours: new Array<number>(24).fill(0), days: new Set<number>() }),
      ({ events }) => events,
    );
    await this.#scan.allEvents({
      filter,
      signal,
      use: ({ row: { username = '', eventTimeUs } }) => {
        if (username === '') return;
        const counts = users.of(username);
        counts.events++;
        const hour = new Date(eventTimeUs / 1000).getUTCHours();
        counts.hours[hour] = (counts.hours[hour] ?? 0) + 1;
        counts.days.add(Math.floor(eventTimeUs / dayUs));
      },
    });
    return users.largest(limit).map(([user, { hours, days }]) => ({ user, hours, days: days.size }));
  }

  event(digest: string, signal: AbortSignal): Promise<string | undefined> {
    return this.#scan.payload(digest, signal);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function valueAt<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
