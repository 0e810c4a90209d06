import type { EventFilter, EventStore, HeatRow } from '../core/event-store.ts';
import { Fault } from '../core/faults.ts';

const dayMs = 86_400_000;

/** GET /events/heat: a HeatRow, with what the actor did in the days before where that was asked for and can be told. */
export interface HeatView extends HeatRow {
  readonly usual?: Pick<HeatRow, 'hours' | 'days'>;
}

const nothing: NonNullable<HeatView['usual']> = { hours: new Array<number>(24).fill(0), days: 0 };

/** Actors by hour of the day. `usualDays`: what the same ones did before, for as many days. A search for a text reads too much for that. */
export async function heatOf(
  store: EventStore,
  filter: EventFilter,
  { limit, usualDays }: { readonly limit: number; readonly usualDays: number | undefined },
  signal: AbortSignal,
): Promise<readonly HeatView[]> {
  const rows = await store.heat(filter, limit, signal);
  if (usualDays === undefined || rows.length === 0 || filter.text !== undefined) return rows;
  const { sinceMs } = filter.range;
  const range = { sinceMs: sinceMs - usualDays * dayMs, untilMs: sinceMs };
  const before = await store
    .heat({ ...filter, range, users: rows.map(({ user }) => user) }, rows.length, signal)
    .catch(nothingWhereTooMuch);
  if (!before) return rows;
  const usual = new Map(before.map(({ user, hours, days }) => [user, { hours, days }]));
  return rows.map((row) => ({ ...row, usual: usual.get(row.user) ?? nothing }));
}

/** Without sidecars that many days can be more than a question may read: the rest is answered all the same. */
function nothingWhereTooMuch(error: unknown): undefined {
  if (error instanceof Fault && error.code === 'E_STORE_WORK') return undefined;
  throw error;
}
