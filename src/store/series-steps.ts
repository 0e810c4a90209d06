import type { EventSeries, TimeRange } from '../core/event-store.ts';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';

/** Starts of the steps of a range, at multiples of the step. @throws Fault E_STORE_STEPS */
export function stepsOf({ sinceMs, untilMs }: TimeRange, stepMs: number): readonly number[] {
  const first = Math.floor(sinceMs / stepMs) * stepMs;
  const count = Math.max(0, Math.ceil((untilMs - first) / stepMs));
  if (stepMs >= 1 && Number.isFinite(count) && count <= limits.storeSteps)
    return Array.from({ length: count }, (_, index) => first + index * stepMs);
  throw new Fault(`a series has at most ${limits.storeSteps} steps`, {
    code: 'E_STORE_STEPS',
    remedy: 'Ask for longer steps, or for a shorter time.',
  });
}

/** What the events of a step add up to. */
export interface StepCounts {
  readonly events: number;
  readonly stubs: number;
  readonly unauthenticated: number;
  readonly forbidden: number;
}

/** Masked values of one kind, by number of the step. */
export type KindCounts = readonly (readonly [kind: string, counts: ReadonlyMap<number, number>])[];

/** Puts a series together; what is not among the commonest kinds goes under `other`. */
export function seriesOf(
  times: readonly number[],
  stepMs: number,
  countsAt: (step: number) => StepCounts | undefined,
  kinds: KindCounts,
): EventSeries {
  const column = (value: (counts: StepCounts) => number): readonly number[] =>
    times.map((_, step) => {
      const counts = countsAt(step);
      return counts === undefined ? 0 : value(counts);
    });
  return {
    stepMs,
    times,
    events: column(({ events }) => events),
    stubs: column(({ stubs }) => stubs),
    unauthenticated: column(({ unauthenticated }) => unauthenticated),
    forbidden: column(({ forbidden }) => forbidden),
    allowed: column(({ events, unauthenticated, forbidden }) => events - unauthenticated - forbidden),
    masked: maskedOf(times, kinds),
  };
}

function maskedOf(times: readonly number[], kinds: KindCounts): EventSeries['masked'] {
  const total = (counts: ReadonlyMap<number, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);
  const sorted = [...kinds].sort(([a, x], [b, y]) => total(y) - total(x) || (a < b ? -1 : 1));
  const columns = sorted
    .slice(0, limits.storeMaskKinds)
    .map(([kind, counts]) => [kind, times.map((_, step) => counts.get(step) ?? 0)] as const);
  const rest = sorted.slice(limits.storeMaskKinds);
  if (rest.length === 0) return Object.fromEntries(columns);
  const other = times.map((_, step) => rest.reduce((sum, [, counts]) => sum + (counts.get(step) ?? 0), 0));
  return Object.fromEntries([...columns, ['other', other]]);
}
