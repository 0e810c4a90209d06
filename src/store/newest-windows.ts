import type { TimeRange } from '../core/event-store.ts';

const firstMs = 6 * 3_600_000;
const growth = 8;
/** The last moment that a Date knows. */
const latestMs = 8.64e15;

/**
 * Ever longer ends of a range, the whole of it last. What is asked for the newest of many days is mostly among the last hours: files of older
 * ones need not be opened then. Where nothing is found till the last, all of them together cost a seventh more than the last alone.
 */
export function* newestWindows(range: TimeRange): Generator<TimeRange> {
  const sinceMs = Math.max(range.sinceMs, -latestMs);
  const untilMs = Math.min(range.untilMs, latestMs);
  for (let lengthMs = firstMs; untilMs - lengthMs > sinceMs; lengthMs *= growth) yield { sinceMs: untilMs - lengthMs, untilMs };
  yield range;
}
