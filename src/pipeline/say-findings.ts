import type { Clock } from '../core/clock.ts';
import type { Finding } from '../core/finding.ts';
import { encodeEntries } from '../log/record-encoder.ts';
import type { Meter } from './meter.ts';

export interface SayOptions {
  readonly findings: { append(tile: ReturnType<typeof encodeEntries>): Promise<unknown> };
  readonly meter: Pick<Meter, 'found'>;
  readonly clock: Clock;
  readonly found: (findings: readonly Finding[]) => Promise<void>;
}

/** Makes findings of the program about itself durable, counts them and shows them. Rejects where the findings log takes none. */
export async function sayFindings({ findings, meter, clock, found }: SayOptions, made: readonly Finding[]): Promise<void> {
  if (made.length === 0) return;
  const receivedAtUs = clock.nowMs() * 1000;
  await findings.append(encodeEntries(made.map((value) => ({ type: 'finding', value, receivedAtUs }))));
  for (const finding of made) meter.found(finding);
  await found(made);
}
