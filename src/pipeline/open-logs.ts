import { retentionOf } from '../config/retention.ts';
import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import type { LossReport } from '../log/loss-report.ts';
import { openLog } from '../log/open-log.ts';
import type { PruneOptions } from '../log/retention.ts';
import { writeRetention } from '../log/retention-file.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import { timeHolds } from '../store/legal-holds.ts';

export interface OpenLogsOptions {
  readonly config: Config;
  readonly clock: Clock;
}

/** Both logs of an agent, each with its retention; legal holds are looked at before anything is deleted. */
export async function openLogs(
  { config, clock }: OpenLogsOptions,
  losses: { report(log: string, report: LossReport): void },
): Promise<Readonly<Record<'events' | 'findings', SegmentLog>>> {
  const { directory, segmentBytes, segmentAgeMs } = config.log;
  const dedupe = { maxRecords: limits.dedupeRecords, windowMs: limits.dedupeWindowMs };
  const open = (name: 'events' | 'findings'): Promise<SegmentLog> => {
    const { keepMs, maxAgeMs, maxBytes } = retentionOf(config.log, name);
    return openLog({
      ...{ name, directory: `${directory}/${name}`, clock, segmentBytes, segmentAgeMs, dedupe },
      ...(keepMs !== undefined && { keepMs }),
      ...(maxAgeMs !== undefined && { maxAgeMs }),
      ...(maxBytes !== undefined && { maxBytes }),
      timeHolds: () => timeHolds(directory),
      onLoss: (report) => losses.report(name, report),
    });
  };
  const events = await open('events');
  try {
    const findings = await open('findings');
    await tellRetention(config, clock);
    return { events, findings };
  } catch (error) {
    await events.close();
    throw error;
  }
}

/** For exports. Where it cannot be written they say that it is not known; nothing else depends on it. */
async function tellRetention({ log }: Config, clock: Clock): Promise<void> {
  const preset = log.retention?.preset;
  const classes = { events: retentionOf(log, 'events') as PruneOptions, findings: retentionOf(log, 'findings') as PruneOptions };
  const since = new Date(clock.nowMs()).toISOString();
  await writeRetention(log.directory, { since, ...(preset !== undefined && { preset }), ...classes }).catch(() => undefined);
}
