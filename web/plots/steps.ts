const second = 1000;
const hour = 3600 * second;

/** Lengths of a step that people can read. */
const steps = [
  second,
  5 * second,
  10 * second,
  30 * second,
  60 * second,
  300 * second,
  600 * second,
  1800 * second,
  hour,
  6 * hour,
  24 * hour,
] as const;

/** The step that cuts a range to at most so many points. */
export function stepFor(lengthMs: number, points: number): number {
  return steps.find((step) => lengthMs / step <= points) ?? Math.ceil(lengthMs / points / steps[10]) * steps[10];
}
