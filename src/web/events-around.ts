import type { EventRowView, EventStore } from '../core/event-store.ts';
import type { Finding } from '../core/finding.ts';

const aroundMs = 5 * 60_000;
const nearMs = 1_000;

/** Events of the same actor, five minutes before to five after. */
export async function eventsAround(
  events: EventStore | undefined,
  { time, event: { user } }: Finding,
  signal: AbortSignal,
  limit: number,
): Promise<readonly EventRowView[]> {
  if (!events || user === undefined) return [];
  const timeMs = Date.parse(time);
  const range = { sinceMs: timeMs - aroundMs, untilMs: timeMs + aroundMs };
  return (await events.search({ range, user }, { limit }, signal)).rows;
}

/** The masked event a finding is about, as it stands in the log. */
export async function eventTextOf(
  events: EventStore | undefined,
  { time, event: { auditID, user } }: Finding,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!events || auditID === undefined) return undefined;
  const timeMs = Date.parse(time);
  const range = { sinceMs: timeMs - nearMs, untilMs: timeMs + nearMs };
  const filter = { range, text: auditID, ...(user !== undefined && { user }) };
  const { rows } = await events.search(filter, { limit: 10 }, signal);
  const row = rows.find((found) => found.auditID === auditID);
  return row && events.event(row.digest, signal);
}
