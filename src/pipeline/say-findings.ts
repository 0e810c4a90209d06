import type { Clock } from '../core/clock.ts';
import { type Finding, type RuleInfo, unknownEvent } from '../core/finding.ts';
import { encodeEntries } from '../log/record-encoder.ts';
import type { Meter } from './meter.ts';

export interface SayOptions {
  readonly findings: { append(tile: ReturnType<typeof encodeEntries>): Promise<unknown> };
  readonly meter: Pick<Meter, 'found'>;
  readonly clock: Clock;
  readonly found: (findings: readonly Finding[]) => Promise<void>;
}

export interface OwnFindingPlace {
  readonly identify: (text: string) => string;
  readonly cluster: string;
  readonly nowMs: number;
}

/** A finding of the program about itself, of no event. What has the same `name` is the same finding. */
export function ownFinding(
  rule: RuleInfo,
  name: string,
  evidence: Finding['evidence'],
  { identify, cluster, nowMs }: OwnFindingPlace,
): Finding {
  const time = new Date(nowMs).toISOString();
  return { id: identify(name), revision: 1, rule, time, cluster, event: unknownEvent, evidence };
}

/** Makes findings of the program about itself durable, counts them and shows them. Rejects where the findings log takes none. */
export async function sayFindings({ findings, meter, clock, found }: SayOptions, made: readonly Finding[]): Promise<void> {
  if (made.length === 0) return;
  const receivedAtUs = clock.nowMs() * 1000;
  await findings.append(encodeEntries(made.map((value) => ({ type: 'finding', value, receivedAtUs }))));
  for (const finding of made) meter.found(finding);
  // Who cannot be shown them now finds them in the log; said again they would be there twice.
  await found(made).catch(() => undefined);
}
