import type { ProcessCase } from './process-cases.ts';
import { SharedMeasurement } from './shared-measurement.ts';

/** What a start took until something was seen. */
export interface Start {
  readonly wallMs: number;
  /** User and system time of all threads, in steps of 10 ms. */
  readonly cpuMs: number;
}

/** Two cases of one measurement: how long a start takes, and its processor time. */
export function startCases(
  name: string,
  about: string,
  measure: (root: string) => Promise<Start>,
  rounds?: ProcessCase['rounds'],
): readonly ProcessCase[] {
  const start = new SharedMeasurement(measure);
  const cpu = `${about}, processor time of all threads`;
  return [
    start.case({ name, about, unit: 'ms' }, ({ wallMs }) => wallMs, rounds),
    start.case({ name: `${name}-cpu`, about: cpu, unit: 'CPU-ms' }, ({ cpuMs }) => cpuMs, rounds),
  ];
}
