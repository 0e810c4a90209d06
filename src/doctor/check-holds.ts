import { isOfTime, type TimeHold } from '../log/retention.ts';
import type { Segment } from '../log/segment-list.ts';
import { readHolds, timeOf } from '../store/legal-holds.ts';
import type { Checking, CheckResult } from './check-result.ts';

export interface HeldLog {
  readonly name: string;
  readonly segments: readonly Segment[];
  readonly maxBytes: number | undefined;
}

/** A log that holds keep more than this much of has little left to breathe. */
const shareWarning = 0.5;

/** Legal holds in force, and what they keep: a log that may not delete grows until it refuses events. */
export async function checkHolds(
  checking: Checking,
  dataDirectory: string,
  logs: readonly HeldLog[],
): Promise<readonly CheckResult[]> {
  const { holds, unreadable } = await readHolds(dataDirectory);
  const failed = unreadable.map((file) =>
    checking.failed(
      `${file} cannot be read: it counts as a hold of everything, and nothing is deleted`,
      "Let the agent's user read it, or write the hold anew: `auditveil hold release`, then `hold create`.",
    ),
  );
  if (holds.length === 0) return failed;
  const names = holds.map((hold) => hold.case).join(', ');
  const tight = logs.flatMap(({ name, segments, maxBytes }) => {
    const bytes = heldBytes(segments, holds.map(timeOf));
    if (maxBytes === undefined || bytes < maxBytes * shareWarning) return [];
    const share = Math.round((100 * bytes) / maxBytes);
    return checking.warning(
      `${name}: legal holds (${names}) keep ${share} % of what the log may take`,
      'Raise its `maxBytes`, or release holds of cases that are over: a log that may delete nothing refuses events when it is full.',
    );
  });
  return [...failed, ...tight, checking.ok(`legal holds in force: ${names}`)];
}

/** The first segment that is held, and all after it: a log is only deleted from its beginning. */
function heldBytes(segments: readonly Segment[], holds: readonly TimeHold[]): number {
  const first = segments.findIndex((segment, index) => {
    const endedAtMs = segments[index + 1]?.createdAtMs ?? Number.POSITIVE_INFINITY;
    return holds.some((hold) => isOfTime(hold, segment.createdAtMs, endedAtMs));
  });
  return first < 0 ? 0 : segments.slice(first).reduce((sum, { bytes }) => sum + bytes, 0);
}
