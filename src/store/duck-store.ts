import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
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
import { type Condition, conditionOf, topColumnSql } from './event-sql.ts';
import type { HeadFiles } from './head-files.ts';
import { newestWindows } from './newest-windows.ts';
import { interruptible } from './open-duckdb.ts';
import { formatCursor, type PagePlace, parseCursor, upTo } from './page-cursor.ts';
import { type StepCounts, seriesOf, stepsOf } from './series-steps.ts';
import { listOf } from './sql-text.ts';

export interface DuckStoreOptions {
  readonly files: HeadFiles;
  readonly connect: () => Promise<DuckDBConnection>;
  /** Answers what needs whole events: searches for text. */
  readonly scan: EventStore;
}

type Row = Record<string, DuckDBValue>;

const number = (value: DuckDBValue | undefined): number => Number(value ?? 0);
const textOf = (value: DuckDBValue | undefined): string => (typeof value === 'string' ? value : '');

/** An EventStore that asks DuckDB about the Parquet files with heads of events. */
export class DuckStore implements EventStore {
  readonly #options: DuckStoreOptions;

  constructor(options: DuckStoreOptions) {
    this.#options = options;
  }

  async search(filter: EventFilter, page: Parameters<EventStore['search']>[1], signal: AbortSignal): Promise<EventPage> {
    if (filter.text !== undefined && filter.text !== '') return this.#options.scan.search(filter, page, signal);
    const limit = Math.max(1, Math.min(limits.storePageRows, page.limit));
    const before = page.before === undefined ? undefined : parseCursor(page.before);
    const range = before === undefined ? filter.range : upTo(filter, before).range;
    let rows: readonly Row[] = [];
    for (const window of newestWindows(range)) {
      rows = await this.#newest({ ...filter, range: window }, limit + 1, before, signal);
      if (rows.length > limit) break;
    }
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      rows: rows.slice(0, limit).map(rowView),
      ...(last && { next: formatCursor({ timeUs: number(last['us']), digest: textOf(last['digest']) }) }),
    };
  }

  /** The newest heads behind a place. */
  #newest(filter: EventFilter, limit: number, before: PagePlace | undefined, signal: AbortSignal): Promise<readonly Row[]> {
    const { sql, texts } = conditionOf(filter);
    const behind =
      before === undefined
        ? ''
        : ` AND (event_time < make_timestamp(${before.timeUs}::BIGINT) OR (event_time = make_timestamp(${before.timeUs}::BIGINT) AND digest < '${before.digest}'))`;
    return this.#ask(
      filter,
      signal,
      (heads) =>
        `SELECT *, epoch_us(event_time) AS us FROM ${heads} WHERE ${sql}${behind} ORDER BY event_time DESC, digest DESC LIMIT ${limit}`,
      texts,
    );
  }

  async series(filter: EventFilter, stepMs: number, signal: AbortSignal): Promise<EventSeries> {
    const times = stepsOf(filter.range, stepMs);
    if (filter.text !== undefined && filter.text !== '') return this.#options.scan.series(filter, stepMs, signal);
    const { sql, texts } = conditionOf(filter);
    const step = `((epoch_us(event_time) - ${(times[0] ?? 0) * 1000}) // ${Math.round(stepMs * 1000)})`;
    const counts = await this.#ask(
      filter,
      signal,
      (heads) =>
        `SELECT ${step} AS step, count(*) AS events, count(*) FILTER (is_stub) AS stubs, count(*) FILTER (code = 401) AS unauthenticated, count(*) FILTER (code = 403) AS forbidden FROM ${heads} WHERE ${sql} GROUP BY 1`,
      texts,
    );
    const kinds = await this.#ask(
      filter,
      signal,
      (heads) =>
        `WITH lists AS (SELECT ${step} AS step, masked_kinds, count(*) AS events FROM ${heads} WHERE masked > 0 AND ${sql} GROUP BY 1, 2) SELECT step, split_part(mask, '=', 1) AS kind, sum(events * split_part(mask, '=', 2)::BIGINT) AS masked FROM (SELECT step, events, unnest(masked_kinds) AS mask FROM lists) GROUP BY 1, 2`,
      texts,
    );
    const steps = new Map(counts.map((row) => [number(row['step']), stepCounts(row)] as const));
    const byKind = groupedBy(kinds, (row) => textOf(row['kind']));
    return seriesOf(
      times,
      stepMs,
      (at) => steps.get(at),
      [...byKind].map(([kind, rows]) => [kind, new Map(rows.map((row) => [number(row['step']), number(row['masked'])]))]),
    );
  }

  async top(filter: EventFilter, column: TopColumn, limit: number, signal: AbortSignal): Promise<readonly TopRow[]> {
    if (filter.text !== undefined && filter.text !== '') return this.#options.scan.top(filter, column, limit, signal);
    const { sql, texts } = conditionOf(filter);
    const rows = await this.#ask(
      filter,
      signal,
      (heads) =>
        `SELECT ${topColumnSql[column]} AS value, count(*) AS events, count(*) FILTER (code = 403) AS forbidden FROM ${heads} WHERE ${sql} GROUP BY 1 HAVING coalesce(value, '') <> '' ORDER BY events DESC, value LIMIT ${Math.trunc(limit)}`,
      texts,
    );
    return rows.map((row) => ({
      value: textOf(row['value']),
      events: number(row['events']),
      forbidden: number(row['forbidden']),
    }));
  }

  async heat(filter: EventFilter, limit: number, signal: AbortSignal): Promise<readonly HeatRow[]> {
    if (filter.text !== undefined && filter.text !== '') return this.#options.scan.heat(filter, limit, signal);
    const { sql, texts } = conditionOf(filter);
    const rows = await this.#ask(
      filter,
      signal,
      (heads) =>
        `WITH hours AS (SELECT username, epoch_us(event_time) // 3600000000 AS slot, count(*) AS events FROM ${heads} WHERE username <> '' AND ${sql} GROUP BY 1, 2), users AS (SELECT username, sum(events) AS total, count(DISTINCT slot // 24) AS days FROM hours GROUP BY 1 ORDER BY total DESC, username LIMIT ${Math.trunc(limit)}) SELECT username, slot % 24 AS hour, days, sum(events) AS events FROM hours JOIN users USING (username) GROUP BY 1, 2, 3, total ORDER BY total DESC, username, hour`,
      texts,
    );
    return [...groupedBy(rows, (row) => textOf(row['username']))].map(([user, of]) => {
      const byHour = new Map(of.map((row) => [number(row['hour']), number(row['events'])]));
      return { user, hours: Array.from({ length: 24 }, (_, hour) => byHour.get(hour) ?? 0), days: number(of[0]?.['days']) };
    });
  }

  async event(digest: string, signal: AbortSignal): Promise<string | undefined> {
    if (!/^[0-9a-f]{32}$/.test(digest)) {
      signal.throwIfAborted();
      return undefined;
    }
    const [row] = await this.#run(
      await this.#options.files.list({ signal, mostBytes: limits.storeScanBytes }),
      signal,
      (heads) => `SELECT segment, record_offset FROM ${heads} WHERE digest = '${digest}' ORDER BY segment DESC LIMIT 1`,
    );
    return row && this.#options.files.payloadAt(number(row['segment']), number(row['record_offset']));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #ask(
    filter: EventFilter,
    signal: AbortSignal,
    sql: (heads: string) => string,
    texts: Condition['texts'],
  ): Promise<Row[]> {
    const options = { range: filter.range, signal, mostBytes: limits.storeScanBytes };
    try {
      return await this.#run(await this.#options.files.list(options), signal, sql, texts);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Error) || !/No files found|Could not read|Cannot open|No such file/i.test(error.message))
        throw error;
      // Retention took a file away meanwhile: what is there now is asked once more.
      return this.#run(await this.#options.files.list(options), signal, sql, texts);
    }
  }

  async #run(
    files: readonly string[],
    signal: AbortSignal,
    sql: (heads: string) => string,
    texts: readonly string[] = [],
  ): Promise<Row[]> {
    if (files.length === 0) return [];
    const connection = await this.#options.connect();
    try {
      const query = sql(`read_parquet(${listOf(files)})`);
      const reader = await interruptible(connection, signal, () => connection.runAndReadAll(query, [...texts]));
      return reader.getRowObjects();
    } finally {
      connection.closeSync();
    }
  }
}

