import type { Clock } from '../core/clock.ts';
import type { Sink } from '../core/delivery.ts';
import type { Fault } from '../core/faults.ts';
import type { Severity } from '../core/finding.ts';
import { limits } from '../core/limits.ts';
import type { Reader } from '../core/log.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import { AgeLimit, type Skipped } from './age-limit.ts';
import { sinkReader } from './let-sinks-go.ts';
import type { Meter } from './meter.ts';
import type { Rejection, SinkDelivery } from './sink-delivery.ts';
import { runSinkLoop, type SinkLoopSignals } from './sink-loop.ts';

export interface NamedSink {
  readonly name: string;
  readonly sink: Sink;
  readonly content: 'events' | 'findings';
  /** Findings below it are left out; absent: none. */
  readonly minSeverity?: Severity;
  /** Whether it gets checkpoints of the logs. */
  readonly checkpoints?: boolean;
  /** Findings under a silence are left out; absent: they are not. */
  readonly heedSilences?: boolean;
  /** What is written at once. */
  readonly batch?: typeof wholeBatches;
  /** hold: the log keeps what the sink still needs, even if it is refused more for it. skip: it does not. */
  readonly whenBehind?: 'hold' | 'skip';
  /** Records that are older when the sink could have them are passed over. */
  readonly skipAfterMs?: number | undefined;
}

/** What loops of sinks need of a pipeline. */
export interface SinkParts {
  readonly meter: Meter;
  readonly clock: Clock;
  /** Told of records that a sink was not given for their age. */
  readonly skipped?: (sink: string, skipped: Skipped) => void;
  /** Keeps what a sink rejected; resolves once that is durable. Absent: it is counted only. */
  readonly rejected?: (sink: string, rejections: readonly Rejection[]) => Promise<void>;
  /** Told of what a person should see. */
  readonly notice?: (text: string) => void;
  /** 0 ≤ x < 1, for waiting; absent: always 0. */
  readonly random?: () => number;
}

/** What is written at once where a sink does not say. */
const wholeBatches: Readonly<Record<'records' | 'bytes' | 'waitMs', number>> = {
  records: Number.POSITIVE_INFINITY,
  bytes: limits.logBatchBytes,
  waitMs: limits.logGatherMs,
};

export interface SinkLoopPlace {
  readonly parts: SinkParts;
  readonly log: SegmentLog;
  /** Puts gate and routes around the sink's reader. */
  readonly wrap: (reader: Reader) => Reader;
  readonly opening: Promise<Fault | undefined> | undefined;
  readonly signals: SinkLoopSignals;
}

/** Opens the reader of a sink. @returns the loop that feeds the sink from it */
export async function prepareSinkLoop(named: NamedSink, place: SinkLoopPlace): Promise<() => Promise<void>> {
  const { parts, log, wrap, opening, signals } = place;
  const { meter, clock, random = () => 0, notice = () => undefined, rejected } = parts;
  const {
    name,
    sink,
    content,
    minSeverity = 'informational',
    checkpoints = false,
    whenBehind = 'hold',
    batch = wholeBatches,
  } = named;
  const own = await log.reader(sinkReader(name), { reuse: true, gatherMs: batch.waitMs, batchBytes: batch.bytes, whenBehind });
  const watch = (delivery: SinkDelivery): void =>
    meter.sinks.watch(name, () => ({
      ...{ breaker: delivery.breaker, ageSeconds: delivery.ageSeconds },
      behindBytes: log.bytesBehind(own.committed),
    }));
  const options = {
    ...{ name, sink, reader: wrap(own), meter, clock, random, batch, opening, watch },
    filter: { content, minSeverity, checkpoints },
    ageLimit: ageLimitOf(named, parts),
    reject: async (rejections: readonly Rejection[]) => rejected?.(name, rejections),
    notice: (text: string) => notice(`sink ${name}: ${text}`),
  };
  return () => runSinkLoop(options, signals);
}

function ageLimitOf({ name, skipAfterMs }: NamedSink, { clock, skipped = () => undefined }: SinkParts): AgeLimit | undefined {
  if (skipAfterMs === undefined) return undefined;
  return new AgeLimit({ maxAgeMs: skipAfterMs, nowMs: () => clock.nowMs(), skipped: (found) => skipped(name, found) });
}
