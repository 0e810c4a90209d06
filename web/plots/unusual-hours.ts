import type { HeatView } from '../../src/web/heat.ts';

/** An actor who was there on fewer days before has no habits yet. */
const daysAtLeast = 3;

export interface Habits {
  /** Hours of UTC at which the actor did something now, and nothing around it in all the days before. */
  readonly unusual: readonly boolean[];
  /** Nothing of the actor was there before, though others were. */
  readonly isNew: boolean;
}

/** What is not as usual, by actor; nothing where there are no days before to compare with. */
export function habitsOf(rows: readonly HeatView[]): ReadonlyMap<string, Habits> {
  const isKnown = rows.some(({ usual }) => (usual?.days ?? 0) >= daysAtLeast);
  return new Map(rows.flatMap((row) => (row.usual && isKnown ? [[row.user, habits(row.hours, row.usual)] as const] : [])));
}

function habits(hours: readonly number[], { hours: usual, days }: NonNullable<HeatView['usual']>): Habits {
  const around = (hour: number): number => [23, 0, 1].reduce((sum, by) => sum + (usual[(hour + by) % 24] ?? 0), 0);
  const hasHabits = days >= daysAtLeast;
  return { isNew: days === 0, unusual: hours.map((events, hour) => hasHabits && events > 0 && around(hour) === 0) };
}
