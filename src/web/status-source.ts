import type { ApiserverCounts } from '../core/apiserver-counts.ts';
import type { Clock } from '../core/clock.ts';
import type { Reading, Readings } from '../telemetry/readings.ts';
import type { StatusView } from './api.ts';
import type { GapCounts } from './gap-counts.ts';
import type { WriterWatch } from './writer-watch.ts';

/** What a process that runs an agent says of itself. */
export interface LiveState {
  readonly readings: Pick<
    Readings,
    | 'eventsReceived'
    | 'findings'
    | 'valuesMasked'
    | 'stubs'
    | 'requests'
    | 'sinkRecords'
    | 'sinkBreaker'
    | 'sinkBehindBytes'
    | 'logBytes'
    | 'lagSeconds'
    | 'silences'
  >;
  readonly problems: () => readonly string[];
  /** What kube-apiservers counted; absent: nobody asks them. */
  readonly apiservers?: () => readonly ApiserverCounts[];
}

const sum = (readings: readonly Reading[]): number => readings.reduce((total, { value }) => total + value, 0);
const named = (readings: readonly Reading[], label: string, name: string): Reading | undefined =>
  readings.find(({ labels }) => labels?.[label] === name);
const breakers = ['delivering', 'trying', 'failing'] as const;

/** Makes the StatusView. Asked once a second while somebody looks; the rate is that between two looks. */
export class StatusSource {
  readonly #clock: Clock;
  readonly #live: () => LiveState | undefined;
  readonly #gaps: GapCounts;
  readonly #writer: WriterWatch;
  #before: { readonly atMs: number; readonly events: number } | undefined;
  #rate = 0;

  /** @param live undefined where no agent runs in this process */
  constructor(clock: Clock, live: () => LiveState | undefined, gaps: GapCounts, writer: WriterWatch) {
    this.#clock = clock;
    this.#gaps = gaps;
    this.#writer = writer;
    this.#live = live;
  }

  async view(): Promise<StatusView> {
    const nowMs = this.#clock.nowMs();
    const at = new Date(nowMs).toISOString();
    const live = this.#live();
    if (!live) return { ...nothingCounted, at, ...(await this.#elsewhere()) };
    const { readings } = live;
    const events = sum(readings.eventsReceived());
    const lags = readings.lagSeconds();
    const lagMs = lags.length === 0 ? undefined : Math.round(Math.max(...lags.map(({ value }) => value)) * 1000);
    const bytes = readings.logBytes();
    const refused = readings.requests().filter(({ labels }) => labels?.['status'] !== '200');
    const dropped = readings.sinkRecords().filter(({ labels }) => ['skipped', 'rejected'].includes(labels?.['result'] ?? ''));
    return {
      ...{ at, agent: 'here' },
      eventsPerSecond: this.#rateOf(nowMs, events),
      lagMs,
      totals: {
        events,
        findings: sum(readings.findings()),
        masked: sum(readings.valuesMasked()),
        stubs: sum(readings.stubs()),
        refused: sum(refused),
        dropped: sum(dropped),
      },
      logBytes: { events: named(bytes, 'log', 'events')?.value ?? 0, findings: named(bytes, 'log', 'findings')?.value ?? 0 },
      sinks: sinksOf(live),
      sources: sourcesOf(live, this.#gaps.totals),
      problems: live.problems(),
    };
  }

  /** There is no agent in this process; one beside it is seen by its lock. */
  async #elsewhere(): Promise<Pick<StatusView, 'agent' | 'problems'>> {
    const isThere = await this.#writer.isThere();
    if (isThere === undefined) return { agent: 'unknown', problems: [] };
    if (isThere) return { agent: 'elsewhere', problems: [] };
    return {
      agent: 'none',
      problems: ['agent: no agent writes this store; what is shown is what it holds, and nothing new comes'],
    };
  }

  #rateOf(nowMs: number, events: number): number {
    const before = this.#before;
    if (before && nowMs - before.atMs < 500) return this.#rate;
    this.#before = { atMs: nowMs, events };
    this.#rate = before ? Math.max(0, Math.round(((events - before.events) * 10_000) / (nowMs - before.atMs)) / 10) : 0;
    return this.#rate;
  }
}

function sinksOf({ readings }: LiveState): StatusView['sinks'] {
  const behind = readings.sinkBehindBytes();
  return readings.sinkBreaker().map(({ value, labels }) => {
    const name = labels?.['sink'] ?? '';
    return { name, state: breakers[value] ?? 'failing', behind: named(behind, 'sink', name)?.value ?? 0 };
  });
}

function sourcesOf({ readings }: LiveState, gaps: GapCounts['totals']): StatusView['sources'] {
  const received = readings.eventsReceived();
  const lags = readings.lagSeconds();
  const names = new Set([...readings.silences(), ...received].map(({ labels }) => labels?.['source'] ?? ''));
  return [...names].map((name) => {
    const lag = named(lags, 'source', name)?.value;
    const lost = gaps.get(name);
    return {
      name,
      events: named(received, 'source', name)?.value ?? 0,
      lagMs: lag === undefined ? undefined : Math.round(lag * 1000),
      missing: lost?.gaps ?? 0,
      ...(lost && { note: `${lost.gaps} gaps, at least ${lost.bytes} bytes; the last ${lost.last.slice(0, 19)}Z` }),
    };
  });
}

/** What a process without an agent counts. */
const nothingCounted: Omit<StatusView, 'at' | 'agent' | 'problems'> = {
  eventsPerSecond: 0,
  lagMs: undefined,
  totals: { events: 0, findings: 0, masked: 0, stubs: 0, refused: 0, dropped: 0 },
  logBytes: { events: 0, findings: 0 },
  sinks: [],
  sources: [],
};
