import type { LogPosition } from '../core/log.ts';
import { recordTypes } from '../core/record.ts';
import { openLogReader } from '../log/open-log-reader.ts';

export interface EventCount {
  /** Events of the cluster whose own time is at or after the one asked for. */
  readonly events: number;
  /** Oldest and newest time among all events that were looked at, milliseconds since the epoch; undefined where there was none. */
  readonly oldestMs: number | undefined;
  readonly newestMs: number | undefined;
  /** Where counting stopped: it may go on from there. */
  readonly end: LogPosition | undefined;
}

export interface CountRequest {
  /** Folder of the events log. */
  readonly directory: string;
  readonly cluster: string;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  /** A count to go on from. */
  readonly after?: EventCount;
}

/** Events come minutes late at most; the log is searched from this much before the time asked for, by receive time. */
const earlierMs = 60_000;

/** Counts the events of a cluster in the log since a time. Reads all of that part of the log. @throws Fault E_LOG_MISSING */
export async function countEvents({ directory, cluster, sinceMs, after }: CountRequest): Promise<EventCount> {
  const start = after?.end ?? { sinceMs: sinceMs - earlierMs };
  const reader = await openLogReader({ directory, start });
  let { events, oldestMs, newestMs, end } = after ?? { events: 0, oldestMs: undefined, newestMs: undefined, end: undefined };
  try {
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) {
      end = batch.end;
      for (const { type, context, eventTimeUs } of batch.records) {
        if (type !== recordTypes.event || context?.cluster !== cluster) continue;
        const timeMs = eventTimeUs / 1000;
        oldestMs = Math.min(oldestMs ?? timeMs, timeMs);
        newestMs = Math.max(newestMs ?? timeMs, timeMs);
        if (timeMs >= sinceMs) events++;
      }
    }
  } finally {
    await reader.close();
  }
  return { events, oldestMs, newestMs, end };
}
