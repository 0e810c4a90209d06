import type { Finding, Severity } from '../core/finding.ts';
import type { LeftOutReason } from '../core/left-out.ts';
import type { ReceiverMeter } from '../core/receiver.ts';
import type { MaskedTile } from '../core/tile.ts';
import type { LossReport } from '../log/loss-report.ts';
import { holderKind } from '../log/retention.ts';
import type { LogStatus } from '../log/segment-log.ts';
import type { CorrelatorStats } from '../state/correlator.ts';
import type { Reading, Readings } from '../telemetry/readings.ts';
import { Counts } from './counts.ts';
import { ReceiverCounts } from './receiver-counts.ts';
import { SinkStates } from './sink-states.ts';
import { Tally } from './tally.ts';
import { latestEventTimeUs } from './tile-records.ts';
import { TransportStates } from './transport-states.ts';

/** Everything the pipeline counts; telemetry reads it, the last line of `run` too. */
export class Meter {
  readonly tally: Tally;
  /** What sinks are doing, besides what they were given. */
  readonly sinks = new SinkStates();
  /** What a worker's readers of Kafka are doing. */
  readonly transport = new TransportStates();
  readonly #received = new Counts();
  readonly #stored = new Counts();
  readonly #findings = new Counts();
  readonly #retries = new Counts();
  readonly #notices = new Counts();
  readonly #losses = new Counts();
  readonly #leftOut = new Counts();
  readonly #sunk = new Counts();
  readonly #receivers = new ReceiverCounts();
  readonly #lags = new Map<string, number>();
  #selfTestFailures = 0;
  #workersEnded = 0;
  #findingCount = 0;

  constructor(kinds: readonly string[], actions: readonly string[]) {
    this.tally = new Tally(kinds, actions);
  }

  get findings(): number {
    return this.#findingCount;
  }

  masked(source: string, tile: MaskedTile): void {
    this.tally.add(tile);
    this.#received.add({ source }, tile.count);
  }

  /** Records that another process masked and counted. */
  transported(source: string, tile: MaskedTile): void {
    this.#received.add({ source }, tile.count);
  }

  appended(source: string, tile: MaskedTile, nowMs: number): void {
    const latestUs = latestEventTimeUs(tile);
    if (Number.isFinite(latestUs)) this.#lags.set(source, Math.max(0, nowMs / 1000 - latestUs / 1e6));
  }

  /** Events of a source are in the log, repeats left out. */
  storedOf(source: string, events: number): void {
    this.#stored.add({ source }, events);
  }

  found(finding: Finding): void {
    this.#findingCount++;
    this.#findings.add({ rule: finding.rule.id, severity: finding.rule.severity });
  }

  /** Has the count of a rule begin with 0. */
  expectFindings(rule: string, severity: Severity): void {
    this.#findings.add({ rule, severity }, 0);
  }

  retried(code: string): void {
    this.#retries.add({ code });
  }

  noticed(source: string, notice: string): void {
    this.#notices.add({ source, notice });
  }

  /** Something that is no event did not become one. */
  leftOut(source: string, reason: LeftOutReason): void {
    this.#leftOut.add({ source, reason });
  }

  /** What was left out, by reason; undefined where nothing was. */
  get leftOutText(): string | undefined {
    return this.#leftOut.describe('reason');
  }

  lost(log: string, report: LossReport): void {
    this.#losses.add({ log, kind: report.kind });
  }

  sunk(sink: string, result: string, count: number): void {
    this.#sunk.add({ sink, result }, count);
  }

  /** Where a source that answers requests reports to. */
  receiver(source: string): ReceiverMeter {
    return this.#receivers.meter(source);
  }

  /** Events of a source that are in the log. */
  stored(source: string): number {
    return countOf(this.#stored, source);
  }

  /** Events that came from a source. */
  received(source: string): number {
    return countOf(this.#received, source);
  }

  refusals(source: string): ReturnType<ReceiverCounts['refusals']> {
    return this.#receivers.refusals(source);
  }

  connections(source: string): number {
    return this.#receivers.connections(source);
  }

  selfTestFailed(): void {
    this.#selfTestFailures++;
  }

  workerEnded(): void {
    this.#workersEnded++;
  }

  /** `stage`: what correlations remember and could not keep, and what exceptions hid; absent where nothing is detected. */
  readings(
    logs: Readonly<Record<'events' | 'findings', { status(): LogStatus }>>,
    stage?: { stats(): CorrelatorStats; hidden(): ReadonlyMap<string, number> },
  ): Omit<Readings, 'silences' | 'certificates'> {
    const state = (...names: readonly (keyof CorrelatorStats)[]): ((label: string) => readonly Reading[]) => {
      return (label) => {
        const stats = stage?.stats();
        return stats ? names.map((name) => ({ value: stats[name], labels: { [label]: name } })) : [];
      };
    };
    const each = (value: (status: LogStatus) => number) => (): readonly Reading[] =>
      Object.entries(logs).map(([log, { status }]) => ({
        value: value(status.call(logs[log as 'events' | 'findings'])),
        labels: { log },
      }));
    return {
      eventsReceived: () => this.#received.readings(),
      valuesMasked: () => this.tally.masks().map(({ kind, action, count }) => ({ value: count, labels: { kind, action } })),
      stubs: () => [...this.tally.stubsByReason()].map(([reason, value]) => ({ value, labels: { reason } })),
      leftOut: () => this.#leftOut.readings(),
      findings: () => this.#findings.readings(),
      findingsHidden: () => [...(stage?.hidden() ?? [])].map(([rule, value]) => ({ value, labels: { rule } })),
      repeats: () => [{ value: logs.events.status().repeats }],
      recordsAppended: each((status) => status.appended),
      appendRetries: () => this.#retries.readings(),
      sourceNotices: () => this.#notices.readings(),
      logLosses: () => this.#losses.readings(),
      sinkRecords: () => this.#sunk.readings(),
      ...this.sinks.readings(),
      ...this.transport.readings(),
      correlationState: () => state('groups', 'entries')('what'),
      correlationLosses: () => state('evictedGroups', 'droppedEntries', 'late', 'estimated')('kind'),
      selfTestFailures: () => [{ value: this.#selfTestFailures }],
      workersEnded: () => [{ value: this.#workersEnded }],
      ...this.#receivers.readings(),
      logBytes: each((status) => status.bytes),
      logFull: each((status) => Number(status.full)),
      logHeld: () => heldReadings(logs),
      lagSeconds: () => [...this.#lags].map(([source, value]) => ({ value, labels: { source } })),
    };
  }
}

const countOf = (counts: Counts, source: string): number =>
  counts.readings().find(({ labels }) => labels?.['source'] === source)?.value ?? 0;

/** What keeps retention from deleting, by kind: names of readers and cases are not for metrics. */
function heldReadings(logs: Readonly<Record<string, { status(): LogStatus }>>): readonly Reading[] {
  return Object.entries(logs).flatMap(([log, source]) => {
    const kinds = source.status().heldBy.map(holderKind);
    return (['reader', 'hold', 'retention'] as const).map((by) => ({ value: Number(kinds.includes(by)), labels: { log, by } }));
  });
}