function groupedBy(rows: readonly Row[], keyOf: (row: Row) => string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const known = groups.get(key);
    if (known) known.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

const stepCounts = (row: Row): StepCounts => ({
  events: number(row['events']),
  stubs: number(row['stubs']),
  unauthenticated: number(row['unauthenticated']),
  forbidden: number(row['forbidden']),
});

function rowView(row: Row): EventRowView {
  const { resource, subresource, intent, rules } = row;
  const kind = textOf(subresource) === '' ? textOf(resource) : `${textOf(resource)}/${textOf(subresource)}`;
  return {
    digest: textOf(row['digest']),
    timeMs: Math.floor(number(row['us']) / 1000),
    auditID: textOf(row['audit_id']),
    user: textOf(row['username']),
    verb: textOf(row['verb']),
    resource: kind,
    namespace: textOf(row['namespace']),
    name: textOf(row['name']),
    sourceIp: textOf(row['source_ip']),
    userAgent: textOf(row['user_agent']),
    code: number(row['code']),
    decision: textOf(row['decision']),
    ...(typeof intent === 'string' && { intent }),
    source: textOf(row['source']),
    isStub: row['is_stub'] === true,
    rules: textsOf(rules),
  };
}

function textsOf(value: DuckDBValue | undefined): readonly string[] {
  const items = typeof value === 'object' && value !== null && 'items' in value ? (value.items as readonly DuckDBValue[]) : [];
  return items.map(textOf);
}
